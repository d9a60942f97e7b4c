"""Absences of those on a roster, read from a calendar file (RFC 5545): when, never why.

An absence changes no turn: who is away stays the one who is told until a stand-in is entered, so that no
hour is without anybody by a mistake in a calendar. What is asked for is shown, and told to who writes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from icalendar import Calendar, Event

from belvedere.domains.access.public import Actor, Role, holders, names_of
from belvedere.domains.duty.bodies import roster_body
from belvedere.domains.duty.errors import BadCalendar, NoSuchRoster
from belvedere.domains.duty.models import Absence, Roster
from belvedere.domains.duty.policies import may_write, require, visible
from belvedere.domains.duty.queries import NO_SUCH_ROSTER
from belvedere.domains.duty.reaching import calculated
from belvedere.domains.duty.views import GapView
from belvedere.domains.reach import public as reach
from belvedere.domains.territory.public import TerritoryView, territory_by_id
from belvedere.duties.journal.public import record, signed
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_
from belvedere.kernel.identifiers import sha256
from belvedere.kernel.severity import Severity
from belvedere.science.rosters import turns

LARGEST: Final = 500_000
MOST_EVENTS: Final = 1000
AHEAD: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Away:
    uid: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Read:
    """What a file held: absences to come; `past`: over already, or more than a year ahead; `repeated`:
    events that come back, which are not read; `odd`: events without a time, or called off."""

    away: tuple[Away, ...]
    past: int = 0
    repeated: int = 0
    odd: int = 0


def read_absences(content: bytes, zone: str, at: datetime) -> Read:
    """The events of a calendar as absences; whole days and times without a zone are those of the territory.

    Raises:
        BadCalendar: it is none, or too long.
    """
    if len(content) > LARGEST:
        raise BadCalendar(N_("This calendar is too large. Export only the coming months."), field="file")
    try:
        events = [one for one in Calendar.from_ical(content).walk("VEVENT") if isinstance(one, Event)]
    except (ValueError, IndexError, KeyError):
        raise BadCalendar(
            N_("This is not a calendar. Export it as an .ics file, then choose that file."), field="file"
        ) from None
    if len(events) > MOST_EVENTS:
        raise BadCalendar(N_("This calendar is too large. Export only the coming months."), field="file")
    found: dict[str, Away] = {}
    past = repeated = odd = 0
    for event in events:
        if "RRULE" in event or "RDATE" in event:
            repeated += 1
            continue
        one = _away(event, ZoneInfo(zone))
        if one is None:
            odd += 1
        elif one.until <= at or one.since > at + AHEAD:
            past += 1
        else:
            found[one.uid] = one
    return Read(tuple(found.values()), past, repeated, odd)


def _away(event: Event, zone: ZoneInfo) -> Away | None:
    try:
        start, end = event.decoded("DTSTART"), event.decoded("DTEND", None)
        length = event.decoded("DURATION", None)
    except (ValueError, KeyError, TypeError):
        return None
    if str(event.get("STATUS", "")).upper() == "CANCELLED" or not isinstance(start, date):
        return None
    if end is None:
        whole_day = timedelta(0) if isinstance(start, datetime) else timedelta(days=1)
        end = start + (length if isinstance(length, timedelta) else whole_day)
    if not isinstance(end, date):
        return None
    since, until = _instant(start, zone), _instant(end, zone)
    uid = str(event.get("UID", "")) or f"{since.isoformat()}/{until.isoformat()}"
    return Away(sha256(uid.encode())[:64], since, until) if until > since else None


def _instant(at: date, zone: ZoneInfo) -> datetime:
    if not isinstance(at, datetime):
        at = datetime.combine(at, time())
    return at if at.tzinfo is not None else at.replace(tzinfo=zone)


def take_absences(
    *, actor: Actor, territory: TerritoryView, roster_id: UUID, person_id: UUID, content: bytes
) -> Read:
    """Keep when a person of a roster is away, in the place of what was kept; who enters stand-ins there is
    told where one is missing. People give their own calendar, who writes the roster that of anybody."""
    with transaction.atomic():
        row = _locked(actor, territory, roster_id)
        if person_id != actor.person_id or actor.scopes is not None:
            require(may_write(actor, territory.id, row.owner_id))
        if person_id not in roster_body(row.body).everybody():
            raise BadCalendar(N_("Choose somebody of the roster."), field="person")
        read = read_absences(content, territory.zone, now())
        before = Absence.objects.filter(roster=row, person_id=person_id, until__gt=now())
        before.exclude(uid__in=[one.uid for one in read.away]).delete()
        for one in read.away:
            Absence.objects.update_or_create(
                roster=row,
                person_id=person_id,
                uid=one.uid,
                defaults={"since": one.since, "until": one.until},
            )
        record(
            **signed(actor),
            verb="duty.take_absences",
            subject=("duty.roster", str(row.pk)),
            territory_id=row.territory_id,
            before={},
            after={"person": str(person_id), "absences": len(read.away)},
        )
        _ask(row, person_id)
    return read


def forget_absences(*, actor: Actor, territory: TerritoryView, roster_id: UUID, person_id: UUID) -> None:
    """Forget when a person is away."""
    with transaction.atomic():
        row = _locked(actor, territory, roster_id)
        if person_id != actor.person_id or actor.scopes is not None:
            require(may_write(actor, territory.id, row.owner_id))
        count = Absence.objects.filter(roster=row, person_id=person_id).delete()[0]
        record(
            **signed(actor),
            verb="duty.forget_absences",
            subject=("duty.roster", str(row.pk)),
            territory_id=row.territory_id,
            before={"person": str(person_id), "absences": count},
            after={},
        )


def gaps_of(actor: Actor, territory_id: UUID, roster_id: UUID) -> list[GapView]:
    """When somebody of a roster is on duty and away, and nobody stands in yet."""
    row = Roster.objects.filter(visible(actor, territory_id), pk=roster_id).first()
    return gaps(row, now()) if row is not None else []


def gaps(row: Roster, at: datetime) -> list[GapView]:
    """When somebody is on duty and away; a stand-in who is entered closes it. Private to the domain."""
    away = list(Absence.objects.filter(roster=row, until__gt=at).order_by("since", "pk"))
    return sorted(_gaps(row, away, at), key=lambda one: (one.since, one.person_id)) if away else []


def _gaps(row: Roster, away: list[Absence], at: datetime) -> Iterator[GapView]:
    roster = calculated(row)
    for one in away:
        for turn in turns.turns(roster, max(one.since, at), one.until):
            if turn.who == one.person_id:
                yield GapView(one.person_id, turn.since, turn.until)


def _ask(row: Roster, person_id: UUID) -> None:
    """Tell who writes the roster that stand-ins are missing; once for each gap."""
    zone = ZoneInfo(territory_by_id(row.territory_id).zone)
    writers = holders([row.owner_id], Role.MANAGER, Role.ADMINISTRATOR).get(row.owner_id, frozenset())
    name = names_of([person_id]).get(person_id, "")
    for gap in gaps(row, now()):
        if gap.person_id != person_id:
            continue
        reach.tell(
            writers - {person_id},
            N_("{roster}: {who} is away while on duty from {since} until {until}. A stand-in is asked for."),
            {
                "roster": row.name,
                "who": name,
                "since": f"{gap.since.astimezone(zone):%d.%m.%Y %H:%M}",
                "until": f"{gap.until.astimezone(zone):%d.%m.%Y %H:%M}",
            },
            key=f"gap:{row.pk}:{person_id}:{gap.since.isoformat()}",
            severity=int(Severity.MINOR),
            territory_id=row.territory_id,
            owner_id=row.owner_id,
            link=f"/cockpit/{territory_by_id(row.territory_id).slug}/duty/rosters/{row.pk}/",
        )


def _locked(actor: Actor, territory: TerritoryView, roster_id: UUID) -> Roster:
    rows = Roster.objects.select_for_update(of=("self",))
    row = rows.filter(visible(actor, territory.id), pk=roster_id).first()
    if row is None:
        raise NoSuchRoster(NO_SUCH_ROSTER)
    return row
