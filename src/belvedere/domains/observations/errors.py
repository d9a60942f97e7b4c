"""What can go wrong with the history."""

from __future__ import annotations

from belvedere.kernel.errors import Conflict, InvalidInput, NotFound, Unavailable


class LakeDiffers(Unavailable):
    """What was read back from the lake is not what was written; nothing was taken away."""

    default_code = "lake_differs"


class LakeUnwritable(Unavailable):
    """The lake took nothing, for want of room or of rights; what was to go there is where it was."""

    default_code = "lake_unwritable"


class LakeUnreadable(Unavailable):
    """The files of the lake cannot be reached."""

    default_code = "lake_unreadable"


class AlreadySettling(Conflict):
    """Another process is settling days."""

    default_code = "already_settling"


class BadFile(InvalidInput):
    """A file of readings cannot be taken as it is; nothing of it was kept."""

    default_code = "bad_readings_file"


class NoSuchSeries(NotFound):
    """There is no such series, or the actor may not know that there is."""

    default_code = "no_such_series"
