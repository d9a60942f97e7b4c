"""Plugs webhooks into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "belvedere.domains.webhooks"
    label = "webhooks"
