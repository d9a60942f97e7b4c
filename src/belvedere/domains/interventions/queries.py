"""Typed reads of interventions, for who asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet

from belvedere.domains.access.public import Actor, names_of
from belvedere.domains.interventions.errors import NoSuchIntervention
from belvedere.domains.interventions.models import Intervention, Photo, SentAct, Signature, TeamMember
from belvedere.domains.interventions.policies import NO_SUCH, may_do, may_plan, visible
from belvedere.domains.interventions.states import OPEN, WITH_THE_TEAM, Act, Kind, Outcome, State
from belvedere.domains.interventions.views import (
    HeldView,
    InterventionView,
    PartView,
    PhotoView,
    PointView,
    Row,
    SignatureView,
    StepView,
    Tallies,
)
from belvedere.kernel.clock import now
from belvedere.kernel.identifiers import fold
from belvedere.kernel.money import Kind as MoneyKind
from belvedere.kernel.money import Money, Totals
from belvedere.kernel.paging import Page, Window
from belvedere.kernel.severity import Severity

FIRST = Window()
MOST_IN_A_DAY = 60


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which interventions are asked for; empty asks for nothing in particular."""

    text: str = ""
    states: Collection[State] = ()
    kinds: Collection[Kind] = ()
    priorities: Collection[Severity] = ()
    teams: Collection[UUID] = ()
    owners: Collection[UUID] = ()
    contracts: Collection[UUID] = ()
    equipment: Collection[UUID] = ()
    alarms: Collection[int] = ()
    things: Collection[int] = ()
    days: tuple[date, date] | None = None  # planned from the first to the last
    unplanned: bool = False  # without a day
    late: bool = False


def is_late(at: datetime) -> Q:
    """That something was due by the contract and has not been done."""
    return (
        Q(due_acknowledge__lt=at, accepted_at__isnull=True)
        | Q(due_arrive__lt=at, arrived_at__isnull=True)
        | Q(due_repair__lt=at, finished_at__isnull=True)
    ) & Q(state__in=OPEN)


def selected(actor: Actor, territory_id: UUID, wanted: Wanted) -> QuerySet[Intervention]:
    rows = Intervention.objects.filter(visible(actor, territory_id))
    chosen: dict[str, Collection[object]] = {
        "state__in": wanted.states,
        "kind__in": wanted.kinds,
        "priority__in": [one.value for one in wanted.priorities],
        "team_id__in": wanted.teams,
        "owner_id__in": wanted.owners,
        "contract_id__in": wanted.contracts,
        "equipment_id__in": wanted.equipment,
        "alarm_id__in": wanted.alarms,
        "entity_id__in": wanted.things,
    }
    rows = rows.filter(**{column: list(values) for column, values in chosen.items() if values})
    if wanted.days is not None:
        rows = rows.filter(planned_on__range=wanted.days)
    if wanted.unplanned:
        rows = rows.filter(planned_on__isnull=True)
    if wanted.late:
        rows = rows.filter(is_late(now()))
    for word in fold(wanted.text).split():
        rows = rows.filter(search__contains=word)
    return rows


def listed(actor: Actor, territory_id: UUID, wanted: Wanted, window: Window = FIRST) -> Page[Row]:
    """The interventions that fit: the open ones first by day and urgency, then the latest."""
    rows = selected(actor, territory_id, wanted)
    total = rows.count()
    ordered = rows.select_related("team").annotate(open=Q(state__in=OPEN))
    some = ordered.order_by("-open", "planned_on", "day_order", "-priority", "-number")
    at = now()
    return Page([row_of(one, at) for one in some[window.start : window.start + window.size]], total, window)


def by_id(actor: Actor, territory_id: UUID, ids: Collection[UUID]) -> dict[UUID, Row]:
    """Those of `ids` that the actor may see."""
    if not ids:
        return {}
    rows = selected(actor, territory_id, Wanted()).filter(pk__in=list(ids)).select_related("team")
    at = now()
    return {one.pk: row_of(one, at) for one in rows}


def found_by_words(actor: Actor, territory_id: UUID, text: str, *, most: int) -> list[UUID]:
    """The ids of those with these words, the newest `most`."""
    rows = selected(actor, territory_id, Wanted(text=text)).order_by("-number")
    return list(rows.values_list("pk", flat=True)[:most])


