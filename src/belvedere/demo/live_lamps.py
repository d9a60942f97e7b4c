"""Lamps of the demo that obey: what one does with a command, once for each id, and what it answers.

A few refuse, because their driver does not dim; a few never answer. What was set is kept in the home, so that
a restart repeats nothing. Not for the way of messages: see `simulator`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from belvedere.engines.home import Home, replace_private

KIND = "streetlight"
FILE = "demo-lamps.json"
KNOWN = 40  # ids that a lamp remembers
#: Of a hundred numbers of lamps, which refuse and which stay silent.
REFUSES, SILENT = frozenset({1, 4, 31, 57, 83}), frozenset({9, 44, 71})


class Order(msgspec.Struct):
    """A command as it comes down."""

    id: str
    command: str
    value: float | str
    expires: datetime


class Lamp(msgspec.Struct):
    """What a lamp keeps: its level (a share; None while it follows its own clock), the ids it knows with
    what it answered."""

    level: float | None = None
    known: dict[str, tuple[str, str]] = {}

    def obey(self, order: Order, number: int, at: datetime) -> tuple[str, str]:
        """Do it unless its id is known; the answer and its words."""
        if order.id in self.known:
            return self.known[order.id]
        answer = self._do(order, number, at)
        self.known[order.id] = answer
        for old in list(self.known)[:-KNOWN]:
            del self.known[old]
        return answer

    def _do(self, order: Order, number: int, at: datetime) -> tuple[str, str]:
        if order.expires <= at:
            return "failed", "too late"
        level = _level(order)
        if level is None:
            return "failed", "command not known"
        if number % 100 in REFUSES and 0 < level < 1:
            return "failed", "driver does not dim (DALI 0x4F)"
        self.level = level
        return "done", ""


def _level(order: Order) -> float | None:
    if order.command == "switch":
        return {"on": 1.0, "off": 0.0}.get(str(order.value))
    if order.command == "dim" and isinstance(order.value, float) and math.isfinite(order.value):
        return min(1.0, max(0.0, order.value / 100))
    return None


@dataclass(slots=True)
class Lamps:
    """All of them, by key."""

    home: Home
    of: dict[str, Lamp] = field(default_factory=dict)

    @classmethod
    def read(cls, home: Home) -> Lamps:
        try:
            return cls(home, msgspec.json.decode(home.path(FILE).read_bytes(), type=dict[str, Lamp]))
        except (OSError, msgspec.DecodeError):
            return cls(home)

    def hear(self, key: str, number: int, payload: bytes, at: datetime) -> Iterator[bytes]:
        """The answers to what came down, the first as soon as it is there; kept before they are given."""
        try:
            order = msgspec.json.decode(payload, type=Order)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return
        if number % 100 in SILENT:
            return
        lamp = self.of.setdefault(key, Lamp())
        is_new = order.id not in lamp.known
        answer, words = lamp.obey(order, number, at)
        if is_new:
            replace_private(self.home.path(FILE), msgspec.json.encode(self.of).decode())
            yield _answer(order.id, "accepted", "")
        yield _answer(order.id, answer, words)

    def told(self, key: str, full_w: float, said: dict[str, Any]) -> dict[str, Any]:
        """What a lamp of `full_w` says of itself, by the level that was set."""
        lamp = self.of.get(key)
        if lamp is None or lamp.level is None:
            return said
        broken = said.get("status") == "defectiveLamp"
        level = 0.0 if broken else lamp.level
        power = "off" if level == 0 else "low" if level < 1 else "on"
        watts = round(full_w * level + 0.4, 1)
        return {**said, "illuminanceLevel": level, "powerConsumption": watts, "powerState": power}


def _answer(number: str, answer: str, words: str) -> bytes:
    return msgspec.json.encode({"id": number, "answer": answer, "words": words})


def instant(us: int) -> datetime:
    return datetime.fromtimestamp(us / 1_000_000, UTC)
