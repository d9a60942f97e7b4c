"""THE DOOR of crisis mode: what an organisation plans for a crisis, and crises as they run.

Words: crisis plan (roles, task cards by phase, resources), crisis (declared, its phase raised and lowered,
ended), role (asked of a person, taken, handed on; stand-ins), task (of a card, or added), situation point
(numbered, struck but never changed), timeline (only added to), exercise.
Events: none; it tells the log book itself.
Not for: who is on duty day by day (duty), what the desk writes down without a crisis (logbook).
"""

from belvedere.domains.crisis.bodies import (
    LONGEST_DUE_MIN,
    MOST_CARDS,
    MOST_POINTS,
    MOST_ROLES,
    MOST_STAND_INS,
    CardBody,
    PlanBody,
    RoleBody,
)
from belvedere.domains.crisis.examples import Example, example, examples
from belvedere.domains.crisis.plan_actions import remove_plan, save_plan
from belvedere.domains.crisis.plan_queries import plan, plans
from belvedere.domains.crisis.point_actions import strike_point, write_point
from belvedere.domains.crisis.policies import follows_all, may_declare, may_write_plan
from belvedere.domains.crisis.queries import crisis, ended, points, running
from belvedere.domains.crisis.role_actions import add_role, hand_role, mark_absent, mark_back, take_role
from belvedere.domains.crisis.running import ENDS, change_phase, declare_crisis, end_crisis
from belvedere.domains.crisis.sending import Letter, send_due
from belvedere.domains.crisis.states import (
    CATEGORY_NAMES,
    KIND_NAMES,
    ORDER,
    PHASE_NAMES,
    TASK_STATE_NAMES,
    Category,
    Kind,
    Phase,
    TaskAct,
    TaskState,
    Why,
)
from belvedere.domains.crisis.task_actions import add_task, assign_task, move_task, tick_check
from belvedere.domains.crisis.timeline import timeline
from belvedere.domains.crisis.views import (
    CheckView,
    CrisisDraft,
    CrisisView,
    Line,
    PlanDraft,
    PlanView,
    PointDraft,
    PointView,
    RoleView,
    Row,
    TaskDraft,
    TaskView,
    Told,
    Wanted,
)

__all__ = [
    "CATEGORY_NAMES",
    "ENDS",
    "KIND_NAMES",
    "LONGEST_DUE_MIN",
    "MOST_CARDS",
    "MOST_POINTS",
    "MOST_ROLES",
    "MOST_STAND_INS",
    "ORDER",
    "PHASE_NAMES",
    "TASK_STATE_NAMES",
    "CardBody",
    "Category",
    "CheckView",
    "CrisisDraft",
    "CrisisView",
    "Example",
    "Kind",
    "Letter",
    "Line",
    "Phase",
    "PlanBody",
    "PlanDraft",
    "PlanView",
    "PointDraft",
    "PointView",
    "RoleBody",
    "RoleView",
    "Row",
    "TaskAct",
    "TaskDraft",
    "TaskState",
    "TaskView",
    "Told",
    "Wanted",
    "Why",
    "add_role",
    "add_task",
    "assign_task",
    "change_phase",
    "crisis",
    "declare_crisis",
    "end_crisis",
    "ended",
    "example",
    "examples",
    "follows_all",
    "hand_role",
    "mark_absent",
    "mark_back",
    "may_declare",
    "may_write_plan",
    "move_task",
    "plan",
    "plans",
    "points",
    "remove_plan",
    "running",
    "save_plan",
    "send_due",
    "strike_point",
    "take_role",
    "tick_check",
    "timeline",
    "write_point",
]
