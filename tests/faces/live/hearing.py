"""Messages as the bus gives them, and what listeners heard."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import UUID

from belvedere.engines import changes
from belvedere.engines.changes import Heard, StateChange, Stream, Told, ValueChange
from belvedere.engines.listening import Ticket
from belvedere.faces.live.hub import Hub, Listener
from belvedere.faces.live.ring import Position
from belvedere.kernel.audiences import EVERYONE, Audience

HERE, ELSEWHERE, MONTAIGU, ROCHEFORT = (UUID(int=n) for n in range(1, 5))
NOW = 1_800_000_000.0
BIRTH = 1_700_000_000_000
MEMBER = Audience(shared=True, owners=frozenset({MONTAIGU}))


def state(
    thing: int, after: str = "alarm", owner: UUID | None = MONTAIGU, visibility: str = "shared"
) -> StateChange:
    return StateChange(thing, "waste-container", owner, visibility, "normal", after)


def value(
    thing: int,
    number: float = 0.5,
    *,
    series: int | None = None,
    owner: UUID | None = MONTAIGU,
    visibility: str = "shared",
    kept: str | None = None,
) -> ValueChange:
    return ValueChange(
        thing, owner, visibility, kept, series or thing * 10, "fillingLevel", number, None, "P1", NOW, 0
    )


class Bus:
    """A stream, and the hub that hears it."""

    def __init__(self, *, first: int = 1) -> None:
        self.at = NOW
        self.hub = Hub(wall=lambda: self.at)
        self.seq = first - 1
        self.hub.begin(Stream(BIRTH, first, first - 1))

    def say(self, *messages: Told) -> None:
        for message in messages:
            self.seq += 1
            territory = message.subject.rpartition(".")[2]
            self.hub.hear(Heard(self.seq, self.at, territory, message.payload))

    def states(self, *rows: StateChange, territory: UUID = HERE) -> None:
        self.say(*changes.told(territory, states=rows))

    def values(self, *rows: ValueChange, territory: UUID = HERE) -> None:
        self.say(*changes.told(territory, values=rows))

    def enter(
        self,
        audience: Audience = MEMBER,
        things: set[int] | None = None,
        *,
        after: str = "",
        back_s: float | None = None,
        territory: UUID = HERE,
    ) -> Listener:
        listener = Listener(Ticket(territory, audience, self.at + 300), frozenset(things or ()))
        self.hub.enter(listener, Position.read(after) if after else None, back_s)
        return listener


Event = tuple[str, Any, str]


async def heard(listener: Listener) -> list[Event]:
    """What it was given, as soon as there is something: name, data, id; without the beats."""
    while True:
        found = [event for event in events(await asyncio.wait_for(listener.take(), 5)) if event[0] != "at"]
        if found:
            return found


def events(text: bytes) -> list[Event]:
    found = []
    for block in text.decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines())
        if "event" in fields:
            found.append((fields["event"], json.loads(fields["data"]), fields.get("id", "")))
    return found


__all__ = ["BIRTH", "ELSEWHERE", "EVERYONE", "HERE", "MEMBER", "MONTAIGU", "NOW", "ROCHEFORT", "Bus"]
