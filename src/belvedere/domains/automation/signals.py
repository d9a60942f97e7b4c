"""A signal for each thing that a rule watches: made from what is known now, kept packed between rounds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from belvedere.domains.automation.bodies import Expected, Usual
from belvedere.domains.automation.crowds import Crowd, Followed, made
from belvedere.domains.automation.learning import Learnt
from belvedere.domains.automation.minds import Mind, Told
from belvedere.domains.automation.packing import NOTHING, text_of
from belvedere.domains.automation.shared import Shared
from belvedere.domains.automation.targets import WHOLE, Key, Target
from belvedere.domains.observations.public import raw
from belvedere.science.alarms.conditions import Change, Stuck
from belvedere.science.alarms.watching import Watch

#: Things whose signals are packed together: numbers that differ by less than that.
PAGE = 64
#: How much of the past a rule looks at when it begins, at most.
LONGEST_PAST_S = 7 * 86_400.0
#: A forecast is made at least that often, where older ones are looked for.
FORECAST_EVERY_S = 86_400.0
_AT_ONCE = 200


def begun(
    found: Iterable[Target],
    at: datetime,
    shared: Shared,
    beside: Iterable[Followed] = (),
    before: Mapping[Key, Sequence[Any]] | None = None,
) -> list[tuple[Followed, list[Told]]]:
    """New signals that count from `at` on, with what they say at once; `beside`: those that go on; `before`:
    where crowds stood that were of other things, for the new ones to go on."""
    followed = [made(target, shared) for target in found]
    minds = alone(followed)
    shared.regroup([*alone(beside), *minds])
    _prepare_present(minds, at)
    _remember(minds, at)
    for mind in minds:
        mind.knows(at)
    for mind in minds:
        mind.compares_again()
    return [(one, _begin(one, at.timestamp(), (before or {}).get(one.target.key))) for one in followed]


def _begin(one: Followed, at: float, before: Sequence[Any] | None) -> list[Told]:
    if before is not None and isinstance(one, Crowd):
        return one.goes_on(before, at)
    return one.begins(at)


def alone(followed: Iterable[Followed]) -> list[Mind]:
    """The signals of single things in these."""
    return [mind for one in followed for mind in one.alone]


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
        for part, window in windows(mind):
            wanted[mind.target.series_ids[part]].append((mind, part))
            longest = max(longest, window)
    ids = sorted(wanted)
    start = at - timedelta(seconds=min(longest, LONGEST_PAST_S))
    for first in range(0, len(ids), _AT_ONCE):
        for series_id, rows in raw(ids[first : first + _AT_ONCE], start, at).items():
            for row in rows:
                number = NOTHING if row.number is None else row.number
                text = text_of(row.value) if row.number is None else None
                for mind, part in wanted[series_id]:
                    if row.number is not None or part >= len(mind.words):
                        mind.read_quietly(part, row.observed_us / 1e6, number, text)


def windows(mind: Mind) -> Iterator[tuple[int, float]]:
    """The parts that need what was told before, and how far back, in seconds."""
    for part, watch in enumerate(mind.signal.parts):
        if window := _window_of(watch):
            yield part, window
    for place, (clause, _series) in enumerate(mind.target.forecasts):
        condition = mind.target.watching.body.clauses[clause].condition
        assert isinstance(condition, Expected)
        yield len(mind.words) + place, condition.lead_s + FORECAST_EVERY_S


def _window_of(watch: Watch) -> float:
    condition = watch.condition
    if isinstance(condition, Change):
        return condition.within_s
    return condition.over_s if isinstance(condition, Stuck) else 0.0


def page_of(key: Key) -> int:
    """What is kept together: some neighbouring things; a crowd by itself, by the number of its rule."""
    rule_id, entity_id = key
    return entity_id // PAGE if entity_id != WHOLE else -rule_id


def packed(minds: Iterable[Followed]) -> bytes:
    """The signals of a page."""
    return msgspec.msgpack.encode([[*mind.target.key, mind.saved()] for mind in minds])


def unpacked(pages: Iterable[bytes]) -> Iterator[tuple[Key, Sequence[Any]]]:
    for body in pages:
        for rule_id, entity_id, saved in msgspec.msgpack.decode(body):
            yield (rule_id, entity_id), saved


def fits(target: Target, saved: Sequence[Any]) -> bool:
    """Whether what was kept is of the rule as it is now, and of the same series."""
    return bool(saved[0] == target.watching.version.number and tuple(saved[1]) == target.series_ids)


def left(kept: Mapping[Key, Sequence[Any]], found: Iterable[Target]) -> dict[Key, Sequence[Any]]:
    """Where crowds stood of rules that say the same, from or to which things went or came since."""
    return {
        target.key: saved[2]
        for target in found
        if target.members
        and (saved := kept.get(target.key)) is not None
        and saved[0] == target.watching.version.number
        and not fits(target, saved)
    }


def restored(kept: Mapping[Key, Sequence[Any]], found: Iterable[Target], shared: Shared) -> list[Followed]:
    """Signals as they were kept, for those targets that fit."""
    minds: list[Followed] = []
    for target in found:
        saved = kept.get(target.key)
        if saved is not None and fits(target, saved):
            mind = made(target, shared)
            mind.restore(saved)
            minds.append(mind)
    return minds
