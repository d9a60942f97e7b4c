"""Plugs reporting into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "belvedere.domains.reporting"
    label = "reporting"

    def ready(self) -> None:
        from belvedere.domains.reporting.declarations import declare

        declare()
