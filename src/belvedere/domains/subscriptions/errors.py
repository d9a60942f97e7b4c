"""What can go wrong with a subscription."""

from __future__ import annotations

from typing import ClassVar

from belvedere.kernel.errors import BelvedereError, InvalidInput, NotFound


class BadScope(InvalidInput):
    """What is to be followed cannot be understood."""

    default_code = "bad_scope"


class BadAddress(InvalidInput):
    """Not an e-mail address."""

    default_code = "bad_address"


class BadLink(NotFound):
    """A link of a message that is damaged, too old or of something that is gone."""

    default_code = "bad_link"


class TooManyRequests(BelvedereError):
    """More subscriptions were asked for from one place than a person would."""

    status: ClassVar[int] = 429
    default_code = "too_many_requests"
