"""Texts in the languages of the territory: how much is there, what is missing, filled in place."""

from __future__ import annotations

import csv
import html
from datetime import date
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import pytest

from belvedere.domains.access.public import Actor
from belvedere.domains.plans import vocabulary
from belvedere.domains.plans.errors import AlreadyThere
from belvedere.domains.plans.public import actions, follow, page, translating, views
from belvedere.kernel.errors import InvalidInput, NotFound, Refused
from tests.faces.web.plans_examples import BASE, english, street

pytestmark = pytest.mark.django_db
PAGE = "/cockpit/valbelle/plans/translations/"


@pytest.fixture
def measure(valbelle: Any) -> UUID:
    """In French only, with a milestone; a second one next door."""
    street(valbelle, valbelle.rochefort, title="Rue du Lac")
    made = street(valbelle)
    draft = follow.MilestoneDraft(vocabulary.MilestoneType.OTHER, {"fr": "Jury"}, planned=date(2027, 1, 1))
    follow.set_milestone(actor=Actor.system(), measure_id=made, version=None, draft=draft)
    return made


def load(measure: UUID) -> views.MeasureView:
    return page.measure_page(Actor.system(), measure, language="en")


def lacks(people: Any, valbelle: Any, who: str = "contributor", **more: Any) -> list[tuple[str, str]]:
    found = translating.missing(people.actor(who), valbelle.territory.pk, "de", **more)
    assert found.total == len(found.rows)
    return [(one.field.key, one.texts["fr"]) for one in found.rows]


def give(people: Any, valbelle: Any, who: str, field: str, item: Any, text: str = "Brückenstrasse") -> None:
    translating.translate(
        actor=people.actor(who),
        territory_id=valbelle.territory.pk,
        field=field,
        item_id=str(item),
        language="de",
        text=text,
    )


def test_what_is_missing_is_of_what_one_may_change(people: Any, valbelle: Any, measure: UUID) -> None:
    assert lacks(people, valbelle) == [("measure.title", "Rue du Pont"), ("milestone.title", "Jury")]
    assert lacks(people, valbelle, "reader") == []
    assert len(lacks(people, valbelle, "governor")) == 3
    assert lacks(people, valbelle, field="milestone.title") == [("milestone.title", "Jury")]
    assert lacks(people, valbelle, "governor", owner_id=valbelle.rochefort.pk) == [
        ("measure.title", "Rue du Lac")
    ]


def test_a_window_runs_over_the_fields(people: Any, valbelle: Any, measure: UUID) -> None:
    from belvedere.kernel.paging import Window

    seen = [
        translating.missing(people.actor("governor"), valbelle.territory.pk, "de", window=Window(at, 1))
        .rows[0]
        .texts["fr"]
        for at in range(3)
    ]
    assert seen == ["Rue du Lac", "Rue du Pont", "Jury"]


def test_a_text_given_counts_and_leaves_the_others(people: Any, valbelle: Any, measure: UUID) -> None:
    actor, here = people.actor("contributor"), valbelle.territory.pk
    assert [(one.language, one.there, one.total) for one in translating.completeness(actor, here)] == [
        ("fr", 2, 2),
        ("de", 0, 2),
    ]
    give(people, valbelle, "contributor", "measure.title", measure)
    milestone = follow.followed(Actor.system(), measure, "fr").milestones[0].id
    give(people, valbelle, "contributor", "milestone.title", milestone, "Jurierung")
    assert load(measure).title == {"fr": "Rue du Pont", "de": "Brückenstrasse"}
    (kept,) = follow.followed(Actor.system(), measure, "de").milestones
    assert (kept.title.text, kept.planned) == ("Jurierung", date(2027, 1, 1))
    assert translating.completeness(actor, here)[1].share == 1


def test_plans_axes_categories_and_indicators_too(people: Any, valbelle: Any) -> None:
    system, here = Actor.system(), valbelle.territory.pk
    plan = actions.create_plan(
        actor=system,
        territory_id=here,
        owner_id=valbelle.body.pk,
        type="agglomeration_programme",
        code="PA5",
        title={"fr": "Projet"},
        money_kind=BASE,
    )
    node = actions.add_node(actor=system, plan_id=plan, code="1", title={"fr": "Vélo"})
    category = actions.learn_category(territory_id=here, names={"fr": "Mobilité"})
    give(people, valbelle, "office", "plan.title", plan, "Programm")
    give(people, valbelle, "office", "axis.title", node, "Velo")
    give(people, valbelle, "office", "category.names", category, "Mobilität")
    for field, item in (("plan.title", plan), ("axis.title", node)):
        assert lacks(people, valbelle, "office", field=field) == []
        with pytest.raises(Refused):  # a manager too, but of a member, not of the body
            give(people, valbelle, "lead", field, item, "Anders")
    with pytest.raises(AlreadyThere):
        give(people, valbelle, "office", "plan.title", plan, "Anders")


