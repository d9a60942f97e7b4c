"""Things by their identifiers, whole, in one or two statements for any number of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

import msgspec

from belvedere.domains.twin.documents.held import EntityRow, Held, document_of, held_of
from belvedere.domains.twin.present import EXCLUSIVE, SHARED
from belvedere.engines import wire
from belvedere.kernel.audiences import Audience
from belvedere.standards.ngsi_ld.documents import Document

# One text a thing: PostgreSQL writes it and msgspec reads it faster than rows become objects.
_WHOLE = """
    SELECT json_build_array(
        e.id, e.urn, e.types, e.kind, e.names, e.owner_id, e.visibility, e.scopes,
        CASE WHEN e.geometry IS NOT NULL AND NOT coalesce(a.located, false)
            THEN encode(e.geometry, 'hex') END,
        e.created_at, e.modified_at, e.state,
        (SELECT h.last_seen_at FROM twin_heard h WHERE h.entity_id = e.id),
        coalesce(a.found, '[]'::json))
    FROM twin_entity e LEFT JOIN LATERAL (
        SELECT bool_or(a.name = 'https://uri.etsi.org/ngsi-ld/location') AS located,
            json_agg(json_build_array(a.id, a.name, a.dataset_id, a.kind, a.number, a.value,
            a.number IS NOT NULL OR a.value IS NOT NULL, a.unit, a.observed_at, a.created_at, a.modified_at,
            a.level, a.visibility, a.device_id IS NOT NULL, a.sub) ORDER BY a.id) AS found
        FROM twin_attribute a WHERE a.entity_id = e.id
    ) a ON true
"""
_BY_URN = wire.Statement(
    f"{_WHOLE} WHERE e.territory_id = $1::uuid"
    " AND e.urn = ANY (ARRAY(SELECT json_array_elements_text($2::json))) ORDER BY e.id"
)
_BY_ID = wire.Statement(f"{_WHOLE} WHERE e.id = ANY ($1::int8[])")
_LOCK = wire.Statement(
    "SELECT id FROM twin_entity WHERE territory_id = $1::uuid"
    " AND urn = ANY (ARRAY(SELECT json_array_elements_text($2::json))) ORDER BY id FOR NO KEY UPDATE"
)
_read = msgspec.json.Decoder(EntityRow).decode
_write = msgspec.json.encode


def share_present(more: bytes = b"") -> None:
    """Write attributes and states of single things, beside others who do; not beside a batch of messages.

    Take it first, then the thing itself (`load(…, lock=True)`). `more`: further locks, in the same trip.
    """
    wire.begin(SHARED + b";" + more)


def sharing_present(more: bytes = b"") -> bytes:
    """The same for `load(…, first=…)`: in the trip that locks the things."""
    return SHARED + b";" + more if more else SHARED


def own_present(more: bytes = b"") -> None:
    """Be the one who writes attributes and states: for many things at once."""
    wire.begin(EXCLUSIVE + b";" + more)


def load(
    territory_id: UUID, urns: Collection[str], *, lock: bool = False, first: bytes = b""
) -> dict[str, Held]:
    """The things with these identifiers that are there, by identifier; whole, whoever may see them.

    `lock`: nobody else writes them until the transaction ends (after `share_present`, `own_present` or with
    `first` what `sharing_present` says).
    """
    if not urns:
        return {}
    asked = str(territory_id), _write(list(urns))
    if lock:
        lines = wire.first_column(wire.chain(first, (_LOCK, asked), (_BY_URN, asked)))
    else:
        lines = wire.column(_BY_URN, *asked)
    return {row.urn: held_of(territory_id, row) for row in map(_read, lines)}


def held_by_id(territory_id: UUID, entity_ids: Collection[int]) -> dict[int, Held]:
    """Things of a territory by their numbers; whole, whoever may see them."""
    if not entity_ids:
        return {}
    found = (_read(line) for line in wire.column(_BY_ID, wire.literal(entity_ids)))
    return {row.id: held_of(territory_id, row) for row in found}


def one_document(territory_id: UUID, urn: str, audience: Audience) -> Document | None:
    """The thing with an identifier as the audience sees it; None where it sees none."""
    found = wire.text(_BY_URN, str(territory_id), _write([urn]))
    if found is None:
        return None
    row = _read(found)
    return document_of(row, audience) if audience.sees(row.owner_id, row.visibility) else None


def documents_of(entity_ids: Iterable[int], audience: Audience) -> list[Document]:
    """Things by their numbers, in that order, as the audience sees them, without those it does not see."""
    wanted = list(entity_ids)
    if not wanted:
        return []
    found = {row.id: row for row in map(_read, wire.column(_BY_ID, wire.literal(wanted)))}
    rows = (found[number] for number in wanted if number in found)
    return [document_of(row, audience) for row in rows if audience.sees(row.owner_id, row.visibility)]
