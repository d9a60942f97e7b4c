"""How a piece of equipment is, what a contract asks, when a contract's hours run."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from belvedere.kernel.errors import N_


class State(StrEnum):
    """How it is. `MAINTENANCE` is never stored: it holds while a maintenance runs."""

    IN_SERVICE = "in_service"
    MAINTENANCE = "maintenance"
    OUT_OF_SERVICE = "out_of_service"
    REMOVED = "removed"


STORED: Final = (State.IN_SERVICE, State.OUT_OF_SERVICE, State.REMOVED)


class Step(StrEnum):
    """What a contractor owes within a time."""

    ACKNOWLEDGE = "acknowledge"
    ARRIVE = "arrive"
    REPAIR = "repair"


class Purpose(StrEnum):
    """What a file is for."""

    PHOTO = "photo"
    DOCUMENT = "document"


STATE_NAMES: Final = {
    State.IN_SERVICE: N_("In service"),
    State.MAINTENANCE: N_("Under maintenance"),
    State.OUT_OF_SERVICE: N_("Out of service"),
    State.REMOVED: N_("Removed"),
}
