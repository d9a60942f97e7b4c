"""Where an alarm stands, and what may follow: the words of ANSI/ISA-18.2 and IEC 62682."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from belvedere.kernel.errors import N_


class AlarmState(StrEnum):
    """Where an alarm stands. An alarm is open until it is closed."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"  # somebody has seen it
    IN_PROGRESS = "in_progress"  # somebody works on it
    CLEARED = "cleared"  # what raised it is over
    CLOSED = "closed"


class Act(StrEnum):
    """What a step of the timeline of an alarm tells."""

    RAISE = "raise"
    RAISE_AGAIN = "raise_again"
    CLEAR = "clear"
    ACKNOWLEDGE = "acknowledge"
    TAKE_UP = "take_up"
    CLOSE = "close"
    SHELVE = "shelve"
    UNSHELVE = "unshelve"
    COMMENT = "comment"
    GROUP = "group"  # put beneath the alarm of what it hangs on
    UNGROUP = "ungroup"


class Why(StrEnum):
    """Why the platform itself cleared an alarm, where the values did not."""

    VALUES = ""
    RULE_OFF = "rule_off"
    RULE_CHANGED = "rule_changed"
    NOT_WATCHED = "not_watched"  # the thing is gone, or the rule does not watch it any more


class Closing(StrEnum):
    """Who closes an alarm that is over."""

    BY_HAND = "by_hand"
    BY_ITSELF = "by_itself"


OPEN: Final = (AlarmState.RAISED, AlarmState.ACKNOWLEDGED, AlarmState.IN_PROGRESS, AlarmState.CLEARED)
#: Those in which what raised the alarm goes on.
ACTIVE: Final = (AlarmState.RAISED, AlarmState.ACKNOWLEDGED, AlarmState.IN_PROGRESS)

TRANSITIONS: Final[Mapping[Act, Mapping[AlarmState, AlarmState]]] = {
    Act.ACKNOWLEDGE: {AlarmState.RAISED: AlarmState.ACKNOWLEDGED},
    Act.TAKE_UP: {
        AlarmState.RAISED: AlarmState.IN_PROGRESS,
        AlarmState.ACKNOWLEDGED: AlarmState.IN_PROGRESS,
    },
    Act.CLEAR: dict.fromkeys(ACTIVE, AlarmState.CLEARED),
    Act.RAISE_AGAIN: {AlarmState.CLEARED: AlarmState.RAISED},
    Act.CLOSE: {AlarmState.CLEARED: AlarmState.CLOSED},
}

#: Why an alarm is on the shelf whose thing is worked on.
MAINTENANCE: Final = N_("Under maintenance")
ALARM_STATE_NAMES: Final = {
    AlarmState.RAISED: N_("raised"),
    AlarmState.ACKNOWLEDGED: N_("acknowledged"),
    AlarmState.IN_PROGRESS: N_("being dealt with"),
    AlarmState.CLEARED: N_("cleared"),
    AlarmState.CLOSED: N_("closed"),
}
ACT_NAMES: Final = {
    Act.RAISE: N_("raised"),
    Act.RAISE_AGAIN: N_("raised again"),
    Act.CLEAR: N_("cleared"),
    Act.ACKNOWLEDGE: N_("acknowledged"),
    Act.TAKE_UP: N_("taken up"),
    Act.CLOSE: N_("closed"),
    Act.SHELVE: N_("shelved"),
    Act.UNSHELVE: N_("shown again"),
    Act.COMMENT: N_("commented"),
    Act.GROUP: N_("grouped"),
    Act.UNGROUP: N_("standing for itself"),
}
WHY_NAMES: Final = {
    Why.VALUES: "",
    Why.RULE_OFF: N_("The rule was switched off."),
    Why.RULE_CHANGED: N_("By the changed rule nothing is wrong."),
    Why.NOT_WATCHED: N_("The rule does not watch this thing any more."),
}
