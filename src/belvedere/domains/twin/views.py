"""What the reads give: frozen values, no rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from belvedere.domains.twin.describing import Labels
from belvedere.domains.twin.states import AttributeKind, Level, State, ValueType, Visibility
from belvedere.kernel.geometry import Shape


@dataclass(frozen=True, slots=True)
class Value:
    """A present value: `number` in `unit`, or `value` (JSON). `level` 0 normal, 1 watch, 2 alarm."""

    series_id: int
    term: str
    number: float | None
    value: Any
    unit: str
    observed_at: datetime | None
    level: int


@dataclass(frozen=True, slots=True)
class Dot:
    """A thing on the map; `main` is the value shown first, None before any."""

    id: int
    kind: str
    state: str
    longitude: float | None
    latitude: float | None
    names: Mapping[str, str]
    last_seen_at: datetime | None
    state_since: datetime
    owner_id: UUID | None
    place_id: UUID | None
    main: Value | None


@dataclass(frozen=True, slots=True)
class Found:
    """The things of a window, the most urgent first; `total` and `by_state` count those left out too."""

    dots: tuple[Dot, ...]
    total: int
    by_state: Mapping[State, int]


@dataclass(frozen=True, slots=True)
class Cell:
    """The things of one kind and state in a square of the map, and the middle of where they are."""

    longitude: float
    latitude: float
    kind: str
    state: str
    count: int


@dataclass(frozen=True, slots=True)
class AttributeView:
    """An attribute as it is now. `labels` and `percent` as its description has them, empty without one."""

    series_id: int
    name: str
    term: str
    dataset_id: str
    kind: AttributeKind
    value_kind: ValueType
    number: float | None
    value: Any
    unit: str
    observed_at: datetime | None
    received_at: datetime | None
    modified_at: datetime
    note: str
    level: Level
    sub: Mapping[str, Any]
    visibility: Visibility | None
    device_id: UUID | None
    alarm_low: float | None
    watch_low: float | None
    watch_high: float | None
    alarm_high: float | None
    labels: Labels
    value_labels: Mapping[str, Labels]
    percent: bool


@dataclass(frozen=True, slots=True)
class FieldView:
    """How a field of a device's messages is read."""

    name: str
    term: str
    unit: str
    factor: float
    offset: float


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A device and its health. `battery` is a share 0–1, `signal` in dBm; None where it does not tell."""

    id: UUID
    territory_id: UUID
    key: str
    user: str
    kind: str
    owner_id: UUID | None
    entity_id: int
    entity_names: Mapping[str, str]
    fields: tuple[FieldView, ...]
    expected_interval_s: int | None
    per_minute: int
    created_at: datetime
    secret_made_at: datetime
    revoked_at: datetime | None
    last_seen_at: datetime | None
    silent: bool
    battery: float | None
    signal: float | None


@dataclass(frozen=True, slots=True)
class EntityPage:
    """All that the actor may know of a thing. `kind` is the slug of its description, "" without one."""

    id: int
    territory_id: UUID
    urn: str
    types: tuple[str, ...]
    kind: str
    names: Mapping[str, str]
    owner_id: UUID | None
    visibility: Visibility
    shape: Shape | None
    place_id: UUID | None
    scopes: tuple[str, ...]
    created_at: datetime
    modified_at: datetime
    state: State
    state_since: datetime
    last_seen_at: datetime | None
    expected_s: int | None
    attributes: tuple[AttributeView, ...]
    devices: tuple[DeviceView, ...]
    may_edit: bool
