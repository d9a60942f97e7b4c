"""An act, as a value: what is asked to be recorded, and what was."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Protocol, TypedDict
from uuid import UUID

LABEL_LENGTH = 160
# From here on PostgreSQL writes a float without its fraction, and it comes back as an integer.
_WHOLE_FLOATS = 1e16


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An act to record. `before` and `after` hold only what changed, as JSON-safe values, and no contact
    data: entries are kept for ever. `subject` is (table label, identifier as text).
    """

    verb: str
    subject: tuple[str, str]
    actor_id: UUID | None = None
    actor_label: str = ""
    territory_id: UUID | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    request_id: str = ""


class Author(Protocol):
    """Whoever acts, as far as the journal needs to know."""

    @property
    def person_id(self) -> UUID | None: ...
    @property
    def label(self) -> str: ...
    @property
    def request_id(self) -> str: ...


class Signature(TypedDict):
    """Who acted, in an entry."""

    actor_id: UUID | None
    actor_label: str
    request_id: str


def signed(author: Author) -> Signature:
    """The part of an entry that says who acted: `record(**signed(actor), verb=…, …)`."""
    return Signature(actor_id=author.person_id, actor_label=author.label, request_id=author.request_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded(Entry):
    """An act in the journal. `actor_label` is the actor's present name, empty when it was erased."""

    id: int
    at: datetime
    hash: str

    @property
    def changes(self) -> list[tuple[str, Any, Any]]:
        """(name, before, after) of each value that differs, in the order of the names."""
        names = sorted({*self.before, *self.after})
        pairs = [(name, self.before.get(name), self.after.get(name)) for name in names]
        return [pair for pair in pairs if pair[1] != pair[2]]


def storable(value: Any) -> Any:
    """`value` as it will come back from the database: hashing must give the same text then and now."""
    kind = type(value)
    if kind is str and value.isascii() and "\x00" not in value:
        return value  # by far the most frequent
    if kind is dict:
        return {storable(str(key)): storable(item) for key, item in value.items()}
    match value:
        case None | bool() | int() if not isinstance(value, Enum):
            return value
        case Enum():
            return storable(value.value)
        case str():
            # PostgreSQL keeps neither U+0000 nor half of a surrogate pair; the journal must not fail on them.
            return value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
        case float():
            if not math.isfinite(value):
                return str(value)
            return int(value) if abs(value) >= _WHOLE_FLOATS else value + 0.0
        case Mapping():
            return {storable(str(key)): storable(item) for key, item in value.items()}
        case list() | tuple():
            return [storable(item) for item in value]
        case set() | frozenset():
            return sorted((storable(item) for item in value), key=str)
        case datetime() | date():
            return value.isoformat()
        case Decimal() | UUID():
            return str(value)
        case _:
            raise TypeError(f"the journal cannot keep a {type(value).__name__}; give plain values")
