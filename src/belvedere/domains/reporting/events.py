"""What happened in a reporting round, told after commit."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class TaskAsked:
    """An owner has a checklist to answer."""

    task_id: UUID


@dataclass(frozen=True, slots=True)
class TaskReminded:
    """An owner is reminded; `kind` of `states.ReminderKind`."""

    task_id: UUID
    kind: str


@dataclass(frozen=True, slots=True)
class TaskReopened:
    """The office asks an owner to look at the checklist again."""

    task_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class RoundClosed:
    round_id: UUID
    territory_id: UUID
