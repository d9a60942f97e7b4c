"""What a rule asks of the readings of one series. Values only; `watching` follows them through time.

Instants are seconds since 1970, durations seconds, numbers in the unit of the series. The words are those of
alarm management (ANSI/ISA-18.2-2016, IEC 62682:2022): on-delay, off-delay, deadband.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from belvedere.kernel.errors import N_, InvalidInput


class Side(StrEnum):
    """On which side of a level something is wrong."""

    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Level:
    """Above or below a level; over again only beyond `clears_at` (deadband), which lies on the good side."""

    side: Side
    level: float
    clears_at: float | None = None

    def __post_init__(self) -> None:
        _finite(self.level)
        if self.clears_at is None:
            return
        _finite(self.clears_at)
        wrong = self.clears_at > self.level if self.side is Side.ABOVE else self.clears_at < self.level
        if wrong:
            raise InvalidInput(
                N_("It is over at {clears_at}, which is still beyond {level}. Choose one that is good."),
                code="clears_beyond_level",
                clears_at=self.clears_at,
                level=self.level,
                field="clears_at",
            )

    def holds(self, number: float, raised: bool) -> bool:
        """Whether a reading is on the wrong side; once raised, whether it is not over yet."""
        level = self.level if not raised or self.clears_at is None else self.clears_at
        return number > level if self.side is Side.ABOVE else number < level


@dataclass(frozen=True, slots=True)
class Change:
    """Risen (above) or fallen (below) by more than `by` within `within_s`."""

    side: Side
    by: float
    within_s: float

    def __post_init__(self) -> None:
        _positive(self.by, "by")
        _positive(self.within_s, "within_s")


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing was heard for `after_s`."""

    after_s: float

    def __post_init__(self) -> None:
        _positive(self.after_s, "after_s")


@dataclass(frozen=True, slots=True)
class Stuck:
    """Readings come, and for `over_s` none differed from the first of them by more than `within`."""

    over_s: float
    within: float = 0.0

    def __post_init__(self) -> None:
        _positive(self.over_s, "over_s")
        _finite(self.within)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """By the last forecast a number within the next `within_s` is on the wrong side of the level."""

    level: Level
    within_s: float

    def __post_init__(self) -> None:
        _positive(self.within_s, "within_s")


Condition: TypeAlias = Level | Change | Silence | Stuck | Foreseen


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a condition must hold before it is told (on-delay), how long it must be gone before it is over
    (off-delay), and how long a reading stands for what is when no other one comes."""

    for_s: float = 0.0
    clear_for_s: float = 0.0
    trusted_s: float = math.inf

    def __post_init__(self) -> None:
        for name in ("for_s", "clear_for_s"):
            if not 0 <= getattr(self, name) < math.inf:
                _refuse(name)
        if not self.trusted_s > 0:
            _refuse("trusted_s")


def _finite(number: float) -> None:
    if not math.isfinite(number):
        _refuse("level")


def _positive(number: float, field: str) -> None:
    if not 0 < number < math.inf:
        _refuse(field)


def _refuse(field: str) -> None:
    raise InvalidInput(N_("Give a number greater than zero."), code="not_positive", field=field)
