"""What can go wrong with equipment and its contracts."""

from __future__ import annotations

from belvedere.kernel.errors import Conflict, InvalidInput, NotFound


class NoSuchEquipment(NotFound):
    """There is no such equipment, or the actor may not know that there is."""

    default_code = "no_such_equipment"


class NoSuchContract(NotFound):
    default_code = "no_such_contract"


class NoSuchFile(NotFound):
    default_code = "no_such_file"


class BadEquipment(InvalidInput):
    """Facts that equipment cannot have; `field` names the one at fault."""

    default_code = "bad_equipment"


class BadContract(InvalidInput):
    default_code = "bad_contract"


class NumberTaken(Conflict):
    """Another piece of equipment of the organisation has this number."""

    default_code = "number_taken"


class ChangedMeanwhile(Conflict):
    """Somebody changed it since it was read."""

    default_code = "changed_meanwhile"


class StillInUse(Conflict):
    """It carries others, or others need it."""

    default_code = "still_in_use"


class NotNow(Conflict):
    """Its state does not allow the act."""

    default_code = "not_now"
