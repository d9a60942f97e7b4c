"""What an endpoint can be told, and where a delivery stands."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final

from belvedere.kernel.errors import N_


class EventKind(StrEnum):
    """The names outside systems see; never renamed."""

    MEASURE_CREATED = "measure.created"
    MEASURE_CHANGED = "measure.changed"
    MEASURES_IMPORTED = "measures.imported"
    PING = "ping"  # the test; every endpoint takes it


EVENT_NAMES: Final = {
    EventKind.MEASURE_CREATED: N_("A measure is created"),
    EventKind.MEASURE_CHANGED: N_("A measure is changed"),
    EventKind.MEASURES_IMPORTED: N_("A file of measures is imported"),
    EventKind.PING: N_("Test"),
}
CHOSEN: Final = tuple(kind for kind in EventKind if kind is not EventKind.PING)


class DeliveryState(StrEnum):
    WAITING = "waiting"  # for its first try, or the next
    SENDING = "sending"  # somebody holds it
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


class Stopped(StrEnum):
    """Why an endpoint is not told any more."""

    BY_HAND = "by_hand"
    FAILING = "failing"  # for too many days
    GONE = "gone"  # it answered 410
    CREATOR = "creator"  # who set it up may not any more


# After a failure the next try comes this much later, a fifth sooner or later by chance.
DELAYS: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
JITTER: Final = 0.2
FAILING_DAYS: Final = 5
KEPT_DAYS: Final = 30
