"""Where a subscription and its notifications stand, and how patient the platform is with a receiver."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """Of a subscription (ETSI GS CIM 009, clause 5.2.12)."""

    ACTIVE = "active"
    PAUSED = "paused"
    EXPIRED = "expired"


class Stopped(StrEnum):
    """Why the platform itself stopped a subscription."""

    NOT = ""
    OWNER = "owner"  # who made it has no role here any more


class Fate(StrEnum):
    """What became of an attempt."""

    TAKEN = "taken"
    REFUSED = "refused"  # the receiver lives and does not want this one
    FAILED = "failed"  # no answer, or one that says that the receiver is ill


#: After that many failures in a row the next try comes this much later, a fifth sooner or later by chance.
DELAYS: Final = tuple(timedelta(seconds=s) for s in (1, 2, 5, 15, 30, 60, 120, 300, 900, 1800, 3600))
JITTER: Final = 0.2
#: A receiver that answers these wants no such notification; with any other answer it may want it later.
UNWANTED: Final = frozenset({400, 406, 413, 415, 422, 501})
#: So often one notification is offered to a receiver that does not want it, before it is put aside.
MOST_OFFERS: Final = 5
#: What a receiver did not take within this time is put aside: kept, and sent again when somebody asks.
PATIENCE: Final = timedelta(hours=24)
KEPT: Final = timedelta(days=30)


def delay_after(failures: int) -> timedelta:
    """How long to wait after so many failures in a row (at least one)."""
    return DELAYS[min(failures, len(DELAYS)) - 1]
