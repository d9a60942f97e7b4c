"""What is exported comes back the same: export → import into nothing → export, and over what is there."""

from __future__ import annotations

import string
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.people import Valbelle

LETTERS = string.ascii_letters + string.digits + " ='+-@\"';,\téàüßœ€’–\u202e\u05d0|_x0041_"
texts = st.text(LETTERS, min_size=1, max_size=40).map(lambda t: " ".join(t.split(" ")).strip() or "x")
amounts = st.decimals(min_value=0, max_value=Decimal("9999999999.99"), places=2)
degrees = st.integers(-89 * 10**13, 89 * 10**13).map(lambda n: n / 10**13)
coordinates = st.tuples(degrees, degrees)
measures = st.fixed_dictionaries(
    {
        "title": texts,
        "description": st.one_of(st.just(""), texts),
        "external": st.booleans(),
        "costs": st.lists(amounts, max_size=3),
        "years": st.dictionaries(st.integers(2020, 2040), amounts, max_size=4),
        "aids": st.lists(st.tuples(amounts, texts), max_size=2),
        "rate": st.one_of(st.none(), st.decimals(0, 1, places=5)),
        "points": st.lists(coordinates, max_size=2),
        "priority": st.sampled_from(["A", "B", "C", ""]),
        "published": st.booleans(),
        "phase": st.sampled_from(["", "31", "5"]),
        "before": st.one_of(st.none(), amounts),
        "less": st.one_of(st.none(), amounts.filter(bool)),
        "tariff": st.one_of(st.none(), amounts),
        "share": st.decimals(0, 1, places=5),
        "agreement": st.sampled_from(["not_listed", "in_agreement", "signed"]),
        "day": st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2040, 12, 31))),
        "note": st.one_of(st.just(""), texts),
    }
)


def enrich(measure_id: Any, values: dict[str, Any], valbelle: Valbelle, former: Any, number: int) -> None:
    """What one verb does not make alone: all rules, agreement, buckets, quantities, generations."""
    from belvedere.domains.plans.models import (
        FundingLine,
        Phase,
        PlanMembership,
        Quantity,
        SpendLine,
        Succession,
    )

    kind = {"currency": "CHF", "vat": "excluded", "price_base": "2025-10"}
    for name, amount, span in (("before", values["before"], "before"), ("less", values["less"], "after")):
        if amount is not None:
            sign, why = (1, "") if name == "before" else (-1, "repris")
            SpendLine.objects.create(
                measure_id=measure_id, year=2030, span=span, amount=sign * amount, reason=why, **kind
            )
    paid = {
        "advance_share": values["share"],
        "lag_years": 2,
        "indexed": values["published"],
        "requested_on": values["day"],
        "decided_on": values["day"],
        "start_deadline": values["day"],
        "claim_deadline": values["day"],
        **kind,
    }
    for at, rule in enumerate(("lump_per_unit", "fill_up_to", "residual"), start=20):
        if rule == "lump_per_unit" and values["tariff"] is None:
            continue
        FundingLine.objects.create(
            measure_id=measure_id,
            organisation=valbelle.canton,
            position=at,
            rule=rule,
            tariff=values["tariff"] if rule == "lump_per_unit" else None,
            unit="m" if rule == "lump_per_unit" else "",
            rate=values["share"] if rule == "fill_up_to" else None,
            **paid,
        )
    Quantity.objects.create(
        measure_id=measure_id, unit="m", planned=Decimal("12.5"), realised=None, label={"fr": "Longueur"}
    )
    Phase.objects.filter(measure_id=measure_id).update(confirmed=values["published"])
    listed = PlanMembership.objects.get(measure_id=measure_id)
    PlanMembership.objects.filter(pk=listed.pk).update(
        agreement=values["agreement"],
        assessed_priority=values["priority"],
        agreement_number="LV-1",
        financing_number=values["note"][:60],
        financing_date=values["day"],
        listed_cost=values["before"],
        listed_cost_note=values["note"],
        claim_deadline=values["day"],
        deadlines_frozen_on=values["day"],
        deadline_source=values["note"],
        contribution="lump",
    )
    previous = PlanMembership.objects.create(measure_id=measure_id, plan_id=former, code=f"V-{number}")
    Succession.objects.create(listing=listed, previous=previous, relation="modified")


