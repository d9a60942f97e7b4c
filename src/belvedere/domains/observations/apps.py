"""Plugs observations into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class ObservationsConfig(AppConfig):
    name = "belvedere.domains.observations"
    label = "observations"

    def ready(self) -> None:
        from belvedere.domains.observations.declarations import declare

        declare()
