"""The counts of filters and the sums of owners and funders equal a naive count, for whoever looks."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from belvedere.domains.access.public import Actor
from belvedere.domains.plans import figures
from belvedere.domains.plans.models import Measure, SpendLine
from belvedere.domains.plans.public import MeasureFilter, actions, policies, queries, states, totals, values
from belvedere.kernel.money import Kind, Vat
from tests.domains.plans.drafts import CHF, chf, draft, estimate

pytestmark = pytest.mark.django_db
OLD = Kind("CHF", Vat.EXCLUDED, "2020-10")
SYSTEM = Actor.system()
SEEN_BY = ("lead", "neighbour", "office", "stranger", "elected", "governor", "nobody")


def grant(payer: Any, amount: int) -> values.FundingDraft:
    return values.FundingDraft(organisation_id=payer.pk, rule=values.Fixed(chf(amount)), money_kind=CHF)


@pytest.fixture
def measures(valbelle: Any) -> Any:
    """Of three owners, published or not, with and without cost, in one year or more, in two states."""
    voted = states.SpendState.VOTED
    owners = (valbelle.montaigu, valbelle.rochefort, valbelle.sautelet)
    for number in range(12):
        owner = owners[number % 3]
        kind = OLD if number % 5 == 0 else CHF
        made = draft(
            owner,
            f"Mesure {number}",
            published=number % 2 == 0,
            phase=("", "31", "32")[number % 3],
            estimates=() if number % 4 == 3 else (estimate(1000 + number, kind),),
            spending=(
                values.SpendDraft(2027, chf(100, kind)),
                values.SpendDraft(2027, chf(50 + number, kind), voted),
                values.SpendDraft(2030 + number, chf(number, kind), voted),
            ),
            funding=(grant(valbelle.canton, 10), grant(valbelle.canton, 20), grant(valbelle.body, number)),
        )
        actions.create_measure(actor=SYSTEM, territory_id=valbelle.territory.pk, draft=made)
    return valbelle


def looking(people: Any, who: str) -> Actor:
    return Actor.public("fr") if who == "nobody" else people.actor(who)


def seen_by(actor: Actor) -> list[Any]:
    """One measure at a time, by the rule for one measure."""
    return [
        measure
        for measure in Measure.objects.select_related("figures")
        if policies.sees(actor, policies.Thing(measure.territory_id, measure.owner_id, measure.published))
    ]


def counts(choices: list[Any]) -> dict[str, int]:
    return {choice.value: choice.count for choice in choices}


@pytest.mark.parametrize("who", SEEN_BY)
def test_each_choice_counts_what_its_filter_keeps(measures: Any, people: Any, who: str) -> None:
    actor, here = looking(people, who), measures.territory.pk
    seen = seen_by(actor)
    found = queries.overview(actor, here, language="fr")
    spent = Counter(
        str(year)
        for measure in seen
        for year in {line.year for line in measure.spend_lines.all() if line.amount or line.aid}
    )
    flags = Counter(flag for measure in seen for flag in measure.figures.flags)
    assert counts(found.choices["owners"]) == Counter(str(m.owner_id) for m in seen)
    assert counts(found.choices["phases"]) == Counter(m.phase for m in seen if m.phase)
    assert counts(found.choices["implementations"]) == Counter(m.implementation for m in seen)
    assert counts(found.choices["years"]) == spent
    assert counts(found.choices["flags"]) == flags
    assert found.owners == len({m.owner_id for m in seen})
    assert found.flagged == sum(bool(m.figures.flags) for m in seen)
    assert found.totals == totals.totals(actor, here, MeasureFilter())
    assert found.totals.count == len(seen)
    for year, number in spent.items():
        kept = totals.totals(actor, here, MeasureFilter(years=frozenset({int(year)})))
        assert kept.count == number


@pytest.mark.parametrize("who", SEEN_BY)
def test_sums_by_year_owner_and_funder_are_those_of_the_lines(measures: Any, people: Any, who: str) -> None:
    actor, here = looking(people, who), measures.territory.pk
    seen = seen_by(actor)
    years: dict[Any, set[Any]] = {}
    funders: dict[Any, list[Any]] = {}
    owners: dict[Any, list[Decimal]] = {}
    for measure in seen:
        for line in measure.spend_lines.all():
            if line.amount or line.aid:
                years.setdefault((line.year, line.money_kind), set()).add(measure.pk)
        for line in measure.funding_lines.all():
            if line.resolved:
                funders.setdefault((line.organisation_id, line.money_kind), []).append(
                    (measure.pk, line.resolved)
                )
        if measure.figures.cost is not None:
            owners.setdefault((measure.owner_id, measure.figures.money_kind), []).append(measure.figures.cost)
    by_year = totals.by_year(actor, here, MeasureFilter())
    assert {(e.year, e.total.kind): e.total.count for e in by_year} == {
        key: len(measures) for key, measures in years.items()
    }
    by_funder = totals.by_funder(actor, here, MeasureFilter(), language="fr")
    assert {(e.organisation_id, e.kind): (e.count, e.amount.amount) for e in by_funder} == {
        key: (len({pk for pk, _ in lines}), sum(amount for _, amount in lines))
        for key, lines in funders.items()
    }
    by_owner = totals.by_owner(actor, here, MeasureFilter(), language="fr")
    assert {(e.owner_id, e.total.kind): (e.total.count, e.total.cost.amount) for e in by_owner.rows} == {
        key: (len(costs), sum(costs)) for key, costs in owners.items()
    }
    assert by_owner.total == len(owners)


def test_owners_come_in_the_same_order_in_every_window(measures: Any) -> None:
    from belvedere.kernel.paging import Window

    def names(start: int, size: int) -> list[tuple[str, Kind]]:
        page = totals.by_owner(
            SYSTEM, measures.territory.pk, MeasureFilter(), language="fr", window=Window(start, size)
        )
        return [(row.owner_name, row.total.kind) for row in page.rows]

    whole = names(0, 40)
    assert [names(at, 1)[0] for at in range(len(whole))] == whole


def test_years_far_apart_are_counted(measures: Any) -> None:
    """The years of a measure are folded into numbers of sixty bits: their edges."""
    here = measures.territory.pk
    measure = Measure.objects.order_by("pk").first()
    assert measure is not None
    SpendLine.objects.filter(measure=measure).delete()
    figures.refresh([measure.pk])
    edges = (1950, 1979, 1980, 2039, 2040, 2099, 2100, 2150)
    before = counts(queries.overview(SYSTEM, here, language="fr").choices["years"])
    for year in edges:
        SpendLine.objects.create(
            measure=measure, year=year, amount=1, currency="CHF", vat="excluded", price_base=""
        )
    figures.refresh([measure.pk])
    after = counts(queries.overview(SYSTEM, here, language="fr").choices["years"])
    by_year = totals.by_year(SYSTEM, here, MeasureFilter())
    assert {entry.year for entry in by_year} >= set(edges)
    assert Counter(after) == Counter(before) + Counter(str(year) for year in edges)


def test_the_mark_moves_when_an_earlier_change_is_stored_late(measures: Any, people: Any) -> None:
    """Two changes may be stored in another order than they were begun: the newest date stands still."""
    actor, here = people.actor("governor"), measures.territory.pk
    before = queries.state_of(actor, here)
    old = Measure.objects.order_by("updated_at").first()
    assert old is not None
    Measure.objects.filter(pk=old.pk).update(version=old.version + 1)
    assert queries.state_of(actor, here) != before
