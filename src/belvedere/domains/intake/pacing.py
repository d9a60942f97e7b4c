"""How much each device sent within its present minute, and the newest instant it told of.

Kept in the database, in the transaction of the batch: a redelivery after a crash is judged as the first time.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db import connection

from belvedere.domains.intake.forms import EPOCH, MICROSECOND
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
MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class Pace:
    """Of one device: reading sets within `minute`, and the newest instant that it told of."""

    minute: datetime
    n: int = 0
    newest_at: datetime | None = None

    def admits(self, feed: Feed, received_at: datetime) -> bool:
        """Whether the device may send more in this minute; a batch that began within it comes in whole."""
        if received_at - self.minute >= MINUTE:
            self.minute, self.n = minute_of(received_at), 0
        if self.n >= feed.per_minute:
            return False
        self.n += 1
        return True

    def is_late(self, observed_at: datetime) -> bool:
        """Whether the device had told of something newer; if not, this is the newest now."""
        if self.newest_at is not None and observed_at < self.newest_at:
            return True
        self.newest_at = observed_at
        return False

    def late_among(self, times_us: npt.NDArray[np.int64]) -> list[bool]:
        """The same of several sets, one after the other; microseconds since 1970."""
        newest_us = np.maximum.accumulate(times_us)
        before = np.roll(newest_us, 1)
        before[0] = times_us[0] if self.newest_at is None else (self.newest_at - EPOCH) // MICROSECOND
        before = np.maximum.accumulate(before)
        self.newest_at = EPOCH + MICROSECOND * int(max(before[0], newest_us[-1]))
        told: list[bool] = (times_us < before).tolist()
        return told


class Paces:
    """The paces of the devices of a batch."""

    def __init__(self, devices: Collection[UUID]) -> None:
        self._known: dict[UUID, Pace] = {}
        with connection.cursor() as cursor:
            cursor.execute(_READ, [sorted(devices)])
            for device_id, *pace in cursor.fetchall():
                self._known[device_id] = Pace(*pace)

    def of(self, feed: Feed, received_at: datetime) -> Pace:
        """That of a device, new when it says something for the first time."""
        pace = self._known.get(feed.device_id)
        if pace is None:
            pace = self._known[feed.device_id] = Pace(minute_of(received_at))
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


def minute_of(instant: datetime) -> datetime:
    """When its minute began."""
    return instant.replace(second=0, microsecond=0)
