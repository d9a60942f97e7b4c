"""What can go wrong with webhooks."""

from __future__ import annotations

from belvedere.kernel.errors import InvalidInput, NotFound, Unavailable


class NoSuchEndpoint(NotFound):
    default_code = "no_such_endpoint"


class NoSuchDelivery(NotFound):
    default_code = "no_such_delivery"


class AddressRefused(InvalidInput):
    """An address that would reach inside the house instead of the outside."""

    default_code = "address_refused"


class Unreachable(Unavailable):
    """The other side did not answer, or not in time."""

    default_code = "unreachable"
