"""What can go wrong in the work on measures, beyond the common family."""

from __future__ import annotations

from belvedere.kernel.errors import BelvedereError, Conflict, NotFound


class NoSuchComment(NotFound):
    default_code = "no_such_comment"


class NoSuchView(NotFound):
    default_code = "no_such_view"


class NoSuchSuggestion(NotFound):
    default_code = "no_such_suggestion"


class AlreadyDecided(Conflict):
    """Someone else decided meanwhile."""

    default_code = "already_decided"


class TooManySuggestions(BelvedereError):
    """One address of the network sends more than a person would."""

    status = 429
    default_code = "too_many_suggestions"
