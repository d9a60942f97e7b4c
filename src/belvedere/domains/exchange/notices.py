"""What a notice carries: things as they were when they changed, whole, and who may know of them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from belvedere.standards.ngsi_ld.documents import Document, Instance


class Item(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing. `gone`: instances that were taken away; `previous`: values that were replaced or taken away,
    where the subscription wants them; `deleted_at`: when the thing went."""

    entity_id: int
    owner_id: UUID | None = None
    visibility: str
    kept: dict[str, str] = {}
    document: Document
    gone: dict[str, list[Instance]] = {}
    previous: dict[str, list[Instance]] = {}
    deleted_at: datetime | None = None


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(list[Item])


def pack(items: list[Item]) -> bytes:
    return _ENCODER.encode(items)


def unpack(payload: bytes) -> list[Item]:
    return _DECODER.decode(payload)
