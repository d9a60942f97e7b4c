"""Plugs intake into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "belvedere.domains.intake"
    label = "intake"

    def ready(self) -> None:
        from belvedere.domains.intake.declarations import declare

        declare()
