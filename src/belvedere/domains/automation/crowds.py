"""The things of a rule judged together: how many are wrong, what share of them, what they add up to.

Followed like the signal of one thing. Within it each thing has a signal of its own, so whatever can be asked
of one can be counted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from belvedere.domains.automation.bodies import Count, tallied, timing
from belvedere.domains.automation.minds import Mind, Told
from belvedere.domains.automation.shared import Shared
from belvedere.domains.automation.targets import Target
from belvedere.domains.twin.public import Visibility
from belvedere.science.alarms.tallying import Tally
from belvedere.science.alarms.watching import Turn

#: Of the things that are counted so many are named in an alarm.
NAMED: Final = 10


class Crowd:
    """All things of a rule as one. `queued_at`: for when it waits in the queue of the clock."""

    __slots__ = ("_parts", "members", "queued_at", "signal", "target")

    def __init__(self, target: Target, shared: Shared) -> None:
        body = target.watching.body
        of, level = tallied(body)
        self.target = target
        self.members = [Mind(one, shared, within=True) for one in target.members]
        signals = [one.signal for one in self.members]
        self.signal = Tally(signals, of, level, timing(body), shared.schedule(target))
        self._parts = len(target.members[0].series_ids)
        self.queued_at = math.inf

    @property
    def alone(self) -> tuple[Mind, ...]:
        """The signals of single things in it."""
        return tuple(self.members)

    @property
    def is_single(self) -> bool:
        """More than one reading is needed to judge."""
        return False

    def aims(self, target: Target) -> None:
        """The things as they are now, with the same series."""
        self.target = target
        for member, one in zip(self.members, target.members, strict=True):
            member.aims(one)

    def read(self, part: int, at: float, number: float, text: str | None) -> list[Told]:
        """A reading of the series of a clause of one thing; `judge` when those of the instant are read."""
        place, clause = divmod(part, self._parts)
        member = self.members[place]
        if member.knew(clause, at):
            return []
        told = self.passes(at)
        member.read(clause, at, number, text)
        if not member.is_single:
            member.judge(at)
        self.signal.heard(place)
        return told

    def judge(self, at: float) -> list[Told]:
        """All readings of an instant are read."""
        return self._told(self.signal.judge(at))

    def passes(self, at: float) -> list[Told]:
        """Time goes on."""
        return self._told(self.signal.passes(at))

    def begins(self, at: float) -> list[Told]:
        """It counts from now on."""
        return self._told(self.signal.begins(at))

    def goes_on(self, before: Sequence[Any], at: float) -> list[Told]:
        """It counts from now on, of other things what was counted before (`whole`)."""
        return self._told(self.signal.goes_on(before, at))

    @property
    def whole(self) -> list[Any]:
        """Where the count itself stands, whatever the things."""
        return self.signal.saved()

    def knows(self, now: datetime) -> None:
        """Take what is the present value of each series."""
        for member in self.members:
            member.knows(now)

    def read_quietly(self, part: int, at: float, number: float, text: str | None) -> None:
        """A reading of before the rule began."""
        place, clause = divmod(part, self._parts)
        self.members[place].read_quietly(clause, at, number, text)

    def compares_again(self) -> None:
        for member in self.members:
            member.compares_again()

    def values(self) -> list[dict[str, Any]]:
        """What they come to, and some of those that are wrong, for an alarm to keep."""
        body = self.target.watching.body
        first = self.target.series[0]
        heard_at = self.signal.gate.heard_at
        at = datetime.fromtimestamp(heard_at, UTC).isoformat() if math.isfinite(heard_at) else None
        whole: dict[str, Any] = {
            "attribute": body.clauses[0].attribute,
            "number": self.signal.gate.number,
            "text": "",
            "unit": first.unit,
            "at": at,
            "series_id": first.series_id,
            "among": len(self.members),
        }
        if not isinstance(body.tally, Count):
            return [whole]
        held = [self.members[place] for place in self.signal.held]
        shown = [one for one in held if self._may_name(one)][:NAMED]
        named = [
            one.values()[0] | {"thing": one.target.thing.entity_id, "names": dict(one.target.thing.names)}
            for one in shown
        ]
        return [whole | {"counted": len(held)}, *named]

    def saved(self) -> list[Any]:
        members = [one.saved()[2:] for one in self.members]
        return [
            self.target.watching.version.number,
            list(self.target.series_ids),
            self.signal.saved(),
            members,
        ]

    def restore(self, saved: Sequence[Any]) -> None:
        for member, kept in zip(self.members, saved[3], strict=True):
            member.restore([None, None, *kept])
        self.signal.restore(saved[2])

    def _told(self, turns: Sequence[Turn]) -> list[Told]:
        return [(self, turn, self.values()) for turn in turns]

    def _may_name(self, one: Mind) -> bool:
        """Whoever sees the alarm may read the name: all of one owner, or what is not only its owner's."""
        if self.target.thing.owner_id is not None or self.target.watching.rule.owner_id is not None:
            return True
        kept = (one.target.thing.visibility, *(series.visibility for series in one.target.series))
        return Visibility.OWN not in kept


#: What is followed through time.
Followed: TypeAlias = Mind | Crowd


def made(target: Target, shared: Shared) -> Followed:
    """The signal of what a rule watches: a thing, or all of them together."""
    return Crowd(target, shared) if target.members else Mind(target, shared)
