"""Shares in whole percents add up to 100, whatever rounding does to each."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.public import actions, page, values
from belvedere.faces.web.pages.plans.accounts import _shares
from tests.domains.plans.drafts import CHF, chf, draft, estimate

pytestmark = pytest.mark.django_db


def shares(valbelle: Any, cost: str, *amounts: str) -> tuple[list[Decimal | None], Decimal | None]:
    made = actions.create_measure(
        actor=Actor.system(),
        territory_id=valbelle.territory.pk,
        draft=draft(
            valbelle.montaigu,
            estimates=(estimate(cost),),
            funding=tuple(
                values.FundingDraft(
                    organisation_id=valbelle.canton.pk, rule=values.Fixed(chf(amount)), money_kind=CHF
                )
                for amount in amounts
            ),
        ),
    )
    return _shares(page.measure_page(Actor.system(), made, language="fr"))


def test_halves_do_not_make_101_percent(valbelle: Any) -> None:
    others, own = shares(valbelle, "1000", "135")
    assert own is not None
    assert sum([*others, own]) == 1  # type: ignore[list-item]


def test_thirds_do_not_make_99_percent(valbelle: Any) -> None:
    others, own = shares(valbelle, "999", "333", "333")
    assert own is not None
    assert sum([*others, own]) == 1  # type: ignore[list-item]


def test_aid_above_the_cost_says_so(valbelle: Any) -> None:
    others, own = shares(valbelle, "100", "150")
    assert others == [Decimal("1.5")]
    assert own == Decimal("-0.5")
