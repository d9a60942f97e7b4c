"""What the first page says of a territory: what waits for a decision, where measures stand on the map.

A fixed number of queries whatever the number of measures; each sees only what the actor may see.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.flags import OVER, months_before
from belvedere.domains.plans.language import in_language, language_of
from belvedere.domains.plans.models import FundingLine, Measure, MeasurePlace, Milestone, PlanMembership
from belvedere.domains.plans.policies import visible
from belvedere.domains.plans.states import LOST_FUNDING, Agreement, Flag, Implementation
from belvedere.domains.plans.vocabulary import MilestoneType
from belvedere.kernel.money import Kind, Money, Vat

# Beyond as many the page says how many there are and leads to the list.
MOST = 400
DECIDED = (MilestoneType.CREDIT, MilestoneType.FINANCING, MilestoneType.TENDER, MilestoneType.PERMIT)
RISKS = (Flag.LATE, Flag.DEADLINE_RISK, Flag.UNFUNDED)
_SETTLED = (Agreement.CLAIMS, Agreement.FINAL_ACCOUNT, Agreement.CLOSED, Agreement.FORFEITED)
_Row = tuple[date, "Matter", UUID]
WAITING = frozenset({Implementation.NOT_STARTED, Implementation.SUSPENDED})


class Matter(StrEnum):
    """What waits: a step of the project that a body decides, or a deadline of aid."""

    CREDIT = "credit"
    FINANCING = "financing_agreement"
    TENDER = "tender"
    PERMIT = "permit"
    START = "start"  # the works, or the aid is lost
    CLAIM = "claim"  # the aid, or it is lost


@dataclass(frozen=True, slots=True)
class Glimpse:
    """The few facts of a measure that a decision is weighed by. `at_stake`: aid bound to deadlines."""

    id: UUID
    title: str
    title_language: str
    codes: str
    owner_id: UUID
    owner_name: str
    cost: Money | None
    net: Money | None
    at_stake: Money | None
    works_start: date | None
    start_deadline: date | None
    implementation: Implementation


@dataclass(frozen=True, slots=True)
class Due:
    """One matter of a measure and its day; a day gone by is overdue."""

    matter: Matter
    day: date
    measure: Glimpse


@dataclass(frozen=True, slots=True)
class Stake:
    """Measures and the aid that hangs on them, a sum for each kind of money."""

    measures: int
    amounts: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class ToDecide:
    """`due` from `today` on, by day; `late`: what hangs on most first. `coming` and `overdue` count them all.

    `complete`: False beyond `MOST`. `stake`: of all of them.
    """

    due: tuple[Due, ...]
    late: tuple[Due, ...]
    coming: int
    overdue: int
    complete: bool
    stake: Stake

    @property
    def total(self) -> int:
        return self.coming + self.overdue


def _alive(actor: Actor, territory_id: UUID) -> QuerySet[Measure]:
    return Measure.objects.filter(visible(actor, territory_id)).exclude(implementation__in=OVER)


def to_decide(
    actor: Actor,
    territory_id: UUID,
    *,
    day: date,
    until: date,
    language: str,
    shown: int = 12,
    shown_late: int = 3,
    owners: frozenset[UUID] | None = None,
) -> ToDecide:
    """What is to be decided or met until a day, overdue included; `owners` narrows to their measures."""
    alive = _alive(actor, territory_id)
    if owners is not None:
        alive = alive.filter(owner_id__in=owners)
    found = list(dict.fromkeys(sorted(_deadlines(alive, until) + _steps(alive, until))))
    coming = [row for row in found if row[0] >= day]
    late = _weightiest([row for row in found if row[0] < day])
    shown_rows = coming[:shown] + late[:shown_late]
    glimpses = glimpses_of(actor, territory_id, [row[2] for row in shown_rows], language=language)

    def told(rows: Sequence[_Row]) -> tuple[Due, ...]:
        return tuple(Due(matter, day, glimpses[pk]) for day, matter, pk in rows if pk in glimpses)

    return ToDecide(
        due=told(coming[:shown]),
        late=told(late[:shown_late]),
        coming=len(coming),
        overdue=len(late),
        complete=len(found) < MOST,
        stake=_stake(Measure.objects.filter(pk__in={measure_id for _day, _matter, measure_id in found})),
    )


def _weightiest(rows: list[_Row]) -> list[_Row]:
    """By the aid that hangs on the measure, then by day."""
    stakes = dict(
        Measure.objects.filter(pk__in={row[2] for row in rows}).values_list("pk", "figures__at_stake")
    )
    return sorted(rows, key=lambda row: (-(stakes.get(row[2]) or 0), row[0], row[2]))


def _steps(alive: QuerySet[Measure], until: date) -> list[_Row]:
    rows = (
        Milestone.objects.filter(measure__in=alive.values("pk"), type__in=DECIDED, actual__isnull=True)
        .annotate(day=Coalesce("forecast", "planned"))
        .filter(day__lte=until)
        .order_by("day", "measure_id")
        .values_list("day", "type", "measure_id")
    )
    return [(day, Matter(kind), measure_id) for day, kind, measure_id in rows[:MOST]]


def _deadlines(alive: QuerySet[Measure], until: date) -> list[_Row]:
    waiting = alive.filter(figures__start_deadline__lte=until, implementation__in=WAITING)
    starts = waiting.order_by("figures__start_deadline", "pk").values_list("pk", "figures__start_deadline")
    found = [(day, Matter.START, pk) for pk, day in starts[:MOST] if day is not None]
    listed = PlanMembership.objects.filter(claim_deadline__lte=until).exclude(agreement__in=_SETTLED)
    funded = FundingLine.objects.filter(claim_deadline__lte=until).exclude(state__in=LOST_FUNDING)
    here = alive.values("pk")
    claims: list[tuple[date | None, UUID]] = [
        *listed.filter(measure__in=here)
        .order_by("claim_deadline")
        .values_list("claim_deadline", "measure_id")[:MOST],
        *funded.filter(measure__in=here)
        .order_by("claim_deadline")
        .values_list("claim_deadline", "measure_id")[:MOST],
    ]
    return found + [(day, Matter.CLAIM, pk) for day, pk in claims if day is not None]


def endangered(
    actor: Actor, territory_id: UUID, *, language: str, shown: int = 5, owners: frozenset[UUID] | None = None
) -> tuple[tuple[Glimpse, ...], Stake]:
    """The measures that miss a deadline of aid as things stand, what hangs on most first, and their sum."""
    alive = _alive(actor, territory_id).filter(figures__flags__overlap=[Flag.DEADLINE_RISK])
    if owners is not None:
        alive = alive.filter(owner_id__in=owners)
    ids = list(alive.order_by("-figures__at_stake", "pk").values_list("pk", flat=True)[:shown])
    glimpses = glimpses_of(actor, territory_id, ids, language=language)
    return tuple(glimpses[pk] for pk in ids if pk in glimpses), _stake(alive)


def _stake(measures: QuerySet[Measure]) -> Stake:
    rows = list(
        measures.order_by()
        .values("figures__currency", "figures__vat", "figures__price_base")
        .annotate(number=Count("pk"), sum=Sum("figures__at_stake"))
    )
    amounts = [
        Money(row["sum"], _kind(row)) for row in rows if row["sum"] and row["figures__currency"] is not None
    ]
    amounts.sort(key=lambda money: -money.amount)
    return Stake(sum(row["number"] for row in rows), tuple(amounts))


def _kind(row: Mapping[str, Any]) -> Kind:
    return Kind(row["figures__currency"], Vat(row["figures__vat"]), row["figures__price_base"])


_FIELDS = (
    "id", "title", "shown_title", "owner_id", "owner_name", "implementation", "figures__codes",
    "figures__cost", "figures__net", "figures__at_stake", "figures__works_start", "figures__start_deadline",
    "figures__currency", "figures__vat", "figures__price_base",
)  # fmt: skip


def glimpses_of(
    actor: Actor, territory_id: UUID, measure_ids: Collection[UUID], *, language: str
) -> dict[UUID, Glimpse]:
    """Those of these measures that the actor may see."""
    rows = (
        Measure.objects.filter(visible(actor, territory_id), pk__in=list(measure_ids))
        .annotate(
            shown_title=in_language("title", language), owner_name=in_language("owner__names", language)
        )
        .values(*_FIELDS)
    )
    return {row["id"]: _glimpse(row, language) for row in rows}


def _glimpse(row: Mapping[str, Any], language: str) -> Glimpse:
    kind = _kind(row) if row["figures__currency"] is not None else None

    def money(name: str) -> Money | None:
        amount: Decimal | None = row[f"figures__{name}"]
        return None if kind is None or amount is None else Money(amount, kind)

    return Glimpse(
        id=row["id"],
        title=row["shown_title"],
        title_language=language_of(row["title"], language),
        codes=row["figures__codes"] or "",
        owner_id=row["owner_id"],
        owner_name=row["owner_name"],
        cost=money("cost"),
        net=money("net"),
        at_stake=money("at_stake") if row["figures__at_stake"] else None,
        works_start=row["figures__works_start"],
        start_deadline=row["figures__start_deadline"],
        implementation=Implementation(row["implementation"]),
    )


@dataclass(frozen=True, slots=True)
class Standings:
    """How many measures are in progress, start within twelve months, are at risk: in all and by place."""

    total: int
    done: int
    in_progress: int
    starting: int
    at_risk: int
    by_place: Mapping[UUID, tuple[int, int, int]]


def standings(actor: Actor, territory_id: UUID, day: date) -> Standings:
    """A measure on several places counts in each of them, and once in all."""
    seen = Measure.objects.filter(visible(actor, territory_id))
    soon = months_before(day, -12)
    over = Q(implementation__in=OVER)
    asked = {
        "in_progress": Q(implementation=Implementation.IN_PROGRESS),
        "starting": Q(
            implementation__in=WAITING, figures__works_start__gte=day, figures__works_start__lt=soon
        ),
        "at_risk": Q(figures__flags__overlap=list(RISKS)) & ~over,
    }
    sums = seen.aggregate(
        total=Count("pk"),
        done=Count("pk", filter=Q(implementation=Implementation.DONE)),
        **{name: Count("pk", filter=condition) for name, condition in asked.items()},
    )
    found: dict[UUID, list[int]] = {}
    for at, condition in enumerate(asked.values()):
        rows = (
            MeasurePlace.objects.filter(measure__in=seen.filter(condition).values("pk"))
            .order_by()
            .values("place_id")
            .annotate(number=Count("measure_id", distinct=True))
            .values_list("place_id", "number")
        )
        for place_id, number in rows:
            found.setdefault(place_id, [0, 0, 0])[at] = number
    return Standings(
        **sums, by_place={place: (one, two, three) for place, (one, two, three) in found.items()}
    )


__all__ = [
    "DECIDED",
    "MOST",
    "RISKS",
    "Due",
    "Glimpse",
    "Matter",
    "Stake",
    "Standings",
    "ToDecide",
    "endangered",
    "glimpses_of",
    "standings",
    "to_decide",
]
