"""The demo's plans and measures, built from `content` and created through the door of plans.

What the author did not write is derived: money by year, estimates, aid, phases. The same key always gives
the same figures.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from belvedere.demo import content
from belvedere.demo.content import Idea
from belvedere.demo.drawing import drawn
from belvedere.domains.access.public import Actor
from belvedere.domains.plans.public import actions, states, values
from belvedere.domains.territory.public import Level, TerritoryView, places_touched
from belvedere.kernel.geometry import Shape
from belvedere.kernel.money import Kind, Money, Vat, split

# Everything current is at one price base, so that it adds up; first estimates keep the base of their day.
CURRENT = Kind("CHF", Vat.EXCLUDED, "2025-10")
FORMER = Kind("CHF", Vat.EXCLUDED, "2020-10")
GENERATIONS: dict[int, tuple[str, str, int, int, Decimal, Decimal]] = {
    4: ("PA4", "4", 2024, 2031, Decimal("0.40"), Decimal(62_000_000)),
    5: ("PA5", "5", 2028, 2036, Decimal("0.35"), Decimal(88_000_000)),
}
HORIZONS = {(4, "A"): (2024, 2027), (4, "B"): (2028, 2031), (4, "C"): (2032, 2035)} | {
    (5, "A"): (2028, 2031),
    (5, "B"): (2032, 2035),
    (5, "C"): (2036, 2039),
}
# What the Confederation does not pay for in an agglomeration programme.
WITHOUT_FEDERAL_AID = frozenset({"study", "service", "recurrent", "settlement"})
TODAY = date(2026, 10, 1)  # the day as of which the content was written
Ids = Mapping[str, UUID]


def fill(actor: Actor, territory: TerritoryView, organisations: Ids) -> int:
    """Create the plans and all measures; returns how many measures."""
    categories = {
        key: actions.learn_category(territory_id=territory.id, names={"fr": french, "de": german}, code=key)
        for key, (french, german) in content.CATEGORIES.items()
    }
    plans, nodes = _programme(actor, territory, organisations)
    for commune in content.COMMUNAL:
        plans[commune] = _communal_plan(actor, territory, organisations, commune)
    drafts = []
    for idea in content.agglomeration():
        memberships = tuple(_membership(idea, generation, plans, nodes) for generation in sorted(idea.codes))
        drafts.append(_draft(organisations, categories, idea, memberships))
    for commune in content.COMMUNAL:
        for idea in content.communal(commune):
            listed = (values.MembershipDraft(plans[commune], code=idea.key, horizon=idea.years),)
            drafts.append(_draft(organisations, categories, idea, listed))
    actions.create_measures(actor=actor, territory_id=territory.id, drafts=drafts)
    return len(drafts)


def _programme(
    actor: Actor, territory: TerritoryView, organisations: Ids
) -> tuple[dict[str, UUID], dict[tuple[int, str], UUID]]:
    plans: dict[str, UUID] = {}
    nodes: dict[tuple[int, str], UUID] = {}
    for generation, (code, number, first, last, rate, most) in GENERATIONS.items():
        plans[code] = actions.create_plan(
            actor=actor,
            territory_id=territory.id,
            owner_id=organisations["agglo"],
            type="agglomeration_programme",
            code=code,
            title={
                "fr": f"Projet d’agglomération, {number}e génération",
                "de": f"Agglomerationsprogramm, {number}. Generation",
            },
            money_kind=CURRENT,
            generation=generation,
            years=(first, last),
            federal_rate=rate,
            federal_maximum=most,
            previous_id=plans.get("PA4"),
        )
        for axis, (french, german) in content.AXES.items():
            nodes[(generation, axis)] = actions.add_node(
                actor=actor, plan_id=plans[code], code=axis, title={"fr": french, "de": german}
            )
    return plans, nodes


def _communal_plan(actor: Actor, territory: TerritoryView, organisations: Ids, commune: str) -> UUID:
    names = next(known.names for known in content.communes() if known.key == commune)
    return actions.create_plan(
        actor=actor,
        territory_id=territory.id,
        owner_id=organisations[commune],
        type="investment_plan",
        code=f"PPI-{commune.upper()}",
        title={
            "fr": f"Plan des investissements de {names['fr']}, 2024–2036",
            "de": f"Investitionsplan {names.get('de', names['fr'])}, 2024–2036",
        },
        money_kind=CURRENT,
        years=(2024, 2036),
    )


def _membership(
    idea: Idea, generation: int, plans: Ids, nodes: Mapping[tuple[int, str], UUID]
) -> values.MembershipDraft:
    code, priority = idea.codes[generation]
    axis, number = code.split(".")
    horizon = HORIZONS[(generation, priority)]
    return values.MembershipDraft(
        plan_id=plans[f"PA{generation}"],
        code=f"PA{generation}-{code}",
        priority=states.Priority(priority),
        node_id=nodes[(generation, axis)],
        are_code=f"2399.{generation}.{_are_number(axis, int(number)):03d}",
        horizon=horizon,
        # The works of a list A must start within six years of the programme (LUMin, art. 17).
        start_deadline=date(horizon[1], 12, 31) if priority == "A" else None,
        previous_plan_id=plans["PA4"] if generation == 5 and 4 in idea.codes else None,
    )


def _are_number(axis: str, number: int) -> int:
    return list(content.AXES).index(axis) * 100 + number


def _draft(
    organisations: Ids,
    categories: Mapping[str, int],
    idea: Idea,
    memberships: Sequence[values.MembershipDraft],
) -> values.MeasureDraft:
    chance = random.Random(idea.key)  # noqa: S311 (figures of an example, not secrets)
    shapes = [drawn(words) for words in idea.sites]
    cost = Money(Decimal(idea.thousands * 1000), CURRENT)
    phase, implementation = _progress(idea)
    return values.MeasureDraft(
        title=idea.titles,
        owner_id=organisations[idea.owner],
        description={"fr": idea.description} if idea.description else {},
        kind=states.MeasureKind(idea.kind),
        category_id=categories[idea.category],
        external_id=f"demo-{idea.key}",
        phase=phase,
        implementation=implementation,
        published=idea.published,
        is_example=True,
        place_ids=_touched(shapes),
        memberships=tuple(memberships),
        estimates=_estimates(idea, cost, chance),
        spending=_spending(idea, cost),
        funding=_funding(idea, cost, organisations, chance),
        sites=tuple(values.SiteDraft(shape, states.SiteMethod.DRAWN) for shape in shapes),
        phases=_phases(idea),
    )


def _touched(shapes: Sequence[Shape]) -> tuple[UUID, ...]:
    found: dict[UUID, None] = {}
    for shape in shapes:
        found.update(dict.fromkeys(places_touched(shape, TODAY, Level.COMMUNE)))
    return tuple(found)


def _progress(idea: Idea) -> tuple[str, states.Implementation]:
    """Where it stands on the day of writing, from its years."""
    first, last = idea.years
    if last < TODAY.year:
        return "6", states.Implementation.DONE
    if first <= TODAY.year:
        return "5", states.Implementation.IN_PROGRESS
    ahead = first - TODAY.year
    phase = {1: "4", 2: "33", 3: "32", 4: "31"}.get(ahead, "2")
    return phase, states.Implementation.NOT_STARTED


def _estimates(idea: Idea, cost: Money, chance: random.Random) -> tuple[values.EstimateDraft, ...]:
    """The sheet of the programme at former prices, a study, and what is known now."""
    first = idea.years[0]
    made = []
    if idea.codes and 4 in idea.codes:
        before = (cost.amount * Decimal(str(round(chance.uniform(0.78, 0.93), 2)))).quantize(Decimal(10_000))
        made.append(
            values.EstimateDraft(
                Money(before, FORMER), date(2021, 6, 30), accuracy=Decimal("0.30"), source="Fiche du PA4"
            )
        )
    if first - TODAY.year <= 3:
        studied = (cost.amount * Decimal(str(round(chance.uniform(0.88, 1.08), 2)))).quantize(Decimal(10_000))
        made.append(
            values.EstimateDraft(
                Money(studied, CURRENT),
                date(min(first - 1, 2025), 3, 31),
                kind=states.EstimateKind.STUDY,
                accuracy=Decimal("0.20"),
                source="Avant-projet",
            )
        )
    certain = first <= TODAY.year
    made.append(
        values.EstimateDraft(
            cost,
            date(2025, 11, 30),
            kind=states.EstimateKind.PROJECT if certain else states.EstimateKind.STUDY,
            eligible=cost.times(_eligible_share(idea, chance)),
            accuracy=Decimal("0.10") if certain else Decimal("0.25"),
        )
    )
    return tuple(made)


def _eligible_share(idea: Idea, chance: random.Random) -> Decimal:
    return Decimal(str(chance.choice([0.75, 0.8, 0.85, 0.9, 1]))) if idea.codes else Decimal(1)


def _spending(idea: Idea, cost: Money) -> tuple[values.SpendDraft, ...]:
    """A bell over the years: studies first, works in the middle, the balance last."""
    first, last = idea.years
    count = last - first + 1
    weights = [Decimal(min(at + 1, count - at) * 2 - 1) for at in range(count)]
    if idea.kind in ("service", "recurrent"):
        weights = [Decimal(1)] * count
    return tuple(
        values.SpendDraft(first + at, Money(amount, CURRENT), _state(first + at))
        for at, amount in enumerate(split(cost.amount, weights))
    )


def _state(year: int) -> states.SpendState:
    if year < TODAY.year:
        return states.SpendState.PAID
    if year == TODAY.year:
        return states.SpendState.COMMITTED
    return states.SpendState.VOTED if year == TODAY.year + 1 else states.SpendState.PROJECTED


def _funding(
    idea: Idea, cost: Money, organisations: Ids, chance: random.Random
) -> tuple[values.FundingDraft, ...]:
    made: list[values.FundingDraft] = []
    first = idea.years[0]
    won = states.FundingState.AGREED if first <= TODAY.year else states.FundingState.OBTAINED
    if idea.codes and idea.kind not in WITHOUT_FEDERAL_AID:
        generation = max(idea.codes)
        code, _number, _first, _last, rate, _most = GENERATIONS[generation]
        cap = cost.times(rate * Decimal("0.8")).amount.quantize(Decimal(10_000))
        made.append(
            values.FundingDraft(
                organisations["confederation"],
                values.RateWithCap(rate, Money(cap, CURRENT)),
                CURRENT,
                instrument=f"Contribution FORTA, {code}",
                state=won if generation == 4 else states.FundingState.REQUESTED,
                conditions=f"Début des travaux au plus tard le 31.12.{HORIZONS[(generation, 'A')][1]}"
                if idea.codes[generation][1] == "A"
                else "",
                position=1,
            )
        )
    if idea.owner not in ("canton", "canton_sdm", "canton_sdn", "confederation"):
        made.extend(_cantonal(idea, cost, organisations, chance))
    return tuple(made)


def _cantonal(
    idea: Idea, cost: Money, organisations: Ids, chance: random.Random
) -> list[values.FundingDraft]:
    """The canton shares in some: by rate in the programme, by a round sum in a communal plan."""
    known = {
        "batiments": "Subvention aux constructions scolaires",
        "eaux": "Subvention aux eaux",
        "energie": "Programme Bâtiments",
    }
    if idea.codes:
        rule: values.Fixed | values.RateWithCap = values.RateWithCap(
            Decimal(str(chance.choice([0.1, 0.15, 0.2, 0.25])))
        )
        instrument = "Loi sur la mobilité"
    elif idea.category in known and chance.random() < 0.7:
        share = Decimal(str(chance.choice([0.08, 0.12, 0.2])))
        rule = values.Fixed(Money(cost.times(share).amount.quantize(Decimal(10_000)), CURRENT))
        instrument = known[idea.category]
    else:
        return []
    return [
        values.FundingDraft(
            organisations["canton"],
            rule,
            CURRENT,
            instrument=instrument,
            state=states.FundingState.OBTAINED
            if idea.years[0] <= TODAY.year + 1
            else states.FundingState.CONSIDERED,
            position=2,
        )
    ]


def _phases(idea: Idea) -> tuple[values.PhaseDraft, ...]:
    """Studies, procedure, works, with what is over as actual dates."""
    first, last = idea.years
    late = 1 if len(idea.titles["fr"]) % 4 == 0 else 0  # some slip by a year
    steps = [
        ("31", date(first - 2, 3, 1), date(first - 1, 2, 28)),
        ("33", date(first - 1, 3, 1), date(first - 1, 12, 15)),
        ("5", date(first, 4, 1), date(last, 10, 31)),
    ]
    made = []
    for code, start, end in steps:
        over = end < TODAY
        made.append(
            values.PhaseDraft(
                code,
                planned=(start.replace(year=start.year - late), end.replace(year=end.year - late)),
                forecast=(start, end),
                actual=(start if start < TODAY else None, end if over else None),
            )
        )
    return tuple(made)
