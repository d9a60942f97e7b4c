"""What the reads of the log book return: frozen values."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from belvedere.domains.automation.public import AlarmView, StepView
from belvedere.domains.commands.public import CommandView
from belvedere.domains.interventions.public import Row
from belvedere.domains.logbook.states import Category


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """An entry to write. `happened_at`: None for now. `hand_over`: the next shift has to know."""

    category: Category
    text: str
    happened_at: datetime | None = None
    place_id: UUID | None = None
    entity_id: int | None = None
    alarm_id: int | None = None
    hand_over: bool = False


@dataclass(frozen=True, slots=True)
class EntryView:
    """A line of a log book as the actor sees it.

    `by`: who wrote it, "" for the platform and people erased. `alarm` with `step`, `intervention` and
    `command` are None where the entry is not about one, or the actor may not see it.
    """

    id: int
    owner_id: UUID | None
    happened_at: datetime
    written_at: datetime
    category: Category
    text: str
    person_id: UUID | None
    by: str
    hand_over: bool
    strikes: int | None
    struck_by: int | None
    place_id: UUID | None
    entity_id: int | None
    alarm_id: int | None
    act: str
    crisis_id: UUID | None = None
    alarm: AlarmView | None = None
    step: StepView | None = None
    intervention: Row | None = None
    command: CommandView | None = None
    may_strike: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries; empty asks for nothing in particular. `owner`: (None,) for the territory's own."""

    text: str = ""
    categories: Collection[Category] = ()
    places: Collection[UUID] = ()
    owners: Collection[UUID | None] = ()
    since: datetime | None = None
    until: datetime | None = None
    hand_over: bool = False


@dataclass(frozen=True, slots=True)
class HandOverView:
    """How a shift was handed over; `taken_at` None while nobody has taken over."""

    id: UUID
    since: datetime
    left_at: datetime
    left_by: UUID | None
    word: str
    taken_at: datetime | None
    taken_by: UUID | None
    names: Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class Shift:
    """What the next shift has to know: everything since the last one took over, or since a day ago."""

    owner_id: UUID | None
    since: datetime
    last: HandOverView | None
    waiting: HandOverView | None
    marked: tuple[EntryView, ...]
    alarms: tuple[AlarmView, ...]
    more_alarms: int
    shelved: tuple[AlarmView, ...]
    interventions: tuple[Row, ...]
    failed: tuple[CommandView, ...]
