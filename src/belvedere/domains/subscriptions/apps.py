"""Plugs subscriptions into the platform: its tables declared, its source of personal data."""

from __future__ import annotations

from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    name = "belvedere.domains.subscriptions"
    label = "subscriptions"

    def ready(self) -> None:
        from belvedere.domains.subscriptions.declarations import declare
        from belvedere.domains.subscriptions.personal import SubscriptionSource
        from belvedere.duties.privacy.public import register_source

        declare()
        register_source("subscriptions", SubscriptionSource())
