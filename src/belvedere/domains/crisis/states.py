"""Kinds of events, phases, where a task stands, what a line of the timeline tells."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from belvedere.kernel.errors import N_


class Kind(StrEnum):
    FLOOD = "flood"
    STORM = "storm"
    HEAT = "heat"
    TECHNOLOGICAL = "technological"
    PANDEMIC = "pandemic"
    POWER_CUT = "power_cut"
    OTHER = "other"


class Phase(StrEnum):
    """Raised and lowered in any order; a crisis may begin with any."""

    VIGILANCE = "vigilance"
    ALERT = "alert"
    CRISIS = "crisis"
    RECOVERY = "recovery"


class TaskState(StrEnum):
    TODO = "todo"
    DOING = "doing"
    DONE = "done"
    CANCELLED = "cancelled"


class TaskAct(StrEnum):
    """What happens to a task. Those of `TRANSITIONS` change its state."""

    OPEN = "open"
    BEGIN = "begin"
    FINISH = "finish"
    CANCEL = "cancel"
    REOPEN = "reopen"
    TICK = "tick"
    UNTICK = "untick"
    ASSIGN = "assign"


class Category(StrEnum):
    """What a line of the timeline is about. Those after `POINT` come from the log book."""

    PHASE = "phase"
    ROLE = "role"
    TASK = "task"
    POINT = "point"
    LOG = "log"
    ALARM = "alarm"
    INTERVENTION = "intervention"
    COMMAND = "command"


class Why(StrEnum):
    """Why somebody is told."""

    DECLARED = "declared"
    PHASE = "phase"
    TASK = "task"
    ROLE = "role"
    ENDED = "ended"


class CallState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    NOT_SENT = "not_sent"


KIND_NAMES: Final = {
    Kind.FLOOD: N_("Flood"),
    Kind.STORM: N_("Storm"),
    Kind.HEAT: N_("Heat wave"),
    Kind.TECHNOLOGICAL: N_("Technological accident"),
    Kind.PANDEMIC: N_("Pandemic"),
    Kind.POWER_CUT: N_("Power cut"),
    Kind.OTHER: N_("Other event"),
}
PHASE_NAMES: Final = {
    Phase.VIGILANCE: N_("Vigilance"),
    Phase.ALERT: N_("Alert"),
    Phase.CRISIS: N_("Crisis"),
    Phase.RECOVERY: N_("Recovery"),
}
TASK_STATE_NAMES: Final = {
    TaskState.TODO: N_("To do"),
    TaskState.DOING: N_("Being done"),
    TaskState.DONE: N_("Completed"),
    TaskState.CANCELLED: N_("Cancelled"),
}
CATEGORY_NAMES: Final = {
    Category.PHASE: N_("Phase"),
    Category.ROLE: N_("Role"),
    Category.TASK: N_("Task"),
    Category.POINT: N_("Situation point"),
    Category.LOG: N_("Log book"),
    Category.ALARM: N_("Alarm"),
    Category.INTERVENTION: N_("Intervention"),
    Category.COMMAND: N_("Command to a device"),
}
#: From which states an act leads where.
TRANSITIONS: Final[Mapping[TaskAct, tuple[frozenset[TaskState], TaskState]]] = {
    TaskAct.BEGIN: (frozenset({TaskState.TODO}), TaskState.DOING),
    TaskAct.FINISH: (frozenset({TaskState.TODO, TaskState.DOING}), TaskState.DONE),
    TaskAct.CANCEL: (frozenset({TaskState.TODO, TaskState.DOING}), TaskState.CANCELLED),
    TaskAct.REOPEN: (frozenset({TaskState.DONE, TaskState.CANCELLED}), TaskState.TODO),
}
OPEN_TASKS: Final = (TaskState.TODO, TaskState.DOING)
#: What the crisis writes in its own timeline.
OWN: Final = (Category.PHASE, Category.ROLE, Category.TASK, Category.POINT)
#: The order in which phases are told; vigilance comes before alert, recovery last.
ORDER: Final = tuple(Phase)
