"""The demo's measures, built from `content` and created through the door of plans in one act."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from belvedere.demo import content, documents_of_plans, money
from belvedere.demo.content import Idea
from belvedere.demo.documents_of_plans import CLAIMS, HORIZONS, LUMP_CLAIMS, SOURCES, STARTS, Ids, Plans
from belvedere.demo.drawing import drawn
from belvedere.demo.money import TODAY
from belvedere.domains.access.public import Actor
from belvedere.domains.plans.public import actions, listing_actions, plan_reads, states, values, vocabulary
from belvedere.domains.territory.public import Level, TerritoryView, places_touched
from belvedere.kernel.geometry import Shape

# The works begin with the first year that carries a real part of the cost.
REAL_PART = 0.12
# What the voted budget did not know yet: key -> the year whose amount grew since, thousands of francs.
GREW: dict[str, tuple[str, int]] = {
    "SIO-13": ("2028", 900),
    "SIO-05": ("2028", 520),
    "SIO-09": ("2028", 460),
    "PA4-TIM.04": ("2029", 640),
}
# What was then planned a year earlier.
SLIPPED = ("SIO-04", "SIO-17")


@dataclass(frozen=True, slots=True)
class Filled:
    """What was made: plans, measures by key."""

    plans: Plans
    measures: dict[str, UUID]


def fill(actor: Actor, territory: TerritoryView, organisations: Ids) -> Filled:
    """Create the plans and all measures as they stood when Sion's budget was voted."""
    categories = {
        key: actions.learn_category(territory_id=territory.id, names={"fr": french, "de": german}, code=key)
        for key, (french, german) in content.CATEGORIES.items()
    }
    plans = documents_of_plans.make(actor, territory, organisations)
    ideas = content.everything()
    drafts = [_draft(organisations, categories, plans, as_voted(idea)) for idea in ideas]
    made = actions.create_measures(actor=actor, territory_id=territory.id, drafts=drafts)
    measures = dict(zip((idea.key for idea in ideas), made, strict=True))
    for idea in ideas:
        if idea.comes_from:
            _succeed(actor, plans, measures[idea.key], idea)
    return Filled(plans, measures)


def as_voted(idea: Idea) -> Idea:
    """The measure without what was added to its cost since."""
    if idea.key not in GREW or idea.spending is None:
        return idea
    year, thousands = GREW[idea.key]
    spending = {**idea.spending, year: idea.spending[year] - thousands}
    return replace(idea, thousands=idea.thousands - thousands, spending=spending)


def _succeed(actor: Actor, plans: Plans, measure_id: UUID, idea: Idea) -> None:
    code = f"PA5-{idea.codes[5][0]}"
    listing = plan_reads.listing_under(actor, plans.ids["PA5"], code)
    previous = [plan_reads.listing_under(actor, plans.ids["PA4"], code) for code in idea.comes_from]
    listing_actions.succeed(
        actor=actor,
        measure_id=measure_id,
        version=None,
        listing_id=listing or 0,
        previous_ids=[one or 0 for one in previous],
        relation=vocabulary.Continuity(idea.relation),
    )


def _memberships(idea: Idea, plans: Plans) -> tuple[values.MembershipDraft, ...]:
    made = [_programmed(idea, generation, plans) for generation in sorted(idea.codes)]
    made += [
        values.MembershipDraft(
            plans.ids[plan],
            code=code,
            horizon=idea.years,
            node_id=plans.nodes.get((plan, _field_of(idea))),
        )
        for plan, code in idea.listed.items()
    ]
    return tuple(made)


def _field_of(idea: Idea) -> str:
    return next(key for key, (_fr, _de, held) in content.FIELDS.items() if idea.category in held)


