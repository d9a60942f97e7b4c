"""Plugs context into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class ContextConfig(AppConfig):
    name = "belvedere.domains.context"
    label = "context"

    def ready(self) -> None:
        from belvedere.domains.context.declarations import declare

        declare()
