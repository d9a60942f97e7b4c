"""Plugs interventions into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class InterventionsConfig(AppConfig):
    name = "belvedere.domains.interventions"
    label = "interventions"

    def ready(self) -> None:
        from belvedere.domains.interventions import tasks  # noqa: F401
        from belvedere.domains.interventions.declarations import declare

        declare()
