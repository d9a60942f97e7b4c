"""Where a command stands and what may follow."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from belvedere.kernel.errors import N_


class State(StrEnum):
    """A command is open until it is done, failed, expired or cancelled."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"  # by a second person
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"  # the device has it
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Act(StrEnum):
    """What a step of a command tells."""

    REQUEST = "request"
    CONFIRM = "confirm"
    SEND = "send"
    ACKNOWLEDGE = "acknowledge"
    DO = "do"
    FAIL = "fail"
    EXPIRE = "expire"
    CANCEL = "cancel"
    REPLACE = "replace"  # a newer command for the same thing takes its place


OPEN: Final = (State.REQUESTED, State.CONFIRMED, State.SENT, State.ACKNOWLEDGED)
#: What a device says after a command expired is the truth all the same.
_ANSWERABLE = (State.SENT, State.ACKNOWLEDGED, State.EXPIRED)
TRANSITIONS: Final[Mapping[Act, Mapping[State, State]]] = {
    Act.CONFIRM: {State.REQUESTED: State.CONFIRMED},
    Act.SEND: {State.REQUESTED: State.SENT, State.CONFIRMED: State.SENT},
    Act.ACKNOWLEDGE: {State.SENT: State.ACKNOWLEDGED},
    Act.DO: dict.fromkeys(_ANSWERABLE, State.DONE),
    Act.FAIL: dict.fromkeys((*_ANSWERABLE, State.REQUESTED, State.CONFIRMED), State.FAILED),
    Act.EXPIRE: dict.fromkeys(OPEN, State.EXPIRED),
    Act.CANCEL: dict.fromkeys((State.REQUESTED, State.CONFIRMED), State.CANCELLED),
    Act.REPLACE: dict.fromkeys(OPEN, State.CANCELLED),
}
STATE_NAMES: Final = {
    State.REQUESTED: N_("asked for"),
    State.CONFIRMED: N_("confirmed by a second person"),
    State.SENT: N_("sent"),
    State.ACKNOWLEDGED: N_("received by the device"),
    State.DONE: N_("carried out"),
    State.FAILED: N_("failed"),
    State.EXPIRED: N_("expired without an answer"),
    State.CANCELLED: N_("cancelled"),
}
ACT_NAMES: Final = {
    Act.REQUEST: N_("asked for"),
    Act.CONFIRM: N_("confirmed by a second person"),
    Act.SEND: N_("sent to the device"),
    Act.ACKNOWLEDGE: N_("the device has received it"),
    Act.DO: N_("the device has done it"),
    Act.FAIL: N_("the device could not or would not do it"),
    Act.EXPIRE: N_("expired without an answer"),
    Act.CANCEL: N_("cancelled"),
    Act.REPLACE: N_("replaced by a newer command"),
}
