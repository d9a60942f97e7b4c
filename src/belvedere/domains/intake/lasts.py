"""The last message of each device as it came, for who looks after the device.

Written at most every thirty seconds a device, with the batch it came in; what was written when is kept in
the memory of the process, so that a device that talks all the time costs nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.intake.forms import Refusal
from belvedere.domains.intake.models import Last
from belvedere.domains.intake.states import Outcome, Reason
from belvedere.domains.intake.values import Message
from belvedere.domains.twin.public import DeviceView, Thing, may

EVERY = timedelta(seconds=30)
KEPT_BYTES = 4096
_WRITE = """
    INSERT INTO intake_last AS l (device_id, subject, received_at, payload, size, outcome, reason)
    SELECT * FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[], %s::bytea[], %s::int4[], %s::text[],
                         %s::text[])
    ON CONFLICT (device_id) DO UPDATE
    SET subject = excluded.subject, received_at = excluded.received_at, payload = excluded.payload,
        size = excluded.size, outcome = excluded.outcome, reason = excluded.reason
    WHERE excluded.received_at >= l.received_at
"""
_lock = threading.Lock()
_written: dict[UUID, datetime] = {}


@dataclass(slots=True)
class Heard:
    """A message that will be kept, and what became of the last set in it; a refused set has precedence."""

    message: Message
    outcome: Outcome = Outcome.REFUSED
    reason: Reason | None = None

    def refused(self, refusal: Refusal) -> None:
        self.outcome, self.reason = Outcome.REFUSED, refusal.reason

    def became(self, outcome: Outcome) -> None:
        if self.reason is None:
            self.outcome = outcome


class Lasts:
    """The last messages of one batch."""

    def __init__(self) -> None:
        self._heard: dict[UUID, Heard] = {}

    def hear(self, device_id: UUID, message: Message) -> Heard | None:
        """A message of a known device; None when one of it was kept a moment ago."""
        known = _written.get(device_id)
        if known is not None and timedelta(0) <= message.received_at - known < EVERY:
            return None
        heard = self._heard[device_id] = Heard(message)
        return heard

    def write(self) -> None:
        """Keep them, in the caller's transaction."""
        if not self._heard:
            return
        rows = sorted(self._heard.items())
        heard = [one for _device, one in rows]
        with connection.cursor() as cursor:
            cursor.execute(
                _WRITE,
                [
                    [device_id for device_id, _one in rows],
                    [one.message.subject[:300].replace("\x00", "\ufffd") for one in heard],
                    [one.message.received_at for one in heard],
                    [one.message.payload[:KEPT_BYTES] for one in heard],
                    [len(one.message.payload) for one in heard],
                    [one.outcome.value for one in heard],
                    [one.reason.value if one.reason else "" for one in heard],
                ],
            )
        written = {device_id: one.message.received_at for device_id, one in rows}
        transaction.on_commit(lambda: _note(written))


def _note(written: dict[UUID, datetime]) -> None:
    with _lock:
        _written.update(written)


def forget() -> None:
    """Know nothing of what was written; for tests, whose database goes back in time."""
    with _lock:
        _written.clear()


@dataclass(frozen=True, slots=True)
class LastView:
    """The last message of a device, or one of the last half minute. `whole`: all of it is shown."""

    subject: str
    received_at: datetime
    outcome: Outcome
    reason: Reason | None
    text: str
    size: int
    whole: bool


def last_messages(actor: Actor, devices: Collection[DeviceView]) -> dict[UUID, LastView]:
    """Of those devices that the actor may manage: a message may hold anything."""
    managed = [
        one.id for one in devices if may(actor, "map_fields", Thing(one.territory_id, one.owner_id)) is None
    ]
    rows = Last.objects.filter(device_id__in=managed) if managed else ()
    return {row.device_id: _view(row) for row in rows}


def _view(row: Last) -> LastView:
    payload = bytes(row.payload)
    return LastView(
        subject=row.subject,
        received_at=row.received_at,
        outcome=Outcome(row.outcome),
        reason=Reason(row.reason) if row.reason else None,
        text=payload.decode("utf-8", "replace").replace("\x00", "\ufffd"),
        size=row.size,
        whole=len(payload) == row.size,
    )
