"""Plugs crisis mode into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class CrisisConfig(AppConfig):
    name = "belvedere.domains.crisis"
    label = "crisis"

    def ready(self) -> None:
        from belvedere.domains.crisis import telling
        from belvedere.domains.crisis.declarations import declare
        from belvedere.domains.crisis.personal import CrisisSource
        from belvedere.duties.privacy.public import register_source

        declare()
        register_source("crisis", CrisisSource())
        telling.declare_kinds()
