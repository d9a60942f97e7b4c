"""What can go wrong with rules and alarms."""

from __future__ import annotations

from belvedere.kernel.errors import Conflict, InvalidInput, NotFound


class NoSuchRule(NotFound):
    default_code = "no_such_rule"


class NoSuchAlarm(NotFound):
    default_code = "no_such_alarm"


class BadRule(InvalidInput):
    """What a rule says cannot be followed; `data["field"]` names the part at fault."""

    default_code = "bad_rule"


class WrongState(Conflict):
    """Where the alarm stands, this cannot be done."""

    default_code = "wrong_alarm_state"


class ChangedMeanwhile(Conflict):
    """Somebody else was quicker."""

    default_code = "changed_meanwhile"
