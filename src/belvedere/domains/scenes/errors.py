"""What can go wrong with scenes and with the ledger of savings."""

from __future__ import annotations

from belvedere.kernel.errors import Conflict, InvalidInput, NotFound


class NoSuchScene(NotFound):
    default_code = "no_such_scene"


class NoSuchEntry(NotFound):
    default_code = "no_such_entry"


class BadScene(InvalidInput):
    """What cannot be followed; `data["field"]` names the part at fault."""

    default_code = "bad_scene"


class WrongState(Conflict):
    """Where the scene stands, this cannot be done."""

    default_code = "wrong_scene_state"


class ChangedMeanwhile(Conflict):
    """Somebody changed it since it was read."""

    default_code = "changed_meanwhile"
