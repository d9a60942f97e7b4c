"""How the verbs of connections write the journal: all in one way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from belvedere.domains.access.public import Actor
from belvedere.domains.connections.models import Connection, ReadingsFile, Source
from belvedere.duties.journal.public import record, signed


def note(
    actor: Actor,
    row: Connection | Source | ReadingsFile,
    verb: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """That the actor did this to a row; the last thing in the transaction of a verb."""
    record(
        **signed(actor),
        verb=f"connections.{verb}",
        subject=(f"connections.{type(row).__name__.lower()}", str(row.pk)),
        territory_id=row.territory_id,
        before=None if before is None else dict(before),
        after=None if after is None else dict(after),
    )
