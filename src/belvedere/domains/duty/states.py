"""What is told to whom by what, and where a telling stands."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final

from belvedere.kernel.errors import N_


class Channel(StrEnum):
    """How somebody is reached."""

    OWN = "own"  # by what each one chose
    MAIL = "mail"
    PUSH = "push"
    SMS = "sms"
    VOICE = "voice"
    INBOX = "inbox"  # their notifications in the platform
    ROOM = "room"  # a gateway that several people read; of a target, not of people


class Target(StrEnum):
    """Whom a level tells."""

    ROSTER = "roster"  # who is on duty
    PERSON = "person"
    HANDLERS = "handlers"  # contributors, managers and administrators of the organisation
    HEADS = "heads"  # managers and administrators
    GOVERNORS = "governors"  # administrators of the territory
    ROOM = "room"  # a gateway that several people read


class CallState(StrEnum):
    """Where the telling of one person by one channel stands."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"  # it was tried; the next way, if there is one, has a call of its own
    NOT_SENT = "not_sent"  # it was over before its turn came, or nobody can be reached there


class Ended(StrEnum):
    """Why nobody is told any more."""

    ACKNOWLEDGED = "acknowledged"
    CLEARED = "cleared"
    SHELVED = "shelved"
    GROUPED = "grouped"
    ANEW = "anew"  # it begins again from the first level


CHANNEL_NAMES: Final = {
    Channel.OWN: N_("as each of them chose"),
    Channel.MAIL: N_("by e-mail"),
    Channel.PUSH: N_("by a notification on their devices"),
    Channel.SMS: N_("by SMS"),
    Channel.VOICE: N_("by a telephone call"),
    Channel.INBOX: N_("in the platform"),
    Channel.ROOM: N_("in a room"),
}
#: What a level may tell people by.
CHOSEN: Final = tuple(one for one in Channel if one is not Channel.ROOM)
TARGET_NAMES: Final = {
    Target.HANDLERS: N_("those who look after its alarms"),
    Target.HEADS: N_("its managers and administrators"),
    Target.GOVERNORS: N_("the administrators of the territory"),
}
CALL_STATE_NAMES: Final = {
    CallState.WAITING: N_("on its way"),
    CallState.SENT: N_("told"),
    CallState.FAILED: N_("could not be told so"),
    CallState.NOT_SENT: N_("not told"),
}
ENDED_NAMES: Final = {
    Ended.ACKNOWLEDGED: N_("Somebody acknowledged it: nobody else is told."),
    Ended.CLEARED: N_("What raised it is over: nobody else is told."),
    Ended.SHELVED: N_("It was shelved."),
    Ended.GROUPED: N_("It was grouped with the alarm of what it hangs on, which is told."),
    Ended.ANEW: N_("It was raised anew."),
}
MOST_LEVELS: Final = 6
SHORTEST_REPEAT: Final = timedelta(minutes=5)
