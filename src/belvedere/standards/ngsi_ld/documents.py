"""Entities as values (ETSI GS CIM 009, clauses 4.2, 4.5 and 5.2).

A document is never changed in place: `merging` returns new ones. Lists and dictionaries inside may be shared
between an old document and the new one, so whoever holds one leaves them as they are.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import msgspec

#: The NGSI-LD Null (clause 4.5.0): in a fragment, what is to be taken away.
NULL: Final = "urn:ngsi-ld:null"

#: What a fragment does not say: no value at all.
ABSENT: Final = msgspec.UNSET

#: Attributes every implementation places the same way (clause 4.7).
LOCATION: Final = "https://uri.etsi.org/ngsi-ld/location"
OBSERVATION_SPACE: Final = "https://uri.etsi.org/ngsi-ld/observationSpace"
OPERATION_SPACE: Final = "https://uri.etsi.org/ngsi-ld/operationSpace"


class Kind(StrEnum):
    """What an attribute is (clauses 4.5.2 to 4.5.24), by the name it has in JSON."""

    __hash__ = str.__hash__  # that of enumerations is written in Python, and looked up with each instance

    PROPERTY = "Property"
    RELATIONSHIP = "Relationship"
    GEO = "GeoProperty"
    LANGUAGE = "LanguageProperty"
    JSON = "JsonProperty"
    VOCAB = "VocabProperty"
    LIST = "ListProperty"
    LIST_RELATIONSHIP = "ListRelationship"
    #: Only in fragments: a concise attribute that does not say what it is (`{"unitCode": "CEL"}`).
    UNSAID = "Attribute"


class Instance(msgspec.Struct, frozen=True, kw_only=True):
    """One instance of an attribute: of all that share its name, the one of `dataset_id` ("" is the default).

    `value` by kind: PROPERTY and JSON any JSON value; RELATIONSHIP a URI or a list of them; GEO a GeoJSON
    geometry; LANGUAGE a dict of language tag to text or list of texts; VOCAB an IRI or a list of them; LIST a
    list; LIST_RELATIONSHIP a list of URIs. In fragments also NULL or ABSENT.
    """

    kind: Kind
    value: Any
    dataset_id: str = ""
    unit: str = ""
    observed_at: datetime | None = None
    sub: dict[str, list[Instance]] = {}
    object_type: tuple[str, ...] = ()
    value_type: str = ""
    created_at: datetime | None = None
    modified_at: datetime | None = None
    deleted_at: datetime | None = None
    instance_id: str = ""
    #: In notifications that show changes: the value before (clause 5.2.5).
    previous: Any = msgspec.UNSET
    #: In fragments: which of "unitCode", "observedAt", "objectType", "valueType" are to be taken away.
    cleared: frozenset[str] = frozenset()


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """An entity, or a fragment of one (then `id` may be "" and `types` empty).

    `types` are IRIs, sorted; `scopes` None where nothing is said of them (an empty list takes them away).
    """

    id: str = ""
    types: tuple[str, ...] = ()
    attributes: dict[str, list[Instance]] = {}
    scopes: tuple[str, ...] | None = None
    created_at: datetime | None = None
    modified_at: datetime | None = None
    deleted_at: datetime | None = None
    expires_at: datetime | None = None
    cleared: frozenset[str] = frozenset()


def default_instance(instances: list[Instance]) -> Instance | None:
    """The instance without a dataset (clause 4.5.5), if there is one."""
    for one in instances:
        if not one.dataset_id:
            return one
    return None


def pack_sub(instance: Instance) -> dict[str, Any]:
    """What a store keeps beside value, unit and instants: sub-attributes and the types of values."""
    packed: dict[str, Any] = {}
    if instance.sub:
        packed["sub"] = {name: [_pack(one) for one in many] for name, many in instance.sub.items()}
    if instance.object_type:
        packed["ot"] = list(instance.object_type)
    if instance.value_type:
        packed["vt"] = instance.value_type
    return packed


def unpack_sub(packed: dict[str, Any]) -> dict[str, Any]:
    """The fields of an `Instance` that `pack_sub` put away: `Instance(..., **unpack_sub(column))`."""
    if not packed:
        return {}
    fields: dict[str, Any] = {}
    if "sub" in packed:
        fields["sub"] = {name: [_unpack(one) for one in many] for name, many in packed["sub"].items()}
    if "ot" in packed:
        fields["object_type"] = tuple(packed["ot"])
    if "vt" in packed:
        fields["value_type"] = packed["vt"]
    return fields


def _pack(instance: Instance) -> dict[str, Any]:
    packed: dict[str, Any] = {"k": instance.kind.value, "v": instance.value, **pack_sub(instance)}
    if instance.unit:
        packed["u"] = instance.unit
    if instance.dataset_id:
        packed["d"] = instance.dataset_id
    for letter, instant in (
        ("o", instance.observed_at),
        ("c", instance.created_at),
        ("m", instance.modified_at),
    ):
        if instant is not None:
            packed[letter] = instant.isoformat()
    return packed


def _unpack(packed: dict[str, Any]) -> Instance:
    return Instance(
        kind=Kind(packed["k"]),
        value=packed["v"],
        unit=packed.get("u", ""),
        dataset_id=packed.get("d", ""),
        observed_at=_instant(packed.get("o")),
        created_at=_instant(packed.get("c")),
        modified_at=_instant(packed.get("m")),
        **unpack_sub(packed),
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
