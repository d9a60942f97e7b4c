"""Tables that say what the bytes of an uplink mean: data, never code.

Two layouts. `fixed`: parts at places counted from the first byte. `channels`: items one after the other, each
begun by the number of a channel and a type (Cayenne LPP, Milesight); what follows an item that the table does
not know is left unread, since nobody knows how long it is.
"""

from __future__ import annotations

import dataclasses
import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: Bytes of each way of writing a number, and how it is read.
FORMATS: Mapping[str, tuple[int, str]] = {
    f"{sign}{bits}{order}": (bits // 8, sign + order)
    for sign in "ui"
    for bits in (16, 24, 32)
    for order in ("le", "be")
} | {"u8": (1, "ube"), "i8": (1, "ibe"), "f32le": (4, "<f"), "f32be": (4, ">f")}
Decoded = dict[str, Any]


class Unreadable(Exception):
    """Bytes that the table does not fit; the words are for people who know the device."""


@dataclass(frozen=True, slots=True)
class Part:
    """One value: (number & `mask`) × `times` / `per` + `plus`, or its word among `words`.

    `at`: its first byte, in a table of the fixed layout. Without `field` its bytes are passed over.
    """

    field: str
    format: str
    at: int = 0
    mask: int = 0
    times: float = 1
    per: float = 1
    plus: float = 0
    words: Mapping[int, str] = dataclasses.field(default_factory=dict)

    @property
    def size(self) -> int:
        return FORMATS[self.format][0]

    def read(self, data: bytes) -> Any:
        """The value in exactly `size` bytes."""
        how = FORMATS[self.format][1]
        if how[1] == "f":
            number = struct.unpack(how, data)[0]
            if not math.isfinite(number):
                raise Unreadable(f"{self.field}: {number}")
        else:
            number = int.from_bytes(data, "little" if how.endswith("le") else "big", signed=how[0] == "i")
        if self.mask:
            number &= self.mask
        if self.words:
            return self.words.get(number, str(number))
        if (self.times, self.per, self.plus) == (1, 1, 0):
            return number
        return number * self.times / self.per + self.plus


@dataclass(frozen=True, slots=True)
class Item:
    """What follows a channel and a type. `channel` None: any, and its number is added to each field."""

    type: int
    parts: Sequence[Part]
    channel: int | None = None

    @property
    def size(self) -> int:
        return sum(part.size for part in self.parts)


@dataclass(frozen=True, slots=True)
class Table:
    """How the uplinks of a model are read; `ports` empty: on any port."""

    ports: frozenset[int] = frozenset()
    items: Sequence[Item] = ()
    parts: Sequence[Part] = ()

    def read(self, port: int | None, data: bytes) -> Decoded:
        """The values of an uplink by field.

        Raises:
            Unreadable: another port, too few bytes, or nothing that the table knows.
        """
        if self.ports and port is not None and port not in self.ports:
            raise Unreadable(f"port {port}")
        return self._channels(data) if self.items else self._fixed(data)

    def _fixed(self, data: bytes) -> Decoded:
        found: Decoded = {}
        for part in self.parts:
            piece = data[part.at : part.at + part.size]
            if len(piece) < part.size:
                raise Unreadable(f"{len(data)} bytes")
            found[part.field] = part.read(piece)
        return found

    def _channels(self, data: bytes) -> Decoded:
        found: Decoded = {}
        at = 0
        while at + 2 <= len(data):
            channel, kind = data[at], data[at + 1]
            item = self._item(channel, kind)
            if item is None:
                break
            at += 2
            for part in item.parts:
                piece = data[at : at + part.size]
                if len(piece) < part.size:
                    raise Unreadable(f"{len(data)} bytes")
                if part.field:
                    name = part.field if item.channel is not None else f"{part.field}_{channel}"
                    found[name] = part.read(piece)
                at += part.size
        if not found:
            raise Unreadable(f"no known channel: {data[:2].hex()}")
        return found

    def _item(self, channel: int, kind: int) -> Item | None:
        return next((one for one in self.items if one.type == kind and one.channel in (channel, None)), None)


def table_of(raw: Mapping[str, Any]) -> Table:
    """From a description as data; ValueError for one that cannot be meant."""
    parts = [_part(one) for one in raw.get("parts", ())]
    items = [
        Item(one["type"], [_part(part) for part in one["parts"]], one.get("channel"))
        for one in raw.get("items", ())
    ]
    if bool(parts) == bool(items):
        raise ValueError("a table has items or parts")
    return Table(frozenset(raw.get("ports", ())), items, parts)


def _part(raw: Mapping[str, Any]) -> Part:
    words = {int(key): str(word) for key, word in raw.get("words", {}).items()}
    part = Part(**{"field": "", **raw, "words": words})
    if part.format not in FORMATS or part.per == 0:
        raise ValueError(f"{part.field}: {part.format}")
    return part
