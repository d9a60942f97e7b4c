"""What people and rooms are told of alarms, made of the calls that are due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from belvedere.domains.access.public import Contact
from belvedere.domains.automation import public as automation
from belvedere.domains.automation.public import AlarmView
from belvedere.domains.duty.climbing import SYSTEM
from belvedere.domains.duty.models import Call
from belvedere.domains.duty.states import Channel


@dataclass(frozen=True, slots=True)
class Told:
    """An alarm that a person is told of; `is_again`: not for the first time, or not the first level."""

    alarm: AlarmView
    is_again: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """What one person is sent now, the most urgent first; `key` is the same at every try. Of a room,
    `person` has its name and its language, and no address."""

    person: Contact
    territory_id: UUID
    alarms: tuple[Told, ...]
    key: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a telephone, a room or a browser is told. A browser has a title above it, and the path that it
    opens; for the others the text says all."""

    text: str
    title: str = ""
    link: str = ""


Deliver = Callable[[Letter], bool]
Say = Callable[[Letter, Channel], Said]


def letter(person: Contact, territory_id: UUID, rows: list[Call]) -> Letter:
    """What is told by these calls, all of one letter."""
    again: dict[int, bool] = {}
    for one in rows:
        again[one.climb.alarm_id] = again.get(one.climb.alarm_id, False) or bool(one.level or one.round)
    return Letter(
        person,
        territory_id,
        tuple(Told(automation.alarm(SYSTEM, pk).alarm, is_again) for pk, is_again in again.items()),
        rows[0].letter,
    )
