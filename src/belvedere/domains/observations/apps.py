"""Plugs observations into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class ObservationsConfig(AppConfig):
    name = "belvedere.domains.observations"
    label = "observations"

    def ready(self) -> None:
        from belvedere.domains.observations.declarations import declare
        from belvedere.domains.observations.forgetting import note_removed
        from belvedere.domains.twin.events import EntityRemoved
        from belvedere.kernel.events import subscribe_within

        declare()
        subscribe_within(EntityRemoved, note_removed)
