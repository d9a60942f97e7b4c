"""What can go wrong with places and organisations."""

from __future__ import annotations

from belvedere.kernel.errors import Conflict, InvalidInput


class AlreadyThere(Conflict):
    """The address, code or name is taken."""

    default_code = "already_there"


class OverlappingPeriods(Conflict):
    """The same link or outline would be in force twice on a day."""

    default_code = "overlapping_periods"


class UnreadableFile(InvalidInput):
    """A file that is not what it should be."""

    default_code = "unreadable_file"
