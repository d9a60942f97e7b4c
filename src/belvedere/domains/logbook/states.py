"""What an entry of the log book is about."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from belvedere.kernel.errors import N_


class Category(StrEnum):
    """What an entry is about. Those of `BY_HAND` are chosen by who writes."""

    OBSERVATION = "observation"
    CALL = "call"
    ACTION = "action"
    DECISION = "decision"
    MESSAGE = "message"
    CORRECTION = "correction"  # strikes another one
    SHIFT = "shift"  # handed over, taken over
    ALARM = "alarm"
    INTERVENTION = "intervention"
    COMMAND = "command"
    CRISIS = "crisis"  # declared, its phase changed, ended


CATEGORY_NAMES: Final = {
    Category.OBSERVATION: N_("Observation"),
    Category.CALL: N_("Telephone call"),
    Category.ACTION: N_("Action taken"),
    Category.DECISION: N_("Decision"),
    Category.MESSAGE: N_("Message"),
    Category.CORRECTION: N_("Correction"),
    Category.SHIFT: N_("Change of shift"),
    Category.ALARM: N_("Alarm"),
    Category.INTERVENTION: N_("Intervention"),
    Category.COMMAND: N_("Command to a device"),
    Category.CRISIS: N_("Crisis mode"),
}
BY_HAND: Final = (
    Category.OBSERVATION,
    Category.CALL,
    Category.ACTION,
    Category.DECISION,
    Category.MESSAGE,
)
LEAVES: Final = "hand_over"
COMES: Final = "take_over"