def _programmed(idea: Idea, generation: int, plans: Plans) -> values.MembershipDraft:
    code, priority = idea.codes[generation]
    axis, number = code.split(".")
    aided = priority == "A" and idea.kind not in money.WITHOUT_FEDERAL_AID
    listed = Decimal(idea.thousands * 1000) * (Decimal("0.86") if generation == 4 else 1)
    listed = (listed / 10_000).quantize(Decimal(1)) * 10_000
    return values.MembershipDraft(
        plan_id=plans.ids[f"PA{generation}"],
        code=f"PA{generation}-{code}",
        priority=states.Priority(priority),
        node_id=plans.nodes[(f"PA{generation}", axis)],
        are_code=f"2399.{generation}.{list(content.AXES).index(axis) * 100 + int(number):03d}",
        horizon=HORIZONS[(generation, priority)],
        start_deadline=STARTS[generation] if aided and not idea.lump else None,
        claim_deadline=(LUMP_CLAIMS if idea.lump else CLAIMS)[generation] if aided else None,
        deadline_source=SOURCES[generation] if aided else "",
        previous_plan_id=plans.ids["PA4"] if generation == 5 and 4 in idea.codes else None,
        relation=vocabulary.Continuity(idea.relation) if 4 in idea.codes else vocabulary.Continuity.SAME,
        listed_cost=listed,
        listed_cost_note=f"{(listed / 1_000_000).normalize():f} Mio CHF, fiche du PA{generation}",
        contribution=vocabulary.Contribution.LUMP if idea.lump else vocabulary.Contribution.INDIVIDUAL,
    )


def _draft(
    organisations: Ids, categories: Mapping[str, int], plans: Plans, idea: Idea
) -> values.MeasureDraft:
    chance = random.Random(idea.key)  # noqa: S311 (figures of an example, not secrets)
    shapes = [drawn(words) for words in idea.sites]
    phase, implementation = _progress(idea)
    return values.MeasureDraft(
        title=idea.titles,
        owner_id=organisations[idea.owner],
        description=idea.descriptions,
        kind=states.MeasureKind(idea.kind),
        category_id=categories[idea.category],
        external_id=f"demo-{idea.key}",
        phase=phase,
        implementation=implementation,
        published=idea.published,
        is_example=True,
        pilot_id=organisations[idea.owner],
        place_ids=_touched(shapes),
        memberships=_memberships(idea, plans),
        estimates=money.estimates(idea, chance, over=implementation is states.Implementation.DONE),
        spending=money.spending(idea),
        funding=money.funding(idea, organisations, chance),
        sites=tuple(values.SiteDraft(shape, states.SiteMethod.DRAWN) for shape in shapes),
        phases=phases(idea, slipped=1, known=False) if idea.key in SLIPPED else phases(idea),
    )


def _touched(shapes: Sequence[Shape]) -> tuple[UUID, ...]:
    found: dict[UUID, None] = {}
    for shape in shapes:
        found.update(dict.fromkeys(places_touched(shape, TODAY, Level.COMMUNE)))
    return tuple(found)


def works(idea: Idea) -> tuple[date, date]:
    """From when to when it is built."""
    first, last = idea.years
    if idea.works is not None:
        return idea.works, date(last, 10, 31)
    if idea.spending is not None:
        if idea.spending.get("b", 0) >= REAL_PART * idea.thousands:
            return date(2022, 4, 1), date(last, 8, 31)
        heavy = [int(y) for y, amount in idea.spending.items() if amount >= REAL_PART * idea.thousands]
        first = min(heavy, default=first)
    return date(first, 4, 1), date(last, 10, 31)


def _progress(idea: Idea) -> tuple[str, states.Implementation]:
    """Where it stands on the day of writing, from its works."""
    start, end = works(idea)
    if end < TODAY:
        return "6", states.Implementation.DONE
    if start <= TODAY:
        return "5", states.Implementation.IN_PROGRESS
    phase = {1: "4", 2: "33", 3: "32", 4: "31"}.get(start.year - TODAY.year, "2")
    return phase, states.Implementation.NOT_STARTED


def phases(idea: Idea, *, slipped: int = 0, known: bool = True) -> tuple[values.PhaseDraft, ...]:
    """Studies, procedure, works, with what is over as actual dates.

    `slipped`: by how many years since they were planned; not `known` yet, the forecast is as planned.
    """
    start, end = works(idea)
    slipped = slipped or (1 if len(idea.titles["fr"]) % 7 == 0 else 0)  # some slip by a year
    first = start.year
    steps = [
        ("31", date(first - 2, 3, 1), date(first - 1, 2, 28)),
        ("33", date(first - 1, 3, 1), date(first - 1, 12, 15)),
        ("5", start, end),
    ]
    made = []
    for code, begin, finish in steps:
        over = finish < TODAY
        planned = begin.replace(year=begin.year - slipped), finish.replace(year=finish.year - slipped)
        made.append(
            values.PhaseDraft(
                code,
                planned=planned,
                forecast=(begin, finish) if known else planned,
                actual=(begin if begin < TODAY else None, finish if over else None),
            )
        )
    return tuple(made)
