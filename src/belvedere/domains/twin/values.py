"""What travels between the twin, the intake and the faces: frozen values, no rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec


@dataclass(frozen=True, slots=True)
class Target:
    """Where a field of a device's messages goes.

    `kind`: number, text, boolean, object, or forecast (see `forecasts`). `unit`: UN/CEFACT code of the
    number as it is kept ("" without one); `low` and `high` are bounds in that unit, inclusive. A number whose
    message names no unit is kept as number × `factor` + `offset`; one that names a unit is turned into `unit`
    (see `units.to_stored`).
    """

    series_id: int
    term: str
    kind: str
    factor: float
    offset: float
    unit: str
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Feed:
    """What is known of a device when a message of it arrives. `fields`: name in the message → target.

    `strict`: values outside the description are refused rather than kept with a note. `per_minute`: how many
    reading sets it may send in a minute.
    """

    device_id: UUID
    territory_id: UUID
    device_key: str
    entity_id: int
    fields: Mapping[str, Target]
    strict: bool
    revoked: bool
    per_minute: int
    owner_id: UUID | None = None


class Present(msgspec.Struct, frozen=True, gc=False):
    """A value to show as the present one if it is newer. `number` for numbers, else `value` (JSON).

    `observed_at` and `received_at` carry a time zone. `note`: what the intake found odd, "" for nothing.
    """

    series_id: int
    number: float | None
    value: object | None
    observed_at: datetime
    received_at: datetime
    unit: str
    note: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A present value that changed, and the state of its thing before and after. `before`: the number or
    value that was the present one, None where there was none.

    Who may know of it: `owner_id` and `visibility` are those of the thing, `kept` is the value's own
    visibility where it has one.
    """

    series_id: int
    entity_id: int
    territory_id: UUID
    term: str
    number: float | None
    value: object | None
    unit: str
    observed_at: datetime
    level: int
    state_before: str
    state_after: str
    owner_id: UUID | None
    visibility: str
    kept: str | None
    before: object | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """What a device may do on the bus: publish on these subjects (NATS form), hear those: its commands."""

    territory_slug: str
    device_key: str
    publish: tuple[str, ...]
    hear: tuple[str, ...] = ()
