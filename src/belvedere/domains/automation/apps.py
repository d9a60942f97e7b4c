"""Plugs automation into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class AutomationConfig(AppConfig):
    name = "belvedere.domains.automation"
    label = "automation"

    def ready(self) -> None:
        from belvedere.domains.automation.declarations import declare

        declare()
