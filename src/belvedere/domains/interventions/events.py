"""Facts that others may listen to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class InterventionMoved:
    """A step of an intervention was written. `before` is empty for a new one; `alarm_id`: its alarm; `by_id`:
    the person who did it, None for the platform."""

    territory_id: UUID
    intervention_id: UUID
    owner_id: UUID
    team_id: UUID | None
    alarm_id: int | None
    act: str
    before: str
    after: str
    at: datetime
    by_id: UUID | None = None
