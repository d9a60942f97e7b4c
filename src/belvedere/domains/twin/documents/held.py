"""What the rows of a thing say, as a document: the two views of it that reading and writing need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from belvedere.domains.twin.policies import Thing
from belvedere.domains.twin.states import AttributeKind
from belvedere.kernel.audiences import Audience
from belvedere.kernel.geometry import from_wkb
from belvedere.standards.ngsi_ld.documents import LOCATION, Document, Instance, Kind, unpack_sub

#: Under which a thing that was made here, and not through NGSI-LD, tells its names.
NAME = "https://smartdatamodels.org/name"
#: Under which a thing says its own name, whatever vocabulary it speaks.
NAMES = (
    NAME,
    "https://schema.org/name",
    "http://schema.org/name",
    "https://uri.etsi.org/ngsi-ld/default-context/name",
    "https://uri.etsi.org/ngsi-ld/name",
)
WHOLE = 2**53

KINDS = {
    AttributeKind.PROPERTY.value: Kind.PROPERTY,
    AttributeKind.RELATIONSHIP.value: Kind.RELATIONSHIP,
    AttributeKind.GEO.value: Kind.GEO,
    AttributeKind.LANGUAGE.value: Kind.LANGUAGE,
    AttributeKind.JSON.value: Kind.JSON,
    AttributeKind.VOCAB.value: Kind.VOCAB,
    AttributeKind.LIST.value: Kind.LIST,
    AttributeKind.LIST_RELATIONSHIP.value: Kind.LIST_RELATIONSHIP,
}
ROW_KINDS = {kind: word for word, kind in KINDS.items()}


class AttributeRow(msgspec.Struct, array_like=True):
    """A row of `twin_attribute`. `told`: it has a value; `fed`: a device tells it."""

    id: int
    name: str
    dataset_id: str
    kind: str
    number: int | float | None
    value: Any
    told: bool
    unit: str
    observed_at: datetime | None
    created_at: datetime
    modified_at: datetime
    level: int
    visibility: str | None
    fed: bool
    sub: dict[str, Any]


class EntityRow(msgspec.Struct, array_like=True):
    """A row of `twin_entity` with its attributes. `shape`: WKB in hexadecimal where no attribute says it."""

    id: int
    urn: str
    types: list[str]
    kind: str
    names: dict[str, str]
    owner_id: UUID | None
    visibility: str
    scopes: list[str]
    shape: str | None
    created_at: datetime
    modified_at: datetime
    state: str
    seen_at: datetime | None
    attributes: list[AttributeRow]


@dataclass(frozen=True, slots=True)
class Held:
    """A thing as it is kept: its row, its attributes by name and dataset, and the document they make.

    `kept`: attributes (IRIs) that are closer kept than the thing, by whom they are seen.
    """

    territory_id: UUID
    row: EntityRow
    rows: dict[tuple[str, str], AttributeRow]
    document: Document
    kept: dict[str, str]

    @property
    def thing(self) -> Thing:
        return Thing(self.territory_id, self.row.owner_id, self.row.visibility)


def held_of(territory_id: UUID, row: EntityRow) -> Held:
    """The thing of a row, whole."""
    rows = {(one.name, one.dataset_id): one for one in row.attributes}
    kept = {one.name: one.visibility for one in row.attributes if one.visibility is not None}
    return Held(territory_id, row, rows, document_of(row), kept)


def document_of_held(held: Held, audience: Audience) -> Document | None:
    """The thing as the audience sees it; None where it sees none."""
    row = held.row
    return document_of(row, audience) if audience.sees(row.owner_id, row.visibility) else None


def document_of(row: EntityRow, audience: Audience | None = None) -> Document:
    """The document of a row; with an audience, without the attributes it does not see."""
    attributes: dict[str, list[Instance]] = {}
    newest = row.modified_at
    for one in row.attributes:
        if not one.told:
            continue
        closer = one.visibility
        if closer is not None and audience is not None and not audience.sees(row.owner_id, closer):
            continue
        instance = instance_of(one)
        if one.modified_at > newest:
            newest = one.modified_at
        if one.name in attributes:
            attributes[one.name].append(instance)
        else:
            attributes[one.name] = [instance]
    if row.names and attributes.keys().isdisjoint(NAMES):
        attributes[NAME] = [_said_here(row, Kind.LANGUAGE, dict(row.names))]
    if row.shape is not None and LOCATION not in attributes:
        attributes[LOCATION] = [_said_here(row, Kind.GEO, from_wkb(bytes.fromhex(row.shape)).geojson)]
    return Document(
        id=row.urn,
        types=tuple(sorted(row.types)),
        attributes=attributes,
        scopes=tuple(row.scopes) or None,
        created_at=row.created_at,
        modified_at=newest,
    )


def _said_here(row: EntityRow, kind: Kind, value: Any) -> Instance:
    return Instance(kind=kind, value=value, created_at=row.created_at, modified_at=row.modified_at)


def instance_of(row: AttributeRow) -> Instance:
    """The instance that a row holds."""
    number = row.number
    if number is None:
        value = row.value
    elif type(number) is float and number.is_integer() and -WHOLE < number < WHOLE:
        value = int(number)
    else:
        value = number
    more = unpack_sub(row.sub) if row.sub else {}
    return Instance(
        kind=KINDS[row.kind],
        value=value,
        dataset_id=row.dataset_id,
        unit=row.unit,
        observed_at=row.observed_at,
        created_at=row.created_at,
        modified_at=row.modified_at,
        **more,
    )
