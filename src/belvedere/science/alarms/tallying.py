"""Many things judged together: how many of them a condition holds for, what share, or what they add up to.

Each thing has a signal of its own, without durations; what they come to is a number that is followed like
any other, with level, deadband and durations. It depends on what each thing told last and on nothing else:
so it is the same however the readings are cut into batches, and when all was kept and taken up again in
between. Give readings of one instant before `judge`. What one thing tells late counts from the instant on
that was judged last.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum
from heapq import heapify, heappop, heappush, heapreplace
from typing import Any

from belvedere.science.alarms.combining import Signal
from belvedere.science.alarms.conditions import Level, Timing
from belvedere.science.alarms.hours import Schedule
from belvedere.science.alarms.watching import Turn, Watch


class Of(StrEnum):
    """What things come to together."""

    COUNT = "count"  # of those for which all conditions hold
    SHARE = "share"  # the same, of all of them: 0 to 1
    SUM = "sum"  # of what the first series of each told last


class Tally(Signal):
    """What these come to, held against a level. Durations and hours are those of the whole; of `timing` the
    trust counts for the readings of a sum: while one of them is too old nothing is known of it."""

    __slots__ = ("_dues", "_held", "_queued", "_timing", "members", "of")

    def __init__(
        self,
        members: Sequence[Signal],
        of: Of,
        level: Level,
        timing: Timing,
        schedule: Schedule | None = None,
    ) -> None:
        super().__init__([level], Timing(timing.for_s, timing.clear_for_s), schedule)
        self.members = members
        self.of = of
        self._timing = timing
        self._held: set[int] = set()
        self._dues: list[tuple[float, int]] = []  # of those that wait; what is not in `_queued` is outdated
        self._queued: dict[int, float] = {}  # by their place, never too late

    @property
    def held(self) -> list[int]:
        """Those for which all conditions hold, by their place."""
        return sorted(self._held)

    def number(self, at: float) -> float:
        """What they come to; NaN while a part of a sum is not known."""
        if self.of is Of.SUM:
            return math.fsum(self._known(member.parts[0], at) for member in self.members)
        counted = len(self._held)
        return counted / len(self.members) if self.of is Of.SHARE else float(counted)

    def heard(self, member: int) -> None:
        """A reading of this one was read by its signal."""
        signal = self.members[member]
        if signal.holds:
            self._held.add(member)
        else:
            self._held.discard(member)
        due = signal.next_due()
        if due is not None and due < self._queued.get(member, math.inf):
            self._queued[member] = due
            heappush(self._dues, (due, member))

    def begins(self, at: float) -> list[Turn]:
        for member in self.members:
            member.begins(at)
        self._look()
        self.gate.opened_at = None
        number = self.number(at)
        self.gate.number = number if math.isfinite(number) else None
        self.gate.heard_at = at
        applies, self.bound = self.schedule.at(at) if self.schedule is not None else (True, math.inf)
        return self.gate.opens(at) if applies else []

    def goes_on(self, before: Sequence[Any], at: float) -> list[Turn]:
        """Begin where another one stood (`saved`), that asked the same of other things."""
        self.begins(at)
        self.restore(before)
        return self.passes(at) + self.judge(at)

    def judge(self, at: float) -> list[Turn]:
        return self.gate.judged(self.number(at), at)

    def passes(self, at: float) -> list[Turn]:
        turns: list[Turn] = []
        while (due := self.next_due()) is not None and due <= at:
            turns += self._step(due)
        return turns

    def next_due(self) -> float | None:
        whole = self.gate.next_due()
        due = min(math.inf if whole is None else whole, self._next_of_members(), self.bound)
        return due if due < math.inf else None

    def saved(self) -> list[Any]:
        """Where the whole stands; the signals of the things are kept by whoever made them."""
        return [self.bound if math.isfinite(self.bound) else None, self.gate.saved()]

    def restore(self, saved: Sequence[Any]) -> None:
        """Be where the whole was; the signals of the things are restored already."""
        bound, gate = saved
        self.bound = math.inf if bound is None else bound
        self.gate = self.parts[0] = Watch.restored(self.gate.condition, self.gate.timing, gate)
        self._look()

    def _known(self, part: Watch, at: float) -> float:
        is_known = part.number is not None and at <= part.heard_at + self._timing.trusted_s
        return part.number if is_known and part.number is not None else math.nan

    def _look(self) -> None:
        """Ask all of them anew."""
        self._held = {place for place, member in enumerate(self.members) if member.holds}
        dues = ((member.next_due(), place) for place, member in enumerate(self.members))
        self._dues = [(due, place) for due, place in dues if due is not None]
        self._queued = {place: due for due, place in self._dues}
        heapify(self._dues)

    def _next_of_members(self) -> float:
        while self._dues:
            queued, place = self._dues[0]
            if self._queued.get(place) != queued:
                heappop(self._dues)
                continue
            due = self.members[place].next_due()
            if due is None:
                heappop(self._dues)
                del self._queued[place]
            elif due > queued:
                self._queued[place] = due
                heapreplace(self._dues, (due, place))
            else:
                return due
        return math.inf

    def _step(self, due: float) -> list[Turn]:
        while self._next_of_members() <= due:
            _due, place = heappop(self._dues)
            del self._queued[place]
            self.members[place].passes(due)
            self.heard(place)
        return self.gate.judged(self.number(due), due) + self._step_gate(due)
