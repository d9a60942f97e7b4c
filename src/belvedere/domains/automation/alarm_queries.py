"""Reads of alarms: the list of the desk, one alarm with its timeline, those of a thing."""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Count, Q, QuerySet

from belvedere.domains.access.public import Actor, names_of
from belvedere.domains.automation.errors import NoSuchAlarm
from belvedere.domains.automation.models import Alarm, AlarmStep
from belvedere.domains.automation.policies import may, visible
from belvedere.domains.automation.rule_queries import rule_view
from belvedere.domains.automation.states import ACTIVE, OPEN, Act, AlarmState, Why
from belvedere.domains.automation.views import AlarmList, AlarmPage, AlarmView, RaisedBy, StepView
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, InvalidInput
from belvedere.kernel.identifiers import fold
from belvedere.kernel.severity import Severity

NO_SUCH = N_("There is no such alarm, or it is not yours to see.")
LARGEST_PAGE = 500
RAISING = (Act.RAISE.value, Act.RAISE_AGAIN.value)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which alarms; an empty collection or text asks for nothing in particular.

    `states`: the open ones when empty. `shelved`: with those that are shelved now (True: only them).
    `grouped`: also those grouped beneath another, one by one. `newest`: the last raised first, not the most
    urgent. `raised`: raised, the first time or again, from one instant to before another.
    """

    states: Collection[AlarmState] = ()
    severities: Collection[Severity] = ()
    kinds: Collection[str] = ()
    owners: Collection[UUID] = ()
    places: Collection[UUID] = ()
    rules: Collection[int] = ()
    things: Collection[int] = ()
    text: str = ""
    since: datetime | None = None
    raised: tuple[datetime, datetime] | None = None
    shelved: bool | None = False
    grouped: bool = False
    newest: bool = False


def alarms(
    actor: Actor, territory_id: UUID, filters: Filters | None = None, *, after: str = "", size: int = 60
) -> AlarmList:
    """A page of the alarms that the actor may see, the most urgent first, then the last raised."""
    wanted = filters or Filters()
    if not 0 < size <= LARGEST_PAGE:
        raise InvalidInput(N_("A page holds 1 to {largest} rows."), largest=LARGEST_PAGE)
    rows = _fitting(Alarm.objects.filter(visible(actor, territory_id)), wanted)
    by_state, by_severity = _counted(rows)
    order = ("-raised_at", "-id") if wanted.newest else ("-severity", "-raised_at", "-id")
    page = rows if not after else rows.filter(_beyond(after, newest=wanted.newest))
    found = list(page.select_related("version").order_by(*order)[: size + 1])
    shown = found[:size]
    return AlarmList(
        rows=tuple(views_of(shown)),
        after=_mark(shown[-1]) if len(found) > size else "",
        total=sum(by_state.values()),
        by_state=by_state,
        by_severity=by_severity,
    )


def alarm(actor: Actor, alarm_id: int) -> AlarmPage:
    """One alarm with its timeline, its rule as it was, and what is grouped with it; NoSuchAlarm."""
    rows = Alarm.objects.select_related("version__rule", "parent__version")
    row = rows.filter(pk=alarm_id).first()
    if row is None or may(actor, "view", row.territory_id, row.owner_id) is not None:
        raise NoSuchAlarm(NO_SUCH)
    beneath = Alarm.objects.filter(visible(actor, row.territory_id), parent=row).select_related("version")
    return AlarmPage(
        alarm=views_of([row])[0],
        rule=rule_view(row.version.rule, row.version),
        steps=tuple(_steps(row.pk)),
        children=tuple(views_of(beneath.order_by("-severity", "-raised_at", "-id")[:LARGEST_PAGE])),
        parent=views_of([row.parent])[0] if row.parent is not None else None,
    )


def alarms_of(actor: Actor, territory_id: UUID, entity_id: int, *, size: int = 20) -> list[AlarmView]:
    """The last alarms of a thing, those that are open first."""
    rows = Alarm.objects.filter(visible(actor, territory_id), entity_id=entity_id)
    found = list(rows.select_related("version").order_by("-raised_at", "-id")[:size])
    return sorted(views_of(found), key=lambda one: not one.is_open)


def going_on(rule_id: int) -> frozenset[int]:
    """The things that a rule finds wrong now, whoever asks: without those on the shelf."""
    rows = Alarm.objects.filter(rule_id=rule_id, state__in=list(ACTIVE), shelved_until__isnull=True)
    return frozenset(one for one in rows.values_list("entity_id", flat=True) if one)


def alarms_by_id(actor: Actor, territory_id: UUID, ids: Collection[int]) -> dict[int, AlarmView]:
    """Those of `ids` that the actor may see."""
    if not ids:
        return {}
    rows = Alarm.objects.filter(visible(actor, territory_id), pk__in=list(ids)).select_related("version")
    return {one.id: one for one in views_of(rows)}


def steps_by_id(
    actor: Actor, territory_id: UUID, ids: Collection[int]
) -> dict[int, tuple[AlarmView, StepView]]:
    """Steps of timelines with their alarms, where the actor may see these."""
    rows = list(AlarmStep.objects.filter(pk__in=list(ids))) if ids else []
    known = alarms_by_id(actor, territory_id, {row.alarm_id for row in rows})
    return {
        one.id: (known[row.alarm_id], one)
        for row, one in zip(rows, _steps_of(rows), strict=True)
        if row.alarm_id in known
    }


def found_by_words(actor: Actor, territory_id: UUID, text: str, *, most: int) -> list[int]:
    """The numbers of alarms with these words, whatever their state, the newest `most`."""
    wanted = Filters(states=tuple(AlarmState), text=text, shelved=None, grouped=True)
    rows = _fitting(Alarm.objects.filter(visible(actor, territory_id)), wanted)
    return list(rows.order_by("-raised_at").values_list("pk", flat=True)[:most])


def views_of(rows: Iterable[Alarm]) -> list[AlarmView]:
    """Rows, whose version was read with them, as values."""
    found = list(rows)
    beneath: dict[int | None, int] = {}
    if found:
        open_ones = Alarm.objects.filter(parent_id__in=[row.pk for row in found], state__in=list(OPEN))
        beneath = dict(open_ones.order_by().values_list("parent_id").annotate(n=Count("*")))
    return [_view(row, beneath.get(row.pk, 0)) for row in found]


def _fitting(rows: QuerySet[Alarm], wanted: Filters) -> QuerySet[Alarm]:
    chosen: dict[str, Collection[Any]] = {
        "state__in": wanted.states or OPEN,
        "severity__in": wanted.severities,
        "kind__in": wanted.kinds,
        "owner_id__in": wanted.owners,
        "place_id__in": wanted.places,
        "rule_id__in": wanted.rules,
        "entity_id__in": wanted.things,
    }
    rows = rows.filter(**{column: list(values) for column, values in chosen.items() if values})
    if wanted.since is not None:
        rows = rows.filter(raised_at__gte=wanted.since)
    if wanted.raised is not None:
        start, end = wanted.raised
        steps = AlarmStep.objects.filter(act__in=RAISING, at__gte=start, at__lt=end)
        rows = rows.filter(pk__in=steps.values("alarm_id"))
    if not wanted.grouped:
        rows = rows.filter(parent__isnull=True)
    if wanted.shelved is not None:
        shelved = Q(shelved_until__isnull=False, shelved_until__gt=now())
        rows = rows.filter(shelved if wanted.shelved else ~shelved)
    for word in fold(wanted.text).split():
        rows = rows.filter(search__contains=word)
    return rows


def _counted(rows: QuerySet[Alarm]) -> tuple[dict[AlarmState, int], dict[Severity, int]]:
    by_state: dict[AlarmState, int] = {}
    by_severity: dict[Severity, int] = {}
    for state, severity, n in rows.order_by().values_list("state", "severity").annotate(n=Count("*")):
        by_state[AlarmState(state)] = by_state.get(AlarmState(state), 0) + n
        if state in ACTIVE:
            by_severity[Severity(severity)] = by_severity.get(Severity(severity), 0) + n
    return by_state, by_severity


def _mark(row: Alarm) -> str:
    raised_us = (row.raised_at - _EPOCH) // timedelta(microseconds=1)
    packed = msgspec.json.encode([row.severity, raised_us, row.pk])
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _beyond(after: str, *, newest: bool) -> Q:
    """What follows the last row of a page."""
    try:
        packed = base64.urlsafe_b64decode(after + "=" * (-len(after) % 4))
        severity, raised_us, pk = msgspec.json.decode(packed, type=tuple[int, int, int])
        raised_at = _EPOCH + timedelta(microseconds=raised_us)
    except (ValueError, OverflowError, msgspec.MsgspecError) as error:
        raise InvalidInput(N_("This page of the list is not there. Begin at the first one.")) from error
    later = Q(raised_at__lt=raised_at) | Q(raised_at=raised_at, pk__lt=pk)
    return later if newest else Q(severity__lt=severity) | (Q(severity=severity) & later)


def _steps(alarm_id: int) -> list[StepView]:
    return _steps_of(list(AlarmStep.objects.filter(alarm_id=alarm_id).order_by("pk")))


def _steps_of(rows: Collection[AlarmStep]) -> list[StepView]:
    names = names_of({row.person_id for row in rows if row.person_id is not None})
    return [
        StepView(
            id=row.pk,
            at=row.at,
            act=Act(row.act),
            before=row.before,
            after=AlarmState(row.after),
            person_id=row.person_id,
            by=names.get(row.person_id, "") if row.person_id else "",
            note=row.note,
            data=row.data,
        )
        for row in rows
    ]


def _view(row: Alarm, children: int) -> AlarmView:
    return AlarmView(
        id=row.pk,
        territory_id=row.territory_id,
        rule_id=row.rule_id,
        version=row.version.number,
        rule_name=row.version.name,
        entity_id=row.entity_id,
        kind=row.kind,
        names=row.names,
        owner_id=row.owner_id,
        place_id=row.place_id,
        longitude=row.longitude,
        latitude=row.latitude,
        severity=Severity(row.severity),
        state=AlarmState(row.state),
        times=row.times,
        raised_at=row.raised_at,
        first_raised_at=row.first_raised_at,
        known_at=row.known_at,
        acknowledged_at=row.acknowledged_at,
        cleared_at=row.cleared_at,
        why_cleared=Why(row.why_cleared),
        closed_at=row.closed_at,
        shelved_until=row.shelved_until,
        shelved_why=row.shelved_why,
        parent_id=row.parent_id,
        values=tuple(_raised_by(one) for one in row.values),
        children=children,
    )


def _raised_by(one: dict[str, Any]) -> RaisedBy:
    at, foreseen_at = one.get("at"), one.get("foreseen_at")
    return RaisedBy(
        attribute=one["attribute"],
        number=one.get("number"),
        text=one.get("text", ""),
        unit=one.get("unit", ""),
        at=datetime.fromisoformat(at) if at else None,
        series_id=one["series_id"],
        usual=one.get("usual"),
        foreseen_at=datetime.fromisoformat(foreseen_at) if foreseen_at else None,
        among=one.get("among"),
        counted=one.get("counted"),
        thing=one.get("thing"),
        names=one.get("names", {}),
    )
