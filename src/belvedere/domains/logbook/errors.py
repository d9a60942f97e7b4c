"""What can go wrong with the log book."""

from __future__ import annotations

from belvedere.kernel.errors import Conflict, InvalidInput, NotFound


class NoSuchEntry(NotFound):
    default_code = "no_such_entry"


class BadEntry(InvalidInput):
    """`data["field"]` names the part at fault."""

    default_code = "bad_entry"


class AlreadyStruck(Conflict):
    default_code = "already_struck"


class WrongShift(Conflict):
    """Somebody else handed over or took over meanwhile."""

    default_code = "wrong_shift"
