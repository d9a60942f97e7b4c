"""What happened to a thing: the states it went through, and what people changed, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from belvedere.domains.territory.public import organisations_by_id
from belvedere.domains.twin import public as twin
from belvedere.duties.journal.public import Recorded, entries_of
from belvedere.faces.web.pages.live import words
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.errors import N_
from belvedere.kernel.paging import Window

MOST = 40
FIRST = 8  # the others are folded away
MOST_CHANGES = 6
NAMES = {
    "names": N_("Name"),
    "organisation": N_("Belongs to"),
    "visibility": N_("Seen by"),
    "position": N_("Place"),
    "watch_high": N_("To watch from"),
    "alarm_high": N_("Alarm from"),
    "watch_low": N_("To watch below"),
    "alarm_low": N_("Alarm below"),
    "key": N_("Device"),
    "raw_days": N_("Days kept as they came"),
    "width": N_("Then summed up by"),
    "kept_days": N_("Days kept at all"),
}


@dataclass(frozen=True, slots=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened. `state`: it went into it, from `before`; else somebody did something."""

    at: datetime
    state: words.Word | None = None
    before: str = ""
    actor: str = ""
    verb: str = ""
    changes: tuple[Change, ...] = ()
    reason: str = ""


def lines(room: Room, view: twin.EntityPage) -> list[Line]:
    """The latest lines. What people did is told to those who may know who they are: its own people."""
    found = [
        Line(one.at, state=words.state(one.after), before=words.state(one.before).label)
        for one in twin.passages(room.actor, view.id, limit=MOST)
    ]
    if _knows_who(room, view):
        found += list(_acts(room, view))
    return sorted(found, key=lambda line: line.at, reverse=True)[:MOST]


def _knows_who(room: Room, view: twin.EntityPage) -> bool:
    owner = view.owner_id
    return view.may_edit or _oversees(room, view.territory_id) or owner in room.actor.sees


def _oversees(room: Room, territory_id: UUID) -> bool:
    return room.actor.governs(territory_id) or room.actor.is_elected(territory_id)


def _acts(room: Room, view: twin.EntityPage) -> Iterable[Line]:
    subjects = [
        ("twin.entity", str(view.id)),
        *(("twin.device", str(one.id)) for one in view.devices),
    ]
    for subject in subjects:
        for entry in entries_of(subject, Window(0, MOST)).rows:
            yield _act(room, view, entry)


def _act(room: Room, view: twin.EntityPage, entry: Recorded) -> Line:
    told = [
        Change(label, _said(room, view, name, before), _said(room, view, name, after))
        for name, before, after in entry.changes
        if (label := _label(view, name)) and entry.before
    ]
    verb = words.VERBS.get(entry.verb, "")
    return Line(
        entry.at,
        actor=entry.actor_label or gettext("An erased person"),
        verb=gettext(verb) if verb else entry.verb.partition(".")[2].replace("_", " "),
        changes=tuple(told[:MOST_CHANGES]),
        reason=entry.reason,
    )


def _label(view: twin.EntityPage, name: str) -> str:
    if name in NAMES:
        return gettext(NAMES[name])
    described = twin.descriptions().get(view.kind)
    return words.term(view.kind, name) if described and name in described.attributes else ""


def _said(room: Room, view: twin.EntityPage, name: str, value: Any) -> str:
    if value is None or value in ("", {}, []):
        return ""
    if name == "names" and isinstance(value, dict):
        return str(value.get(room.language) or next(iter(value.values())))
    if name == "organisation":
        found = organisations_by_id([UUID(str(value))])
        return next((one.label for one in found.values()), str(value))
    if name == "visibility" and value in set(twin.Visibility):
        return gettext(words.VISIBILITIES[twin.Visibility(value)])
    if isinstance(value, int | float) and not isinstance(value, bool):
        return words.value(view.kind, name, float(value), None, "")
    return words.value(view.kind, name, None, value, "")[:160]
