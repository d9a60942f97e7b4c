"""Who listens, and what each of them is to hear: changes gathered for a moment, filtered, written once.

Listeners of the same audience share the same bytes. Nobody waits for a slow one: it is let go, and comes back
to hear what it missed.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from uuid import UUID

import msgspec

from belvedere.engines.changes import (
    EVERYWHERE,
    Change,
    Heard,
    StateChange,
    Stream,
    ValueChange,
    understood,
)
from belvedere.engines.listening import Ticket
from belvedere.faces.live.ring import Position, Ring
from belvedere.kernel.audiences import SHARED, Audience

GATHERED_S = 0.25
AT_ONCE_S = 0.02  # of one commit several messages tell
MOST_THINGS = 300
MOST_WAITING = 60  # parts; a quarter of a minute of them at the least
MOST_WAITING_BYTES = 1 << 18
RESET = b"event: reset\ndata: {}\n"
ALARMS = b"event: alarms\ndata: {}\n"
OWN = "own"
_ENCODER = msgspec.json.Encoder()


@dataclass(eq=False, slots=True)
class Listener:
    """An open page: what it may hear, what it shows, and what it has not taken yet."""

    ticket: Ticket
    things: frozenset[int]
    waiting: deque[bytes] = field(default_factory=deque)
    waiting_bytes: int = 0
    awake: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def territory(self) -> str:
        return str(self.ticket.territory_id)

    def give(self, part: bytes) -> bool:
        """Hand it more; False when it has not taken enough of what it was given."""
        if self.waiting and (
            len(self.waiting) >= MOST_WAITING or self.waiting_bytes + len(part) > MOST_WAITING_BYTES
        ):
            return False
        self.waiting.append(part)
        self.waiting_bytes += len(part)
        self.awake.set()
        return True

    async def take(self) -> bytes:
        """What waits, as soon as something does."""
        while not self.waiting:
            self.awake.clear()
            await self.awake.wait()
        parts = b"".join(self.waiting)
        self.waiting.clear()
        self.waiting_bytes = 0
        return parts


class Gathered:
    """Changes of a territory, the latest of each thing and series, written as JSON when somebody may hear."""

    def __init__(self, changes: Iterable[Change], position: Position) -> None:
        self.reset = False
        self._position = str(position).encode()
        self._states: dict[int, StateChange] = {}
        self._values: dict[int, ValueChange] = {}
        self._alarms: set[UUID | None] = set()
        for change in changes:
            self.reset = self.reset or change.reset
            self._states.update((one.thing, one) for one in change.states)
            self._values.update((one.series, one) for one in change.values)
            self._alarms.update(change.alarms)
        self._by_thing: dict[int, list[ValueChange]] = defaultdict(list)
        for one in self._values.values():
            self._by_thing[one.thing].append(one)
        self._things = frozenset(self._by_thing)
        self._rows: dict[int, bytes] = {}
        self._states_for: dict[Audience, bytes] = {}
        self._values_for: dict[tuple[Audience, frozenset[int]], bytes] = {}

    def events(self, audience: Audience, things: frozenset[int]) -> bytes:
        """What those hear who may know that much and show these things; empty for nothing."""
        if self.reset:
            return RESET + self._end()
        told = (self._states_seen(audience), self._values_seen(audience, things), self._alarms_seen(audience))
        parts = [part for part in told if part]
        # Only the last part carries the id: who heard it heard all.
        return b"\n".join(parts) + self._end() if parts else b""

    def _end(self) -> bytes:
        return b"id: " + self._position + b"\n\n"

    def _states_seen(self, audience: Audience) -> bytes:
        known = self._states_for.get(audience)
        if known is None:
            rows = [
                (one.thing, one.after)
                for one in self._states.values()
                if audience.sees(one.owner, one.visibility)
            ]
            known = b"event: states\ndata: " + _ENCODER.encode(rows) + b"\n" if rows else b""
            self._states_for[audience] = known
        return known

    def _values_seen(self, audience: Audience, things: frozenset[int]) -> bytes:
        shown = things & self._things
        if not shown:
            return b""
        key = (audience, shown)
        known = self._values_for.get(key)
        if known is None:
            rows = [
                self._row(one)
                for thing in sorted(shown)
                for one in self._by_thing[thing]
                if audience.sees(one.owner, one.visibility)
                and (one.kept is None or audience.sees(one.owner, one.kept))
            ]
            known = b"event: values\ndata: [" + b",".join(rows) + b"]\n" if rows else b""
            self._values_for[key] = known
        return known

    def _alarms_seen(self, audience: Audience) -> bytes:
        """Alarms are seen by their owner and its bodies; those of the territory by who works there."""
        seen = any(audience.sees(owner, OWN if owner else SHARED) for owner in self._alarms)
        return ALARMS if seen else b""

    def _row(self, one: ValueChange) -> bytes:
        known = self._rows.get(one.series)
        if known is None:
            known = self._rows[one.series] = _ENCODER.encode(
                (one.thing, one.series, one.term, one.number, one.value, one.unit, one.observed_at, one.level)
            )
        return known


class Hub:
    """The listeners of this process, and the ring they resume from.

    Args:
        wall: seconds since 1970, as the bus counts them.
    """

    def __init__(self, wall: Callable[[], float] = time.time) -> None:
        self._wall = wall
        self._ring: Ring | None = None
        self._open_from = 0
        self._listeners: dict[str, set[Listener]] = defaultdict(set)
        self._pending: dict[str, list[Heard]] = defaultdict(list)
        self._flushed_at: dict[str, float] = {}
        self._flushes: dict[str, asyncio.TimerHandle] = {}
        self.counts: Counter[str] = Counter()
        self.lag_s = 0.0

    @property
    def many(self) -> int:
        """How many listen."""
        return sum(map(len, self._listeners.values()))

    @property
    def is_open(self) -> bool:
        """Whether what changes is heard here."""
        return self._ring is not None and self._ring.last_seq >= self._open_from

    def begin(self, stream: Stream) -> int:
        """The bus is there, with that stream; gives the number after which to hear it.

        Where it is not the former one, or has forgotten what was not heard, everyone hears that it is to be
        read anew. Nobody enters before what the stream holds was heard.
        """
        after = stream.first_seq - 1
        self._open_from = stream.last_seq
        if self._ring is not None and self._ring.birth == stream.birth and self._ring.last_seq >= after:
            return self._ring.last_seq
        self._ring = Ring(stream.birth, after)
        self._forget_pending()
        for territory in list(self._listeners):
            self._flush(territory, [Change(reset=True)])
        return after

    def close(self) -> None:
        """What changes is not heard any more: everyone is let go, and finds out when it is again."""
        self._ring = None
        self._forget_pending()
        for listener in [one for some in self._listeners.values() for one in some]:
            self.leave(listener)

    def _forget_pending(self) -> None:
        for timer in self._flushes.values():
            timer.cancel()
        self._flushes.clear()
        self._pending.clear()

    def enter(self, listener: Listener, position: Position | None, back_s: float | None) -> None:
        """Begin to hear: first what changed since that position, and within the last `back_s` seconds."""
        assert self._ring is not None
        territory = listener.territory
        at = None if back_s is None else self._wall() - back_s
        missed = self._ring.missed(territory, position, at)
        changes = [Change(reset=True)] if missed is None else [understood(one.payload) for one in missed]
        self.counts["resets" if missed is None else "entered"] += 1
        gathered = Gathered(changes, self._ring.position)
        # What is pending is part of it; hearing a state or a value twice does no harm.
        listener.give(gathered.events(listener.ticket.audience, listener.things) + _beat(self._ring.position))
        self._listeners[territory].add(listener)

    def leave(self, listener: Listener) -> None:
        """Hear no more."""
        listener.over.set()
        others = self._listeners.get(listener.territory)
        if others is not None:
            others.discard(listener)
            if not others:
                del self._listeners[listener.territory]

    def hear(self, heard: Heard) -> None:
        """A message of the bus: who listens hears of it within a quarter of a second."""
        assert self._ring is not None
        self._ring.add(heard)
        self.counts["messages"] += 1
        if heard.territory == EVERYWHERE:
            for territory in list(self._listeners):
                self._await(territory, heard)
        elif heard.territory in self._listeners:
            self._await(heard.territory, heard)

    def _await(self, territory: str, heard: Heard) -> None:
        self._pending[territory].append(heard)
        if territory not in self._flushes:
            loop = asyncio.get_running_loop()
            due = max(loop.time() + AT_ONCE_S, self._flushed_at.get(territory, 0.0) + GATHERED_S)
            self._flushes[territory] = loop.call_at(due, self._flush_pending, territory)

    def _flush_pending(self, territory: str) -> None:
        self._flushes.pop(territory, None)
        pending = self._pending.pop(territory, [])
        self._flushed_at[territory] = asyncio.get_running_loop().time()
        if pending:
            self._flush(territory, [understood(one.payload) for one in pending])
            self.lag_s = max(0.0, self._wall() - pending[0].at)

    def _flush(self, territory: str, changes: list[Change]) -> None:
        assert self._ring is not None
        gathered = Gathered(changes, self._ring.position)
        for listener in list(self._listeners.get(territory, ())):
            part = gathered.events(listener.ticket.audience, listener.things)
            if part:
                self._give(listener, part)

    def beat(self) -> None:
        """Say to everyone that the line is alive and how far it has heard; let go whose ticket is over."""
        if self._ring is None:
            return
        now = self._wall()
        for territory, listeners in list(self._listeners.items()):
            pending = self._pending.get(territory)
            seq = pending[0].seq - 1 if pending else self._ring.last_seq
            beat = _beat(Position(self._ring.birth, seq))
            for listener in list(listeners):
                if listener.ticket.expires_at <= now:
                    self.leave(listener)
                else:
                    self._give(listener, beat)

    def _give(self, listener: Listener, part: bytes) -> None:
        self.counts["parts"] += 1
        if not listener.give(part):
            self.counts["cut"] += 1
            self.leave(listener)


def _beat(position: Position) -> bytes:
    return b"event: at\ndata: {}\nid: %s\n\n" % str(position).encode()
