"""A signal for each thing that a rule watches: made from what is known now, kept packed between rounds."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import msgspec

from belvedere.domains.automation.bodies import Body, Says, condition_of, minutes, timing
from belvedere.domains.automation.packing import NOTHING, text_of
from belvedere.domains.automation.targets import Key, Target
from belvedere.domains.observations.public import raw
from belvedere.kernel.holidays import holidays
from belvedere.science.alarms.combining import Signal
from belvedere.science.alarms.conditions import Change, Stuck
from belvedere.science.alarms.hours import Schedule, Span
from belvedere.science.alarms.watching import Turn, Watch

#: Things whose signals are packed together: numbers that differ by less than that.
PAGE = 64
#: How much of the past a rule looks at when it begins, at most.
LONGEST_PAST_S = 7 * 86_400.0
#: A reading that says it is of so much later than now tells nothing.
AHEAD = timedelta(minutes=10)
_AT_ONCE = 200


#: A signal, what it says, and the values that stood then.
Told: TypeAlias = "tuple[Mind, Turn, list[dict[str, Any]]]"


class Mind:
    """A signal, and what is to be told of it. `texts`: by clause the last word, for those that compare words;
    `queued_at`: for when it waits in the queue of the clock."""

    __slots__ = ("queued_at", "signal", "target", "texts", "words")

    def __init__(self, target: Target, schedule: Schedule | None) -> None:
        body = target.watching.body
        self.target = target
        self.signal = Signal([condition_of(clause) for clause in body.clauses], timing(body), schedule)
        self.words = [
            frozenset(one.condition.words) if isinstance(one.condition, Says) else None
            for one in body.clauses
        ]
        self.texts = [""] * len(self.words)
        self.queued_at = math.inf

    def read(self, part: int, at: float, number: float, text: str | None) -> list[Told]:
        """A reading of the series of a clause; `text` where it is no number."""
        if at <= self.signal.parts[part].heard_at:
            return []
        told = self.passes(at) if self.queued_at <= at else []
        words = self.words[part]
        if words is not None:
            self.texts[part] = _word(number) if text is None else text
            number = float(self.texts[part] in words)
        turns = self.signal.read(part, at, number)
        return told + [(self, turn, self.values()) for turn in turns] if turns else told

    @property
    def is_single(self) -> bool:
        """With one condition nothing more than its reading is needed to judge."""
        return len(self.words) == 1

    def judge(self, at: float) -> list[Told]:
        """All readings of an instant are read."""
        return [(self, turn, self.values()) for turn in self.signal.judge(at)]

    def passes(self, at: float) -> list[Told]:
        """Time goes on."""
        return [(self, turn, self.values()) for turn in self.signal.passes(at)]

    def begins(self, at: float) -> list[Told]:
        """It counts from now on."""
        return [(self, turn, self.values()) for turn in self.signal.begins(at)]

    def knows(self, now: datetime) -> None:
        """Take what is the present value of each series."""
        for part, series in enumerate(self.target.series):
            if series.observed_at is None or series.observed_at > now + AHEAD:
                continue
            watch = self.signal.parts[part]
            at = series.observed_at.timestamp()
            if at > watch.heard_at:
                text = None if series.number is not None else text_of(series.value)
                self.read_quietly(part, at, NOTHING if series.number is None else series.number, text)

    def read_quietly(self, part: int, at: float, number: float, text: str | None) -> None:
        """A reading of before the rule began: it tells where things stand, and raises nothing."""
        self.signal.parts[part].opened_at = None
        words = self.words[part]
        if words is not None:
            self.texts[part] = _word(number) if text is None else text
            number = float(self.texts[part] in words)
        self.signal.parts[part].read(at, number)

    def values(self) -> list[dict[str, Any]]:
        """What stands now, by clause, for an alarm to keep."""
        clauses = self.target.watching.body.clauses
        return [
            _value(clause.attribute, watch, text, words is not None, series.unit, series.series_id)
            for clause, watch, text, words, series in zip(
                clauses, self.signal.parts, self.texts, self.words, self.target.series, strict=True
            )
        ]

    def saved(self) -> list[Any]:
        return [
            self.target.watching.version.number,
            list(self.target.series_ids),
            self.texts,
            self.signal.saved(),
        ]

    def restore(self, saved: Sequence[Any]) -> None:
        self.texts = list(saved[2])
        self.signal.restore(saved[3])


def _word(number: float) -> str:
    return "" if not math.isfinite(number) else f"{number:g}"


def _value(
    attribute: str, watch: Watch, text: str, is_word: bool, unit: str, series_id: int
) -> dict[str, Any]:
    known = math.isfinite(watch.heard_at)
    return {
        "attribute": attribute,
        "number": None if is_word else watch.number,
        "text": text if is_word else "",
        "unit": unit,
        "at": datetime.fromtimestamp(watch.heard_at, UTC).isoformat() if known else None,
        "series_id": series_id,
    }


def schedule_of(body: Body, zone: str) -> Schedule | None:
    """The hours that a rule leaves out; None where it leaves out none."""
    excepted = body.excepted
    if not excepted.hours and not excepted.holidays:
        return None
    spans = [
        Span(frozenset(one.days), minutes(one.start) or 0, minutes(one.end) or 0) for one in excepted.hours
    ]
    calendar = excepted.holidays
    is_free = (lambda day: day in holidays(calendar, day.year)) if calendar else None
    return Schedule(ZoneInfo(zone), spans, is_free)


class Schedules:
    """The schedule of each rule, shared by its signals."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], Schedule | None] = {}

    def of(self, target: Target) -> Schedule | None:
        watching = target.watching
        key = (watching.rule.pk, watching.version.number)
        if key not in self._known:
            self._known[key] = schedule_of(watching.body, watching.zone)
        return self._known[key]


