"""Facts that others may listen to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CommandMove:
    """A step of a command: `act` (states.Act), the state `after` it."""

    command_id: UUID
    territory_id: UUID
    owner_id: UUID | None
    entity_id: int
    act: str
    after: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CommandsMoved:
    """Commands were asked for or moved, in the order of their steps; told within the transaction."""

    moves: tuple[CommandMove, ...]
