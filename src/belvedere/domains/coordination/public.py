"""THE DOOR of coordination: works that meet in space and time, and what was agreed about them.

Words: conflict (two works that meet), verdict (what a person said of it), rule (how near is near), leader.
Events: VerdictGiven, RuleChanged.
Not for: the dates and sites themselves (plans), the mathematics (science.coordination).
"""

from belvedere.domains.coordination.actions import give_verdict, set_rule, withdraw_verdict
from belvedere.domains.coordination.policies import may_decide, may_set_rule
from belvedere.domains.coordination.queries import conflict, conflicts, rule_of
from belvedere.domains.coordination.states import Advice, Kind, State
from belvedere.domains.coordination.values import Conflict, VerdictView
from belvedere.science.coordination.meeting import Params, Place

__all__ = [
    "Advice",
    "Conflict",
    "Kind",
    "Params",
    "Place",
    "State",
    "VerdictView",
    "conflict",
    "conflicts",
    "give_verdict",
    "may_decide",
    "may_set_rule",
    "rule_of",
    "set_rule",
    "withdraw_verdict",
]
