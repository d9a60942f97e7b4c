"""Plugs reach into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class ReachConfig(AppConfig):
    name = "belvedere.domains.reach"
    label = "reach"

    def ready(self) -> None:
        from belvedere.domains.reach import tasks  # noqa: F401
        from belvedere.domains.reach.declarations import declare
        from belvedere.domains.reach.personal import ReachSource
        from belvedere.duties.privacy.public import register_source

        declare()
        register_source("reach", ReachSource())
