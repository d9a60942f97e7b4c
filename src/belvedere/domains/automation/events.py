"""Facts that others may listen to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AlarmChange:
    """A step of an alarm: `act` (states.Act), the states before ("" for a new alarm) and after; `step_id` is
    its number in the timeline, `owner_id` who answers for it, `parent_id` the alarm it is grouped beneath."""

    alarm_id: int
    step_id: int
    territory_id: UUID
    rule_id: int
    entity_id: int
    owner_id: UUID | None
    place_id: UUID | None
    severity: int
    act: str
    before: str
    after: str
    parent_id: int | None
    shelved_until: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True)
class AlarmsChanged:
    """Alarms moved, in the order of their steps; told within the transaction too (for an outbox)."""

    changes: tuple[AlarmChange, ...]


@dataclass(frozen=True, slots=True)
class RulesChanged:
    """Rules were saved, switched or removed."""

    territory_id: UUID
