"""What can go wrong with plans of crisis and with crises."""

from __future__ import annotations

from belvedere.kernel.errors import Conflict, InvalidInput, NotFound


class NoSuchPlan(NotFound):
    default_code = "no_such_crisis_plan"


class NoSuchCrisis(NotFound):
    default_code = "no_such_crisis"


class BadPlan(InvalidInput):
    """`data["field"]` names the part at fault; `data["row"]` the role or card, from 1."""

    default_code = "bad_crisis_plan"


class BadCrisis(InvalidInput):
    """`data["field"]` names the part at fault."""

    default_code = "bad_crisis"


class ChangedMeanwhile(Conflict):
    """Somebody changed the plan since it was read."""

    default_code = "changed_meanwhile"


class WrongState(Conflict):
    """Somebody else did it meanwhile, or the crisis is ended."""

    default_code = "wrong_state"
