"""Who watches what, kept in the memory of each process; read anew when it changed.

A process asks the database at most every `FRESH_S` seconds whether something changed. Whoever subscribes is
answered when every process has asked once more (`settle`), so a change after the answer is told.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import F

from belvedere.domains.exchange.definition import Definition, understood
from belvedere.domains.exchange.models import Subscription, Version
from belvedere.kernel.errors import BelvedereError

FRESH_S = 0.1


@dataclass(frozen=True, slots=True)
class Watching:
    """A subscription that hears of changes."""

    id: int
    expires_at: datetime | None
    definition: Definition


@dataclass(slots=True)
class _Known:
    number: int = -1
    asked_at: float = -FRESH_S
    by_territory: Mapping[UUID, Sequence[Watching]] = field(default_factory=dict)


_lock = threading.Lock()
_known = _Known()


def watchers(territory_id: UUID) -> Sequence[Watching]:
    """The subscriptions of a territory that hear of changes; usually without a query."""
    return _fresh().get(territory_id, ())


def anybody() -> bool:
    """Whether anything is watched anywhere."""
    return bool(_fresh())


def _fresh() -> Mapping[UUID, Sequence[Watching]]:
    global _known
    held = _known
    asking = time.monotonic()
    if asking - held.asked_at < FRESH_S:
        return held.by_territory
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM exchange_version")
        (number,) = cursor.fetchone() or (0,)
    with _lock:
        if number == _known.number:
            _known.asked_at = asking
        else:
            _known = _Known(number, asking, _read())
        return _known.by_territory


def _read() -> dict[UUID, list[Watching]]:
    found: dict[UUID, list[Watching]] = defaultdict(list)
    rows = Subscription.objects.filter(is_active=True, stopped="", interval_s__isnull=True)
    for row in rows.order_by("pk"):
        try:
            definition = understood(row.body, row.names)
        except BelvedereError:  # an older version took what this one does not: it is told of nothing
            continue
        found[row.territory_id].append(Watching(row.pk, row.expires_at, definition))
    return dict(found)


def changed() -> None:
    """Who watches what changed, in the transaction at hand."""
    if not Version.objects.filter(pk=1).update(number=F("number") + 1):
        Version.objects.create(pk=1, number=1)


def settle() -> None:
    """Wait until every process knows what was just committed."""
    forget()
    time.sleep(FRESH_S)


def forget() -> None:
    """Ask anew next time."""
    global _known
    _known = _Known()