def row_of(one: Intervention, at: datetime) -> Row:
    due = next_due(one)
    return Row(
        id=one.pk,
        number=one.number,
        what=one.what,
        kind=Kind(one.kind),
        priority=Severity(one.priority),
        state=State(one.state),
        where=one.where,
        at=None if one.longitude is None or one.latitude is None else (one.longitude, one.latitude),
        owner_id=one.owner_id,
        equipment_id=one.equipment_id,
        contract_id=one.contract_id,
        team_id=one.team_id,
        team=one.team.name if one.team else "",
        planned_on=one.planned_on,
        order=one.day_order,
        due=due,
        late=due is not None and due < at,
        version=one.version,
    )


def next_due(one: Intervention) -> datetime | None:
    """The first instant that the contract asks for something not yet done; None where nothing is."""
    if one.state not in OPEN:
        return None
    dues = (
        (one.due_acknowledge, one.accepted_at),
        (one.due_arrive, one.arrived_at),
        (one.due_repair, one.finished_at),
    )
    return min((due for due, done in dues if due is not None and done is None), default=None)


def tallies(actor: Actor, territory_id: UUID) -> Tallies:
    """How many there are; `held` of those that the actor plans."""
    rows = Intervention.objects.filter(visible(actor, territory_id))
    states: Counter[State] = Counter()
    for state in rows.values_list("state", flat=True):
        states[State(state)] += 1
    return Tallies(states, rows.filter(is_late(now())).count(), held_rows(actor, territory_id).count())


def held_rows(actor: Actor, territory_id: UUID) -> QuerySet[SentAct]:
    seen = Intervention.objects.filter(visible(actor, territory_id))
    rows = SentAct.objects.filter(intervention__in=seen, outcome=Outcome.REFUSED, settled_at__isnull=True)
    return rows.select_related("intervention").order_by("received_at", "pk")


def held(actor: Actor, territory_id: UUID) -> tuple[HeldView, ...]:
    """The acts of phones that could not be taken and nobody has looked at."""
    return _held(held_rows(actor, territory_id)[:100])


def held_of(actor: Actor, territory_id: UUID) -> tuple[HeldView, ...]:
    """Those of the actor himself, looked at or not, of the last days: for his phone."""
    if actor.person_id is None:
        return ()
    rows = SentAct.objects.filter(
        territory_id=territory_id, person_id=actor.person_id, outcome=Outcome.REFUSED
    )
    return _held(rows.select_related("intervention").order_by("-received_at")[:30])


def _held(rows: Iterable[SentAct]) -> tuple[HeldView, ...]:
    found = list(rows)
    names = names_of({one.person_id for one in found})
    return tuple(
        HeldView(
            id=one.pk,
            intervention_id=one.intervention_id,
            number=one.intervention.number if one.intervention else "",
            act=Act(one.act),
            done_at=one.done_at,
            received_at=one.received_at,
            by=names.get(one.person_id, ""),
            why=one.why,
            why_data=one.why_data,
            data=one.data,
            has_picture=bool(one.content),
        )
        for one in found
    )


def find(actor: Actor, intervention_id: UUID) -> Intervention:
    rows = Intervention.objects.select_related("team")
    row = rows.filter(pk=intervention_id).first()
    if row is None or not rows.filter(visible(actor, row.territory_id), pk=row.pk).exists():
        raise NoSuchIntervention(NO_SUCH)
    return row


def intervention(actor: Actor, intervention_id: UUID) -> InterventionView:
    """One intervention; NoSuchIntervention for who may not know of it."""
    return views_of(actor, [find(actor, intervention_id)])[0]


def views_of(actor: Actor, rows: list[Intervention]) -> list[InterventionView]:
    at = now()
    return [_view(actor, row, at) for row in rows]


def _parts(row: Intervention) -> tuple[PartView, ...]:
    money = MoneyKind(row.currency)
    return tuple(
        PartView(one.words, one.quantity, None if one.amount is None else Money(one.amount, money))
        for one in row.parts.order_by("at", "pk")
    )


@dataclass(frozen=True, slots=True)
class _Spent:
    minutes: int
    unpriced: int
    parts: Money | None
    labour: Money | None
    total: Money | None


def _spent(row: Intervention, parts: Iterable[PartView]) -> _Spent:
    """What the work took and cost; no sum where nothing of it is known."""
    money = MoneyKind(row.currency)
    times = list(row.times.values_list("minutes", "hourly"))
    costs = [one.cost for one in parts if one.cost is not None]
    labour = [Money(hourly, money).times(Decimal(minutes) / 60) for minutes, hourly in times if hourly]
    found = (Totals(one).of(money) if one else None for one in (costs, labour, costs + labour))
    unpriced = sum(minutes for minutes, hourly in times if hourly is None)
    return _Spent(sum(minutes for minutes, _hourly in times), unpriced, *found)


