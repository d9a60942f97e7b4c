"""What can go wrong with the library."""

from __future__ import annotations

from belvedere.kernel.errors import Conflict, InvalidInput, NotFound


class NoSuchCard(NotFound):
    default_code = "no_such_card"


class NotPublished(Conflict):
    """Only what the public sees is shared."""

    default_code = "not_published"


class NotALibrary(InvalidInput):
    """The file is not one that a library wrote, or of a version that this one cannot read."""

    default_code = "not_a_library"
