"""What can go wrong with a reporting round."""

from __future__ import annotations

from belvedere.kernel.errors import Conflict, NotFound, Refused


class NoSuchRound(NotFound):
    default_code = "no_such_round"


class RoundIsClosed(Conflict):
    """A closed round is frozen."""

    default_code = "round_is_closed"


class RoundHasGaps(Conflict):
    """Closing was asked without accepting what is missing; `data` counts it."""

    default_code = "round_has_gaps"


class NotAllAnswered(Conflict):
    default_code = "not_all_answered"


class LinkIsOver(Refused):
    """The link of a checklist does not open it any more."""

    default_code = "link_is_over"
