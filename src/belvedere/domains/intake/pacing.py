"""How much each device sent within its present minute, and the newest instant it told of.

Kept in the database, in the transaction of the batch: a redelivery after a crash is judged as the first time.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from belvedere.domains.twin.public import Feed

_READ = """
    SELECT device_id, minute, n, newest_at FROM intake_pace
    WHERE device_id = ANY(%s) ORDER BY device_id FOR UPDATE
"""
_WRITE = """
    INSERT INTO intake_pace AS p (device_id, minute, n, newest_at)
    SELECT * FROM unnest(%s::uuid[], %s::timestamptz[], %s::int4[], %s::timestamptz[])
    ON CONFLICT (device_id) DO UPDATE
    SET minute = excluded.minute, n = excluded.n, newest_at = excluded.newest_at
"""


@dataclass(slots=True)
class _Pace:
    minute: datetime
    n: int
    newest_at: datetime | None


class Paces:
    """The paces of the devices of a batch."""

    def __init__(self, devices: Collection[UUID]) -> None:
        self._known: dict[UUID, _Pace] = {}
        with connection.cursor() as cursor:
            cursor.execute(_READ, [sorted(devices)])
            for device_id, minute, n, newest_at in cursor.fetchall():
                self._known[device_id] = _Pace(minute, n, newest_at)

    def admits(self, feed: Feed, received_at: datetime) -> bool:
        """Whether the device may send more in this minute; a batch that began within it comes in whole."""
        minute = received_at.replace(second=0, microsecond=0)
        pace = self._pace(feed, minute)
        if pace.minute < minute:
            pace.minute, pace.n = minute, 0
        if pace.n >= feed.per_minute:
            return False
        pace.n += 1
        return True

    def more(self, feed: Feed, sets: int) -> None:
        """Count sets beyond the first of a message."""
        self._known[feed.device_id].n += sets

    def is_late(self, feed: Feed, observed_at: datetime, received_at: datetime) -> bool:
        """Whether the device had told of something newer; if not, this is the newest now."""
        pace = self._known.get(feed.device_id) or self._pace(feed, received_at)
        if pace.newest_at is not None and observed_at < pace.newest_at:
            return True
        pace.newest_at = observed_at
        return False

    def _pace(self, feed: Feed, minute: datetime) -> _Pace:
        pace = self._known.get(feed.device_id)
        if pace is None:
            pace = self._known[feed.device_id] = _Pace(minute, 0, None)
        return pace

    def write(self) -> None:
        """Keep them."""
        if not self._known:
            return
        rows = sorted(self._known.items())
        with connection.cursor() as cursor:
            cursor.execute(
                _WRITE,
                [
                    [device_id for device_id, _pace in rows],
                    [pace.minute for _device, pace in rows],
                    [pace.n for _device, pace in rows],
                    [pace.newest_at for _device, pace in rows],
                ],
            )