@pytest.mark.parametrize("who", ["reader", "finance", "neighbour"])
def test_who_may_not_edit_gives_no_text(who: str, people: Any, valbelle: Any, measure: UUID) -> None:
    with pytest.raises(Refused):
        give(people, valbelle, who, "measure.title", measure)
    assert "de" not in load(measure).title


def test_bad_input_is_refused_with_a_sentence(people: Any, valbelle: Any, measure: UUID) -> None:
    give(people, valbelle, "contributor", "measure.title", measure)
    with pytest.raises(AlreadyThere):
        give(people, valbelle, "contributor", "measure.title", measure, "Anders")
    for field, item in (("measure.title", uuid4()), ("measure.title", "x"), ("measure.nothing", measure)):
        with pytest.raises(NotFound):
            give(people, valbelle, "contributor", field, item)
    for text in (" ", "x" * 501):
        with pytest.raises(InvalidInput):
            give(people, valbelle, "contributor", "milestone.title", _milestone(measure), text)
    with pytest.raises(InvalidInput):  # Italian is none of Valbelle's languages
        translating.translate(
            actor=people.actor("contributor"),
            territory_id=valbelle.territory.pk,
            field="measure.title",
            item_id=str(measure),
            language="it",
            text="Via",
        )


def _milestone(measure: UUID) -> UUID:
    return follow.followed(Actor.system(), measure, "fr").milestones[0].id


def test_the_translator_fills_the_list_in_place(people: Any, measure: UUID) -> None:
    client = english()
    client.force_login(people.contributor)
    shown = html.unescape(client.get(PAGE).content.decode())
    assert "Deutsch: 0% of the texts, 2 missing" in shown and "Rue du Pont" in shown
    sent = {"field": "measure.title", "item": str(measure), "to": "de", "text": "Brückenstrasse"}
    part = {"HTTP_HX_REQUEST": "true"}
    done = client.post(f"{PAGE}give/", sent, **part)
    assert done.status_code == 200 and "The text is saved." in done.content.decode()
    again = client.post(f"{PAGE}give/", {**sent, "text": "Anders"}, **part)
    text = html.unescape(again.content.decode())
    assert again.status_code == 422 and "Someone gave this text meanwhile: “Brückenstrasse”" in text
    assert ">Anders</textarea>" in text  # what was typed is kept
    plain = client.post(
        f"{PAGE}give/", {**sent, "field": "milestone.title", "item": str(_milestone(measure))}
    )
    assert plain.status_code == 302
    assert "Deutsch is complete" in client.get(f"{PAGE}?to=de").content.decode()


def test_the_list_goes_to_a_translator_who_works_elsewhere(people: Any, measure: UUID) -> None:
    actions.edit_measure(
        actor=Actor.system(), measure_id=measure, version=None, title={"fr": "=HYPERLINK(1)"}
    )
    client = english()
    client.force_login(people.contributor)
    answer = client.get(f"{PAGE}list.csv?to=de")
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Field", "Measure or plan", "Français", "Deutsch"]
    assert rows[1][2] == "’=HYPERLINK(1)" and rows[2][2] == "Jury"


@pytest.mark.parametrize("who", ["reader", "elected", "finance"])
def test_the_page_is_for_those_who_may_edit(who: str, people: Any, measure: UUID) -> None:
    client = english()
    client.force_login(getattr(people, who))
    assert client.get(PAGE).status_code == 403
    assert client.get(f"{PAGE}list.csv").status_code == 403
    sent = {"field": "measure.title", "item": str(measure), "to": "de", "text": "x"}
    assert client.post(f"{PAGE}give/", sent).status_code == 403
    assert client.get(f"{PAGE}give/").status_code == 405


def test_the_measure_says_which_texts_are_missing(people: Any, measure: UUID) -> None:
    client = english()
    client.force_login(people.contributor)
    shown = client.get(f"/cockpit/valbelle/plans/measures/{measure}/").content.decode()
    assert "DE missing" in shown and f"{PAGE}?to=de" in shown and "Milestone" in shown
    client.force_login(people.reader)
    shown = client.get(f"/cockpit/valbelle/plans/measures/{measure}/").content.decode()
    assert "DE missing" in shown and f"{PAGE}?to=de" not in shown
