"""What can go wrong with subscriptions."""

from __future__ import annotations

from belvedere.kernel.errors import Conflict, NotFound


class NoSuchSubscription(NotFound):
    default_code = "no_such_subscription"


class SubscriptionExists(Conflict):
    default_code = "subscription_exists"