def draft_of(values: dict[str, Any], valbelle: Valbelle, plan_id: Any, number: int) -> Any:
    import shapely

    from belvedere.domains.plans import values as v
    from belvedere.domains.plans.states import Priority, SiteMethod
    from belvedere.kernel.geometry import Shape
    from belvedere.kernel.money import Kind, Money, Vat

    kind = Kind("CHF", Vat.EXCLUDED, "2025-10")
    funding: list[Any] = [
        v.FundingDraft(valbelle.canton.pk, v.Fixed(Money(a, kind)), kind, instrument=text, position=at)
        for at, (a, text) in enumerate(values["aids"], start=1)
    ]
    if values["rate"] is not None:
        funding.append(v.FundingDraft(valbelle.body.pk, v.RateWithCap(values["rate"]), kind, position=9))
    return v.MeasureDraft(
        title={"fr": values["title"]},
        owner_id=valbelle.montaigu.pk,
        description={"de": values["description"]} if values["description"] else {},
        external_id=f"x-{number}" if values["external"] else "",
        phase=values["phase"],
        published=values["published"],
        memberships=(v.MembershipDraft(plan_id, code=f"M-{number}", priority=Priority(values["priority"])),),
        estimates=tuple(v.EstimateDraft(Money(c, kind), date(2025, 1, 1)) for c in values["costs"]),
        spending=tuple(v.SpendDraft(y, Money(a, kind)) for y, a in values["years"].items()),
        funding=tuple(funding),
        sites=tuple(
            v.SiteDraft(Shape(shapely.Point(p)), SiteMethod.DRAWN, name="a") for p in values["points"]
        ),
        phases=(v.PhaseDraft("5", forecast=(date(2027, 3, 1), None)),),
    )


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["xlsx", "csv", "geojson", "gpkg"])
@settings(
    max_examples=8,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(given_measures=st.lists(measures, min_size=1, max_size=3))
def test_an_export_comes_back_identically(
    form: str, given_measures: list[dict[str, Any]], valbelle: Valbelle, tmp_path: Path
) -> None:
    from django.db import transaction

    from belvedere.domains.access.public import Actor
    from belvedere.domains.plans import actions
    from belvedere.domains.plans.models import Category, Measure, Plan
    from belvedere.domains.plans.sheets import public as sheets
    from belvedere.domains.plans.sheets.models import SheetImport
    from belvedere.domains.territory.public import territory_by_slug
    from belvedere.kernel.money import Kind, Vat

    actor, territory = Actor.system(), territory_by_slug("valbelle")
    one, two = tmp_path / "one", tmp_path / "two"

    def export(path: Path) -> None:
        sheets.export(actor=actor, territory=territory, path=path, form=form)

    with transaction.atomic():
        plan = actions.create_plan(
            actor=actor,
            territory_id=territory.id,
            owner_id=valbelle.body.pk,
            type="agglomeration_programme",
            code="PA4",
            title={"fr": "Quatrième"},
            money_kind=Kind("CHF", Vat.EXCLUDED, "2025-10"),
            generation=4,
        )
        former = actions.create_plan(
            actor=actor,
            territory_id=territory.id,
            owner_id=valbelle.body.pk,
            type="agglomeration_programme",
            code="PA3",
            title={"fr": "Troisième"},
            money_kind=Kind("CHF", Vat.EXCLUDED, "2016-04"),
            generation=3,
        )
        Plan.objects.filter(pk=plan).update(
            previous_id=former, has_agreement=True, year_from=2024, federal_rate=Decimal("0.35")
        )
        for number, values in enumerate(given_measures):
            made = actions.create_measure(
                actor=actor, territory_id=territory.id, draft=draft_of(values, valbelle, plan, number)
            )
            enrich(made, values, valbelle, former, number)
        export(one)
        over, _ = sheets.take_at_once(actor=actor, territory=territory, path=one, file_name="one")
        assert SheetImport.objects.get(pk=over).counts["taken"] == {
            "created": 0,
            "changed": 0,
            "same": len(given_measures),
        }
        Measure.objects.all().delete()
        Plan.objects.update(previous=None)
        Plan.objects.all().delete()
        Category.objects.all().delete()
        _made, taken = sheets.take_at_once(actor=actor, territory=territory, path=one, file_name="one")
        assert taken.created == len(given_measures)
        export(two)
        assert read_all(one) == read_all(two)
        transaction.set_rollback(True)


def read_all(path: Path) -> Any:
    from belvedere.domains.plans.sheets.reading import read

    table = read(path)
    return table.headers, table.rows, table.details
