"""The last changes, so that who was cut off hears exactly what was missed, or that it cannot be told."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field

from belvedere.engines.changes import EVERYWHERE, KEPT_S, Heard

MOST_BYTES = 16 << 20
OVERHEAD_BYTES = 200  # of a message in memory, beside its payload
_POSITION = re.compile(r"([0-9]{1,15})-([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a stream: the stream's birth, and the number of the last message heard."""

    birth: int
    seq: int

    def __str__(self) -> str:
        return f"{self.birth}-{self.seq}"

    @classmethod
    def read(cls, text: str) -> Position | None:
        """From what an event carried as its id; None for anything else."""
        found = _POSITION.fullmatch(text)
        return cls(int(found[1]), int(found[2])) if found else None


@dataclass(slots=True)
class Ring:
    """Messages of one stream, the youngest ten minutes, within bounds of memory.

    A message for everywhere belongs to each territory.
    """

    birth: int
    after: int = 0  # nothing up to this number will be heard
    most_bytes: int = MOST_BYTES
    last_seq: int = 0
    _kept: deque[Heard] = field(default_factory=deque)
    _bytes: int = 0
    _lost: dict[str, int] = field(default_factory=dict)  # by territory, the youngest that was dropped
    _lost_at: float = 0.0

    def __post_init__(self) -> None:
        self.last_seq = max(self.last_seq, self.after)

    def add(self, heard: Heard) -> None:
        """Keep a message; the numbers grow."""
        self.last_seq = heard.seq
        self._kept.append(heard)
        self._bytes += len(heard.payload) + OVERHEAD_BYTES
        while self._bytes > self.most_bytes or heard.at - self._kept[0].at > KEPT_S:
            old = self._kept.popleft()
            self._bytes -= len(old.payload) + OVERHEAD_BYTES
            self._lost[old.territory], self._lost_at = old.seq, old.at
            if not self._kept:
                break

    @property
    def position(self) -> Position:
        return Position(self.birth, self.last_seq)

    def missed(
        self, territory: str, position: Position | None, at: float | None = None
    ) -> list[Heard] | None:
        """What a territory's listener has to hear: all after that position, and all since that instant
        (seconds since 1970); None when that cannot be told."""
        after = self.last_seq
        if position is not None:
            lost = max(self._lost.get(territory, 0), self._lost.get(EVERYWHERE, 0), self.after)
            if position.birth != self.birth or not lost <= position.seq <= self.last_seq:
                return None
            after = position.seq
        if at is not None and at <= self._lost_at:
            return None
        found: list[Heard] = []
        for one in reversed(self._kept):
            if one.seq <= after and (at is None or one.at < at):
                break
            if one.territory in (territory, EVERYWHERE):
                found.append(one)
        found.reverse()
        return found
