"""What can go wrong with gateways and with how people want to be reached."""

from __future__ import annotations

from belvedere.kernel.errors import Conflict, InvalidInput, NotFound


class NoSuchGateway(NotFound):
    default_code = "no_such_gateway"


class BadGateway(InvalidInput):
    default_code = "bad_gateway_settings"


class BadWishes(InvalidInput):
    default_code = "bad_wishes"


class BadBrowser(InvalidInput):
    default_code = "bad_browser"


class NoSuchBrowser(NotFound):
    default_code = "no_such_browser"


class ChangedMeanwhile(Conflict):
    """Somebody changed it since it was read."""

    default_code = "changed_meanwhile"