def _view(actor: Actor, row: Intervention, at: datetime) -> InterventionView:
    steps = list(row.steps.order_by("at", "pk"))
    people = {one.person_id for one in steps if one.person_id} | (
        {row.assigned_id} if row.assigned_id else set()
    )
    names = names_of(people)
    parts = _parts(row)
    spent = _spent(row, parts)
    held = row.sent.filter(outcome=Outcome.REFUSED, settled_at__isnull=True).order_by("received_at")
    return InterventionView(
        row=row_of(row, at),
        territory_id=row.territory_id,
        details=row.details,
        skills=row.skills,
        entity_id=row.entity_id,
        alarm_id=row.alarm_id,
        assigned_id=row.assigned_id,
        assigned=names.get(row.assigned_id, "") if row.assigned_id else "",
        dispatched_at=row.dispatched_at,
        accepted_at=row.accepted_at,
        arrived_at=row.arrived_at,
        finished_at=row.finished_at,
        due_acknowledge=row.due_acknowledge,
        due_arrive=row.due_arrive,
        due_repair=row.due_repair,
        remark=row.remark,
        currency=row.currency,
        points=tuple(
            PointView(*one)
            for one in row.points.order_by("position").values_list("position", "words", "done_at")
        ),
        steps=tuple(
            StepView(
                one.at,
                one.known_at,
                Act(one.act),
                one.before,
                one.after,
                names.get(one.person_id, "") if one.person_id else "",
                one.note,
                one.data,
            )
            for one in steps
        ),
        photos=tuple(_photo(one) for one in row.photos.defer("content").order_by("taken_at", "pk")),
        parts=parts,
        minutes=spent.minutes,
        cost=spent.parts,
        labour=spent.labour,
        unpriced=spent.unpriced,
        total=spent.total,
        signature=_signature(row),
        held=_held(held.select_related("intervention")),
        may_plan=may_plan(actor, row.territory_id, row.owner_id) is None,
        may_do=may_do(actor, row) is None,
        created_at=row.created_at,
    )


def _photo(one: Photo) -> PhotoView:
    at = None if one.longitude is None or one.latitude is None else (one.longitude, one.latitude)
    return PhotoView(one.pk, one.caption, one.taken_at, at)


def _signature(row: Intervention) -> SignatureView | None:
    one = Signature.objects.filter(intervention=row).first()
    return None if one is None else SignatureView(one.name, bool(one.image), one.signed_at)


def photo(actor: Actor, intervention_id: UUID, photo_id: UUID) -> tuple[bytes, str]:
    """The content of a photo and its media type."""
    row = find(actor, intervention_id)
    one = Photo.objects.filter(intervention=row, pk=photo_id).first()
    if one is None:
        raise NoSuchIntervention(NO_SUCH)
    return bytes(one.content), one.media_type


def signature_image(actor: Actor, intervention_id: UUID) -> bytes:
    """What was drawn as signature (PNG)."""
    one = Signature.objects.filter(intervention=find(actor, intervention_id)).first()
    if one is None or not one.image:
        raise NoSuchIntervention(NO_SUCH)
    return bytes(one.image)


def held_picture(actor: Actor, intervention_id: UUID, act_id: UUID) -> bytes:
    """The picture of an act that could not be taken."""
    one = SentAct.objects.filter(intervention=find(actor, intervention_id), pk=act_id).first()
    if one is None or not one.content:
        raise NoSuchIntervention(NO_SUCH)
    return bytes(one.content)


def day_of(actor: Actor, territory_id: UUID, day: date) -> list[InterventionView]:
    """What the actor has to do on the spot until that day, in order; what is done that day stays in sight."""
    if actor.person_id is None:
        return []
    mine = TeamMember.objects.filter(person_id=actor.person_id, team__organisation_id__in=list(actor.roles))
    rows = Intervention.objects.filter(
        visible(actor, territory_id),
        Q(assigned_id=actor.person_id) | Q(assigned__isnull=True),
        team_id__in=mine.values("team_id"),
    )
    waiting = Q(state__in=WITH_THE_TEAM) & (Q(planned_on__lte=day) | Q(planned_on__isnull=True))
    rows = rows.filter(waiting | Q(state=State.DONE, finished_at__date=day))
    ordered = rows.select_related("team").order_by("planned_on", "day_order", "-priority", "number")
    return views_of(actor, list(ordered[:MOST_IN_A_DAY]))
