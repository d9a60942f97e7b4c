"""What can go wrong with webhooks."""

from __future__ import annotations

from belvedere.kernel.errors import NotFound


class NoSuchEndpoint(NotFound):
    default_code = "no_such_endpoint"


class NoSuchDelivery(NotFound):
    default_code = "no_such_delivery"
