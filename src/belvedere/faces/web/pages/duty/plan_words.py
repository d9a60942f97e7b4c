"""How alarms climb, in sentences: a plan, or what holds where nobody wrote one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext

from belvedere.domains.access.public import names_of
from belvedere.domains.duty import public as duty
from belvedere.domains.duty.public import (
    BY_DEFAULT,
    CHANNEL_NAMES,
    TARGET_NAMES,
    LevelBody,
    PlanBody,
    Target,
    Whom,
)
from belvedere.domains.reach import public as reach
from belvedere.faces.web import formats
from belvedere.faces.web.pages.automation.sentences import lower
from belvedere.faces.web.pages.live import words as live
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.severity import SEVERITY_NAMES, Severity

Names = Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class Said:
    """A plan as it is read: what it holds for, each level, what comes after the last one."""

    holds: str
    levels: tuple[str, ...]
    after: tuple[str, ...]


def by_default() -> list[tuple[str, Said]]:
    """What holds without a plan: how urgent, and what is done."""
    return [
        (gettext(SEVERITY_NAMES[severity]), said([severity], (), body, {}))
        for severity, body in BY_DEFAULT.items()
    ]


def names_in(room: Room, bodies: Iterable[PlanBody]) -> Names:
    """The names of the rosters and the people that plans tell."""
    whom = [one for body in bodies for level in body.levels for one in level.whom]
    found = names_of({one.id for one in whom if one.target is Target.PERSON and one.id is not None})
    if any(one.target is Target.ROSTER for one in whom):
        found |= rosters_of(room)
    if any(one.target is Target.ROOM for one in whom):
        found |= reach.rooms(room.territory.id)
    return found


def rosters_of(room: Room, owner_id: UUID | None = None) -> dict[UUID, str]:
    """The names of the rosters that the reader sees, of one organisation or of all."""
    seen = duty.rosters(room.actor, room.territory.id, length=timedelta(hours=1))
    return {one.id: one.name for one in seen if owner_id in (None, one.owner_id)}


def said(severities: Iterable[Severity], kinds: Sequence[str], body: PlanBody, names: Names) -> Said:
    graver = [lower(gettext(SEVERITY_NAMES[one])) for one in sorted(severities, reverse=True)]
    told = {"severities": listed(graver), "kinds": listed([lower(live.kinds(one)) for one in kinds])}
    holds = gettext("For alarms that are %(severities)s, of all kinds of things") % told
    if kinds:
        holds = gettext("For alarms that are %(severities)s, of these things: %(kinds)s") % told
    return Said(holds, tuple(_level(one, names) for one in body.levels), tuple(_after(body)))


def listed(parts: Sequence[str]) -> str:
    """Words in a row: a, b and c."""
    if len(parts) < 2:
        return "".join(parts)
    return gettext("%(some)s and %(last)s") % {"some": ", ".join(parts[:-1]), "last": parts[-1]}


def whom(one: Whom, names: Names) -> str:
    """Who is told, as within a sentence."""
    if one.target is Target.ROSTER:
        name = names.get(one.id) if one.id is not None else None
        if name is None:
            return gettext("who is on duty by a roster that is gone")
        return gettext("who is on duty by the roster “%(name)s”") % {"name": name}
    if one.target is Target.ROOM:
        name = names.get(one.id) if one.id is not None else None
        if name is None:
            return gettext("a room that is gone")
        return gettext("the room “%(name)s”") % {"name": name}
    if one.target is Target.PERSON:
        return (names.get(one.id) if one.id is not None else None) or gettext("somebody who left")
    return gettext(TARGET_NAMES[one.target])


def _level(level: LevelBody, names: Names) -> str:
    told = listed([whom(one, names) for one in level.whom])
    by = listed([gettext(CHANNEL_NAMES[one]) for one in level.channels])
    if not level.after_min:
        return gettext("At once: %(whom)s, %(by)s") % {"whom": told, "by": by}
    return gettext("After %(time)s without anybody: %(whom)s, %(by)s") % {
        "time": _time(level.after_min), "whom": told, "by": by,
    }  # fmt: skip


def _after(body: PlanBody) -> Iterable[str]:
    yield gettext("Again every %(time)s until somebody acknowledges") % {"time": _time(body.repeat_min)}
    if body.quiet_most and body.quiet_from != body.quiet_until:
        graver = [lower(gettext(SEVERITY_NAMES[one])) for one in Severity if one <= body.quiet_most]
        yield gettext("Not told from %(since)s until %(until)s, but afterwards: %(severities)s") % {
            "since": clock(body.quiet_from), "until": clock(body.quiet_until), "severities": listed(graver),
        }  # fmt: skip


def clock(minute: int) -> str:
    """A minute of the day as it is written in a field."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _time(minutes: int) -> str:
    if minutes % 60 == 0:
        return f"{formats.number(minutes // 60)}\N{NO-BREAK SPACE}h"
    return f"{formats.number(minutes)}\N{NO-BREAK SPACE}min"
