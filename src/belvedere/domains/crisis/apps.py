"""Plugs crisis mode into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class CrisisConfig(AppConfig):
    name = "belvedere.domains.crisis"
    label = "crisis"

    def ready(self) -> None:
        from belvedere.domains.crisis import telling
        from belvedere.domains.crisis.declarations import declare

        declare()
        telling.declare_kinds()
