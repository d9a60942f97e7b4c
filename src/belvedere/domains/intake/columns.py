"""A batch in its plain form, read by columns: each set has a time and numbers of the same fields.

Whatever is unusual about a message makes `plain` give it up, and `forms` and `judging` have the word, set by
set. Of what it takes, both make the same; it costs a third.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from belvedere.domains.intake.forms import EPOCH, FUTURE, MICROSECOND, MOST_SETS, OLDEST, TIMES
from belvedere.domains.intake.judging import OUT_OF_RANGE, Value
from belvedere.domains.twin.public import Feed, Target
from belvedere.kernel.clock import instant_of

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
_TIME = TIMES[0]


@dataclass(frozen=True, slots=True)
class Columns:
    """The sets of a message: microseconds since 1970 of each, and its numbers (sets × targets) as kept."""

    targets: tuple[Target, ...]
    times_us: Integers
    numbers: Numbers

    def __len__(self) -> int:
        return len(self.times_us)

    def newest(self) -> tuple[datetime, list[Value]]:
        """The newest set; of several of one instant the first."""
        at = int(self.times_us.argmax())
        values = [
            Value(target, number, None, OUT_OF_RANGE if _is_outside(target, number) else "")
            for target, number in zip(self.targets, self.numbers[at].tolist(), strict=True)
        ]
        return EPOCH + MICROSECOND * int(self.times_us[at]), values


def plain(payload: bytes, feed: Feed, received_at: datetime) -> Columns | None:
    """The sets of a batch, all of them to be kept; None when that takes a closer look."""
    names = tuple(name for name, one in feed.fields.items() if one.kind == "number" and name not in TIMES)
    try:
        rows = _decoder(names).decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if not 0 < len(rows) <= MOST_SETS:
        return None
    times = _times([row.at for row in rows], received_at)
    return None if times is None else _judged(rows, names, times, feed)


def _is_outside(target: Target, number: float) -> bool:
    return (target.low is not None and number < target.low) or (
        target.high is not None and number > target.high
    )


@lru_cache(maxsize=1000)
def _decoder(names: tuple[str, ...]) -> msgspec.json.Decoder[list[Any]]:
    """Of lists of sets with a time, any of these numbers and nothing else."""
    number = int | float | msgspec.UnsetType
    fields: list[Any] = [("at", str | int | float, msgspec.field(name=_TIME))]
    fields += [
        (f"n{place}", number, msgspec.field(name=name, default=msgspec.UNSET))
        for place, name in enumerate(names)
    ]
    row = msgspec.defstruct("Row", fields, forbid_unknown_fields=True, gc=False)
    return msgspec.json.Decoder(list[row])  # type: ignore[valid-type]


def _times(told: Sequence[Any], received_at: datetime) -> Integers | None:
    instants = [instant_of(one) for one in told]
    known = [one for one in instants if one is not None]
    if len(known) < len(told) or min(known) < OLDEST or max(known) > received_at + FUTURE:
        return None
    return np.array([(one - EPOCH) // MICROSECOND for one in known], np.int64)


def _judged(rows: Sequence[Any], names: Sequence[str], times: Integers, feed: Feed) -> Columns | None:
    targets: list[Target] = []
    columns: list[Numbers] = []
    for place, name in enumerate(names):
        told = list(map(attrgetter(f"n{place}"), rows))
        if told.count(msgspec.UNSET) == len(told):
            continue
        target = feed.fields[name]
        try:
            with np.errstate(over="ignore", invalid="ignore"):
                numbers = np.array(told, np.float64) * target.factor + target.offset
        except (TypeError, OverflowError):  # some sets do not have it; too many digits
            return None
        if not np.isfinite(numbers).all():
            return None
        if feed.strict and (_is_outside(target, numbers.min()) or _is_outside(target, numbers.max())):
            return None
        targets.append(target)
        columns.append(numbers)
    if not targets or len({one.series_id for one in targets}) < len(targets):
        return None
    return Columns(tuple(targets), times, np.column_stack(columns))
