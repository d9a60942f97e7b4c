"""Plugs subscriptions into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    name = "belvedere.domains.subscriptions"
    label = "subscriptions"
