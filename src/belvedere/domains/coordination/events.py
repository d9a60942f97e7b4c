"""Facts that others may listen to; published after commit."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class VerdictGiven:
    """Someone said what comes of two works that meet; `state` "" when the verdict was taken back."""

    territory_id: UUID
    measure_ids: tuple[UUID, UUID]
    state: str


@dataclass(frozen=True, slots=True)
class RuleChanged:
    """From now on other distances or years count in a territory."""

    territory_id: UUID
