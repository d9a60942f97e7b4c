"""What happened in the work on measures, told after commit."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CommentWritten:
    comment_id: UUID
    measure_id: UUID
    territory_id: UUID


@dataclass(frozen=True, slots=True)
class SuggestionMade:
    """`confirmed`: stands in the owner's queue; else it waits for the address to be confirmed."""

    suggestion_id: UUID
    measure_id: UUID
    territory_id: UUID
    confirmed: bool


@dataclass(frozen=True, slots=True)
class SuggestionDecided:
    """Taken, refused or answered."""

    suggestion_id: UUID
    measure_id: UUID
    territory_id: UUID
    state: str
