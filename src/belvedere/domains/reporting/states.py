"""The vocabularies of a reporting round, as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class RoundState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class TaskState(StrEnum):
    WAITING = "waiting"
    HANDED_IN = "handed_in"


class LineState(StrEnum):
    TO_CONFIRM = "to_confirm"
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"


class Question(StrEnum):
    """What an owner is asked of each measure."""

    IMPLEMENTATION = "implementation"
    PHASE = "phase"
    DATES = "dates"  # start and end of the works
    COST = "cost"
    PAID = "paid"


class ReminderKind(StrEnum):
    BEFORE_14 = "before_14"
    BEFORE_3 = "before_3"
    AFTER_1 = "after_1"
    AFTER_7 = "after_7"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Automatic:
    """A reminder that the clock sends, once, `after` the day that answers are due."""

    kind: ReminderKind
    after: timedelta


AUTOMATIC: tuple[Automatic, ...] = (
    Automatic(ReminderKind.BEFORE_14, timedelta(days=-14)),
    Automatic(ReminderKind.BEFORE_3, timedelta(days=-3)),
    Automatic(ReminderKind.AFTER_1, timedelta(days=1)),
    Automatic(ReminderKind.AFTER_7, timedelta(days=7)),
)
