"""The chain: each entry's hash covers every field and the hash before, so that no edit goes unseen.

The form is canonical JSON (keys sorted, no spaces, UTF-8) of the fields of `FIELDS` plus the previous hash,
hashed with SHA-256. A changed, removed or inserted entry breaks the chain at its place. Removing the very
last entries does not: compare the head with one noted elsewhere (`verify(noted=…)`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from belvedere.duties.journal.models import EntryRow
from belvedere.kernel.identifiers import sha256

GENESIS = "0" * 64
BATCH = 5_000
FIELDS = (
    "id",
    "at",
    "actor_id",
    "actor_label",
    "verb",
    "subject_type",
    "subject_id",
    "territory_id",
    "before",
    "after",
    "reason",
    "request_id",
)
canonical = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
).encode


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry that does not fit. `content`: its own fields were changed; else its link is wrong."""

    entry_id: int
    content: bool


@dataclass(frozen=True, slots=True)
class Verification:
    """What a walk along the chain found. `noted_found` is None when no hash was given to look for."""

    count: int
    head: str
    broken: Broken | None = None
    noted_found: bool | None = None

    @property
    def whole(self) -> bool:
        return self.broken is None and self.noted_found is not False


def entry_hash(values: tuple[Any, ...], previous_hash: str) -> str:
    """The hash of an entry: `values` in the order of `FIELDS`, after an entry of `previous_hash`."""
    plain = dict(zip(FIELDS, values, strict=True))
    plain["at"] = plain["at"].astimezone(UTC).isoformat(timespec="microseconds")
    for name in ("actor_id", "territory_id"):
        plain[name] = None if plain[name] is None else str(plain[name])
    plain["previous_hash"] = previous_hash
    return sha256(canonical(plain).encode("utf-8"))


def verify(*, noted: str | None = None, batch: int = BATCH) -> Verification:
    """Walk the whole chain, `batch` entries in memory at a time; stops at the first broken entry.

    `noted`: a head noted earlier, outside this database; it must still be in the chain.
    """
    count, head = 0, GENESIS
    found = None if noted is None else noted == GENESIS
    for *values, previous_hash, own_hash in _rows(batch):
        if previous_hash != head:
            return Verification(count, head, Broken(values[0], content=False), found)
        if entry_hash(tuple(values), previous_hash) != own_hash:
            return Verification(count, head, Broken(values[0], content=True), found)
        count, head = count + 1, own_hash
        found = found or (head == noted if noted is not None else None)
    return Verification(count, head, None, found)


def _rows(batch: int) -> Iterator[tuple[Any, ...]]:
    last = 0
    while True:
        rows = list(
            EntryRow.objects.filter(id__gt=last)
            .order_by("id")
            .values_list(*FIELDS, "previous_hash", "hash")[:batch]
        )
        yield from rows
        if len(rows) < batch:
            return
        last = rows[-1][0]
