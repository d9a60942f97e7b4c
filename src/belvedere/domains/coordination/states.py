"""What kinds of conflicts there are, what is advised, and what a person may say of them."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """How two works meet in time; `JOINED`: their measures are linked as belonging together."""

    SAME_TIME = "same_time"
    SECOND_TIME = "second_time"
    JOINED = "joined"


class Advice(StrEnum):
    """The one thing to do."""

    SHARE = "share"  # at the same time anyway: one works site, one diversion
    ADVANCE = "advance"  # do the second with the first
    TAKE_IN = "take_in"  # the first is being built: take in what lies under the street
    PUT_OFF = "put_off"  # the first is over: wait, or say why not
    CHECK = "check"  # they are joined: do the dates still fit


class State(StrEnum):
    """A person's verdict."""

    TO_COORDINATE = "to_coordinate"
    COORDINATED = "coordinated"
    NO_CONFLICT = "no_conflict"