def begun(found: Iterable[Target], at: datetime) -> list[tuple[Mind, list[Told]]]:
    """New signals that count from `at` on, with what they say at once."""
    schedules = Schedules()
    minds = [Mind(target, schedules.of(target)) for target in found]
    _remember(minds, at)
    for mind in minds:
        mind.knows(at)
    return [(mind, mind.begins(at.timestamp())) for mind in minds]


def _remember(minds: Sequence[Mind], at: datetime) -> None:
    """Read the past that `Change` and `Stuck` compare with."""
    wanted: dict[int, list[tuple[Mind, int]]] = defaultdict(list)
    longest = 0.0
    for mind in minds:
        for part, watch in enumerate(mind.signal.parts):
            window = window_of(watch)
            if window:
                wanted[mind.target.series_ids[part]].append((mind, part))
                longest = max(longest, window)
    ids = sorted(wanted)
    start = at - timedelta(seconds=min(longest, LONGEST_PAST_S))
    for first in range(0, len(ids), _AT_ONCE):
        for series_id, rows in raw(ids[first : first + _AT_ONCE], start, at).items():
            for row in rows:
                for mind, part in wanted[series_id]:
                    if row.number is not None:
                        mind.read_quietly(part, row.observed_us / 1e6, row.number, None)


def window_of(watch: Watch) -> float:
    """How far back a condition looks, in seconds."""
    condition = watch.condition
    if isinstance(condition, Change):
        return condition.within_s
    return condition.over_s if isinstance(condition, Stuck) else 0.0


def page_of(entity_id: int) -> int:
    return entity_id // PAGE


def packed(minds: Iterable[Mind]) -> bytes:
    """The signals of a page."""
    return msgspec.msgpack.encode([[*mind.target.key, mind.saved()] for mind in minds])


def unpacked(pages: Iterable[bytes]) -> Iterator[tuple[Key, Sequence[Any]]]:
    for body in pages:
        for rule_id, entity_id, saved in msgspec.msgpack.decode(body):
            yield (rule_id, entity_id), saved


def fits(target: Target, saved: Sequence[Any]) -> bool:
    """Whether what was kept is of the rule as it is now, and of the same series."""
    return bool(saved[0] == target.watching.version.number and tuple(saved[1]) == target.series_ids)


def restored(kept: Mapping[Key, Sequence[Any]], found: Iterable[Target]) -> list[Mind]:
    """Signals as they were kept, for those targets that fit."""
    schedules = Schedules()
    minds = []
    for target in found:
        saved = kept.get(target.key)
        if saved is not None and fits(target, saved):
            mind = Mind(target, schedules.of(target))
            mind.restore(saved)
            minds.append(mind)
    return minds
