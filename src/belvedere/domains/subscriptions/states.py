"""The closed lists of subscriptions."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class ScopeKind(StrEnum):
    """What is followed."""

    MEASURE = "measure"
    PLACE = "place"
    CIRCLE = "circle"
    TERRITORY = "territory"


class Rhythm(StrEnum):
    """When a mail leaves: a while after a change with all that changed meanwhile, or once a week."""

    GROUPED = "grouped"
    WEEKLY = "weekly"


class ChangeKind(StrEnum):
    """What of a measure changed for everyone."""

    PUBLISHED = "published"
    STATE = "state"
    DATES = "dates"
    MILESTONE = "milestone"
    DOCUMENT = "document"


RADII_M: Final = (500, 1000, 2000, 5000)
DECIMALS: Final = 3  # of a position: 0.001 degree is 111 m to the north, 77 m to the east at 46 degrees
