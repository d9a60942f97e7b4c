"""What the verbs take: things, their attributes, devices, the reading of fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from belvedere.domains.twin.states import AttributeKind, Visibility
from belvedere.kernel.geometry import Shape


class Keep:
    """Says that something stays as it is (None means: none)."""

    def __repr__(self) -> str:
        return "KEEP"


KEEP: Final = Keep()


@dataclass(frozen=True, slots=True)
class AttributeDraft:
    """A property or relation as someone says it. `value`: a finite number, a text, a boolean or JSON.

    `term` is expanded by the description of the thing's kind; an IRI stays. `unit` is a UN/CEFACT code, ""
    for the one of the description. `observed_at` None: it holds without an instant (a capacity, a name).
    """

    term: str
    value: Any
    unit: str = ""
    kind: AttributeKind = AttributeKind.PROPERTY
    dataset_id: str = ""
    observed_at: datetime | None = None
    sub: Mapping[str, Any] = field(default_factory=dict)
    visibility: Visibility | None = None


@dataclass(frozen=True, slots=True)
class EntityDraft:
    """A thing to create. `kind` is the slug of a description; without one `types` (IRIs) are needed.

    `urn`: made when empty. `shape`: where it is, None for a thing without a place.
    """

    kind: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    urn: str = ""
    types: tuple[str, ...] = ()
    owner_id: UUID | None = None
    visibility: Visibility = Visibility.OWN
    shape: Shape | None = None
    scopes: tuple[str, ...] = ()
    attributes: tuple[AttributeDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class EntityChange:
    """What changes of a thing; what is KEEP or empty stays. `removed`: names (IRIs or terms) to take away."""

    names: Mapping[str, str] | Keep = KEEP
    owner_id: UUID | Keep | None = KEEP
    visibility: Visibility | Keep = KEEP
    shape: Shape | Keep | None = KEEP
    scopes: tuple[str, ...] | Keep = KEEP
    attributes: tuple[AttributeDraft, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldDraft:
    """How a field of a device's messages is read: into which term of the thing, in which unit it is sent.

    Kept = sent × `factor` + `offset`; without a factor it follows from `unit`. `kind` (number, text, boolean,
    object) is needed only for a term that nothing describes.
    """

    term: str
    unit: str = ""
    factor: float | None = None
    offset: float | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class DeviceDraft:
    """A device to register. `fields` None: the usual ones of the thing's kind, each under its own term.

    `expected_interval_s` None: as the kind of the thing usually tells.
    """

    key: str
    entity_id: int
    fields: Mapping[str, FieldDraft] | None = None
    expected_interval_s: int | None = None
    per_minute: int = 600


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A device's credential just made. Show it once, keep it nowhere."""

    device_id: UUID
    user: str
    password: str

    def __repr__(self) -> str:
        return f"NewSecret(device_id={self.device_id})"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where a value is to be watched, and from where it is an alarm; None: never."""

    alarm_low: float | None = None
    watch_low: float | None = None
    watch_high: float | None = None
    alarm_high: float | None = None
