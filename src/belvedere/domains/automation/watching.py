"""Readings of watched series are put aside as they are stored, in the transaction that stores them.

Which series are watched is kept in the memory of each process, which asks at most every `FRESH_S` seconds
whether that changed. Where nothing is watched, a batch costs one look.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from django.db import connection

from belvedere.domains.automation.models import Inbox
from belvedere.domains.automation.packing import pack
from belvedere.domains.observations.events import ReadingsStored
from belvedere.kernel.clock import now

FRESH_S = 0.5


@dataclass(slots=True)
class _Known:
    number: int = -1
    asked_at: float = -FRESH_S
    watched: frozenset[int] = frozenset()
    ids: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))


_lock = threading.Lock()
_known = _Known()


def take_in(event: ReadingsStored) -> None:
    """Keep what is watched of a batch that is being stored."""
    known = _fresh()
    if known.watched:
        body = pack(event.rows, known.watched, known.ids)
        if body is not None:
            Inbox.objects.create(stored_at=now(), body=body)


def forget() -> None:
    """Ask anew next time."""
    global _known
    _known = _Known()


def _fresh() -> _Known:
    global _known
    held, asking = _known, time.monotonic()
    if asking - held.asked_at < FRESH_S:
        return held
    with connection.cursor() as cursor:
        cursor.execute("SELECT watched FROM automation_version")
        (number,) = cursor.fetchone() or (0,)
        with _lock:
            if number == _known.number:
                _known.asked_at = asking
            else:
                cursor.execute("SELECT series_id FROM automation_watchedseries ORDER BY series_id")
                ids = np.array([line[0] for line in cursor.fetchall()], np.int64)
                _known = _Known(number, asking, frozenset(ids.tolist()), ids)
            return _known
