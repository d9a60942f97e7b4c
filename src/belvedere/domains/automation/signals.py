"""A signal for each thing that a rule watches: made from what is known now, kept packed between rounds."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import msgspec

from belvedere.domains.automation.bodies import (
    Says,
    Usual,
    condition_of,
    timing,
)
from belvedere.domains.automation.learning import Learnt
from belvedere.domains.automation.packing import NOTHING, text_of
from belvedere.domains.automation.shared import Comparison, Shared
from belvedere.domains.automation.targets import Key, Target
from belvedere.domains.observations.public import raw
from belvedere.science.alarms.combining import Signal
from belvedere.science.alarms.conditions import Change, Stuck
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
    """A signal, and what is to be told of it. By clause, `texts`: the last word, for those that ask words;
    `compared`: for those that compare numbers. `queued_at`: for when it waits in the queue of the clock."""

    __slots__ = ("compared", "queued_at", "signal", "target", "texts", "words")

    def __init__(self, target: Target, shared: Shared) -> None:
        body = target.watching.body
        schedule = shared.schedule(target)
        self.target = target
        self.compared = [shared.comparison(target, part) for part in range(len(body.clauses))]
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
        elif (compared := self.compared[part]) is not None:
            number = compared.hears(self.target, part, at, number)
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
        elif (compared := self.compared[part]) is not None:
            number = compared.hears(self.target, part, at, number)
        self.signal.parts[part].read(at, number)

    def compares_again(self) -> None:
        """All present values are known now, also those of the neighbours: what was read last, compared."""
        for part, compared in enumerate(self.compared):
            if compared is not None and math.isfinite(compared.number):
                apart = compared.apart(self.target, part)
                self.signal.parts[part].number = apart if math.isfinite(apart) else None

    def values(self) -> list[dict[str, Any]]:
        """What stands now, by clause, for an alarm to keep."""
        clauses = self.target.watching.body.clauses
        return [
            _value(clause.attribute, watch, text, words is not None, series.unit, series.series_id)
            | _usual(compared)
            for clause, watch, text, words, series, compared in zip(
                clauses,
                self.signal.parts,
                self.texts,
                self.words,
                self.target.series,
                self.compared,
                strict=True,
            )
        ]

    def saved(self) -> list[Any]:
        return [
            self.target.watching.version.number,
            list(self.target.series_ids),
            self.texts,
            self.signal.saved(),
            *(
                [kept]
                if any(kept := [one and (one.number, one.centre, one.at) for one in self.compared])
                else []
            ),
        ]

    def restore(self, saved: Sequence[Any]) -> None:
        self.texts = list(saved[2])
        self.signal.restore(saved[3])
        for one, kept in zip(self.compared, saved[4] if len(saved) > 4 else (), strict=False):
            if one is not None:
                one.number, one.centre, one.at = kept


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


def _usual(compared: Comparison | None) -> dict[str, Any]:
    """The number that was read, and with what it was compared (None: nothing was known)."""
    if compared is None:
        return {}
    return {
        "number": compared.number if math.isfinite(compared.number) else None,
        "usual": compared.centre if math.isfinite(compared.centre) else None,
    }


def begun(
    found: Iterable[Target], at: datetime, shared: Shared, beside: Iterable[Mind] = ()
) -> list[tuple[Mind, list[Told]]]:
    """New signals that count from `at` on, with what they say at once; `beside`: those that go on."""
    minds = [Mind(target, shared) for target in found]
    shared.regroup([*beside, *minds])
    _prepare_present(minds, at)
    _remember(minds, at)
    for mind in minds:
        mind.knows(at)
    for mind in minds:
        mind.compares_again()
    return [(mind, mind.begins(at.timestamp())) for mind in minds]


def prepare(minds: Iterable[Mind], first: datetime, last: datetime) -> None:
    """Learn what these compare with, for these days."""
    wanted: dict[int, tuple[Learnt, set[int]]] = {}
    for mind in minds:
        for one, series in zip(mind.compared, mind.target.series, strict=True):
            if one is not None and isinstance(one.asked, Usual):
                wanted.setdefault(id(one.learnt), (one.learnt, set()))[1].add(series.series_id)
    for learnt, ids in wanted.values():
        learnt.prepare(ids, first.timestamp(), last.timestamp())


def _prepare_present(minds: Iterable[Mind], at: datetime) -> None:
    """Learn what the present values of these are compared with, each on its own day; what is older than a
    week is compared with nothing."""
    by_day: dict[int, list[tuple[Mind, float]]] = defaultdict(list)
    last = at.timestamp()
    for mind in minds:
        for one, series in zip(mind.compared, mind.target.series, strict=True):
            if one is not None and isinstance(one.asked, Usual) and series.observed_at is not None:
                told = min(series.observed_at.timestamp(), last)
                if told >= last - LONGEST_PAST_S:
                    by_day[int(told // 86_400)].append((mind, told))
    for some in by_day.values():
        instants = [told for _mind, told in some]
        first, until = (datetime.fromtimestamp(one, UTC) for one in (min(instants), max(instants)))
        prepare([mind for mind, _told in some], first, until)


def unlearnt(minds: Iterable[Mind], at: datetime) -> int:
    """How many of these compare with what is usual, and nothing is usual there yet, at that day."""
    return sum(
        any(
            not one.learnt.knows(series.series_id, one.asked.weeks, one.clock, at.timestamp())
            for one, series in zip(mind.compared, mind.target.series, strict=True)
            if one is not None and isinstance(one.asked, Usual)
        )
        for mind in minds
    )


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


def restored(kept: Mapping[Key, Sequence[Any]], found: Iterable[Target], shared: Shared) -> list[Mind]:
    """Signals as they were kept, for those targets that fit."""
    minds = []
    for target in found:
        saved = kept.get(target.key)
        if saved is not None and fits(target, saved):
            mind = Mind(target, shared)
            mind.restore(saved)
            minds.append(mind)
    return minds
