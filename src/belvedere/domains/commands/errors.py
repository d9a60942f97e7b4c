"""What can go wrong with commands."""

from __future__ import annotations

from belvedere.kernel.errors import Conflict, InvalidInput, NotFound


class NoSuchCommand(NotFound):
    default_code = "no_such_command"


class BadCommand(InvalidInput):
    """What cannot be commanded; `data["field"]` names the part at fault."""

    default_code = "bad_command"


class Interlocked(Conflict):
    """A limit or a maintenance stands against it now."""

    default_code = "interlocked"


class WrongState(Conflict):
    """Where the command stands, this cannot be done."""

    default_code = "wrong_command_state"


class ChangedMeanwhile(Conflict):
    """Somebody else was quicker."""

    default_code = "changed_meanwhile"
