"""Indexes of prices and rates of VAT: with their source, by administrators of the territory."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.models import Plan
from belvedere.domains.plans.public import outlook, plan_actions
from belvedere.duties.journal.public import entries_of
from belvedere.kernel.errors import Conflict, InvalidInput, Refused
from tests.domains.plans.drafts import CHF

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
POINTS = {"2025-10": Decimal("112.3"), "2020-10": Decimal(100)}


def index(**more: Any) -> outlook.IndexDraft:
    given: dict[str, Any] = {
        "code": "Construction CH",
        "names": {"fr": "Indice des prix de la construction"},
        "source": "OFS, 2025",
        "values": POINTS,
        "yearly_rate": Decimal("0.013"),
    }
    return outlook.IndexDraft(**{**given, **more})


def vat(day: date = date(2024, 1, 1), rate: str = "0.081", source: str = "LTVA art. 25") -> outlook.VatDraft:
    return outlook.VatDraft(day, Decimal(rate), source)


def put(valbelle: Any, draft: outlook.IndexDraft, actor: Actor = SYSTEM) -> int:
    return outlook.set_index(actor=actor, territory_id=valbelle.territory.pk, draft=draft)


def seen(valbelle: Any, actor: Actor = SYSTEM) -> outlook.PricesView:
    return outlook.prices(actor, valbelle.territory.pk)


def test_an_index_is_written_whole_and_the_journal_tells(valbelle: Any) -> None:
    key = put(valbelle, index())
    assert put(valbelle, index()) == key
    assert put(valbelle, index(values={**POINTS, "2026-04": Decimal(113)}, yearly_rate=None)) == key
    (found,) = seen(valbelle).indexes
    assert (found.code, found.yearly_rate) == ("construction-ch", None)
    assert found.values == (
        ("2020-10", Decimal(100)),
        ("2025-10", Decimal("112.3")),
        ("2026-04", Decimal(113)),
    )
    told = entries_of(("plans.index", str(key))).rows
    assert len(told) == 2
    assert "2026-04" not in told[0].before["values"]
    assert (told[0].before["yearly_rate"], told[0].after["yearly_rate"]) == ("0.01300", None)


@pytest.mark.parametrize(
    "bad",
    [
        {"values": {}},
        {"values": {"2025": Decimal(100)}},
        {"values": {"2025-13": Decimal(100)}},
        {"values": {"2025-10": Decimal(0)}},
        {"values": {"2025-10": Decimal("0.00001")}},
        {"values": {"2025-10": Decimal("NaN")}},
        {"values": {"2025-10": Decimal(100_000)}},
        {"yearly_rate": Decimal(1)},
        {"source": " "},
        {"code": "—"},
        {"names": {}},
    ],
)
def test_an_index_that_cannot_be_is_refused_in_words(bad: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        index(**bad)


def test_rates_of_vat_are_replaced_together(valbelle: Any) -> None:
    here = valbelle.territory.pk
    outlook.set_vat_rates(actor=SYSTEM, territory_id=here, rates=[vat(), vat(date(2018, 1, 1), "0.077")])
    assert [rate.rate for rate in seen(valbelle).vat] == [Decimal("0.077"), Decimal("0.081")]
    with pytest.raises(InvalidInput):
        outlook.set_vat_rates(actor=SYSTEM, territory_id=here, rates=[vat(), vat(rate="0.08")])
    for wrong in ("1", "-0.1", "NaN"):
        with pytest.raises(InvalidInput):
            vat(rate=wrong)
    with pytest.raises(InvalidInput):
        vat(source="")
    outlook.set_vat_rates(actor=SYSTEM, territory_id=here, rates=[vat()], reason="Ancien taux")
    told = entries_of(("plans.vat", str(here))).rows
    assert (len(told[0].before["rates"]), len(told[0].after["rates"])) == (2, 1)
    assert told[0].reason == "Ancien taux"


def test_an_index_that_a_plan_refers_to_stays(valbelle: Any) -> None:
    key = put(valbelle, index())
    plan = plan_actions.create_plan(
        actor=SYSTEM,
        territory_id=valbelle.territory.pk,
        owner_id=valbelle.body.pk,
        type="agglomeration_programme",
        code="PA5",
        title={"fr": "PA5"},
        money_kind=CHF,
    )
    Plan.objects.filter(pk=plan).update(index_id=key)
    with pytest.raises(Conflict):
        outlook.remove_index(actor=SYSTEM, territory_id=valbelle.territory.pk, index_id=key)
    Plan.objects.filter(pk=plan).update(index_id=None)
    outlook.remove_index(actor=SYSTEM, territory_id=valbelle.territory.pk, index_id=key)
    assert seen(valbelle).indexes == ()


def test_only_administrators_of_the_territory_change_its_prices(valbelle: Any, people: Any) -> None:
    put(valbelle, index(), actor=people.actor("governor"))
    for name in ("finance", "administrator", "office", "elected", "nobody"):
        actor = people.actor(name)
        assert not seen(valbelle, actor).may_edit
        with pytest.raises(Refused):
            put(valbelle, index(source="Autre"), actor=actor)
        with pytest.raises(Refused):
            outlook.set_vat_rates(actor=actor, territory_id=valbelle.territory.pk, rates=[vat()])
        with pytest.raises(Refused):
            outlook.remove_index(
                actor=actor, territory_id=valbelle.territory.pk, index_id=seen(valbelle).indexes[0].id
            )
    assert seen(valbelle).indexes[0].source == "OFS, 2025"
