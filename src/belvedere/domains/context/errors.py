"""What can go wrong here beyond the problems that NGSI-LD names (`standards.ngsi_ld.problems`)."""

from __future__ import annotations

from belvedere.kernel.errors import InvalidInput, NotFound


class NoSuchContext(NotFound):
    """There is no such hosted @context."""

    default_code = "no_such_context"


class WhoseThing(InvalidInput):
    """Somebody who works for several organisations makes a thing without saying for which."""

    default_code = "whose_thing"
