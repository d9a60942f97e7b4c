"""The table of the parts of a measure that can be edited."""

from __future__ import annotations

from dataclasses import fields
from uuid import uuid4

import pytest
from django.template.loader import get_template
from django.utils.translation import override

from belvedere.domains.plans.public import follow, payments, views
from belvedere.faces.web.pages.plans import forms
from belvedere.faces.web.pages.plans.edit_parts import PARTS, Item
from belvedere.faces.web.pages.plans.todo import CURES
from belvedere.kernel.errors import NotFound

KINDS = (views.MeasureView, follow.Followed, payments.PaymentsView)
IN_VIEW = {field.name for kind in KINDS for field in fields(kind)}
SAME_IN_BOTH = {"Site", "Milestone", "Risk"}


@pytest.mark.parametrize("key", PARTS)
def test_a_row_names_what_there_is(key: str) -> None:
    from django.utils.translation import gettext

    part = PARTS[key]
    get_template(part.template)
    assert (part.of in IN_VIEW | {"values", "history"}) if part.item is not Item.NONE else not part.of
    for language in ("fr", "de"):
        with override(language):
            assert gettext(part.title) != part.title or part.title in SAME_IN_BOTH
            assert gettext(part.saved) != part.saved


def test_an_address_names_an_item_only_where_there_are_some() -> None:
    item = uuid4()
    assert PARTS["texts"].takes(None) and not PARTS["texts"].takes(item)
    assert PARTS["site"].takes(None) and PARTS["site"].takes(item)
    assert not PARTS["remove-site"].takes(None) and PARTS["remove-site"].takes(item)


def test_an_item_of_another_measure_is_gone() -> None:
    class View:
        sites: tuple[()] = ()

    subject = forms.Subject(None, View(), str(uuid4()), "sites")  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        PARTS["site"].what(subject)


def test_each_cure_is_a_part_that_can_be_opened() -> None:
    assert all(PARTS[key].takes(None) for key in CURES.values())
