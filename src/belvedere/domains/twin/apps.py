"""Plugs twin into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class TwinConfig(AppConfig):
    name = "belvedere.domains.twin"
    label = "twin"

    def ready(self) -> None:
        from belvedere.domains.twin.declarations import declare

        declare()
