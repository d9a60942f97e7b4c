"""Plugs interventions into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class InterventionsConfig(AppConfig):
    name = "belvedere.domains.interventions"
    label = "interventions"

    def ready(self) -> None:
        from belvedere.domains.interventions import tasks  # noqa: F401
        from belvedere.domains.interventions.declarations import declare
        from belvedere.domains.interventions.personal import InterventionsSource
        from belvedere.duties.privacy.public import register_source

        declare()
        register_source("interventions", InterventionsSource())
