"""What happened to plans and measures, told after commit."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class MeasureCreated:
    measure_id: UUID
    territory_id: UUID


@dataclass(frozen=True, slots=True)
class MeasureChanged:
    measure_id: UUID
    territory_id: UUID
    verb: str


@dataclass(frozen=True, slots=True)
class MeasuresImported:
    import_id: UUID
    territory_id: UUID
    created: int
    changed: int
