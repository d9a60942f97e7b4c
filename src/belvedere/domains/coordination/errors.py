"""What can go wrong when works are coordinated."""

from __future__ import annotations

from belvedere.kernel.errors import NotFound


class NoConflict(NotFound):
    """The two works do not meet, or not any more, or the actor may not know of them."""

    default_code = "no_conflict"
