"""Plugs scenes into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class ScenesConfig(AppConfig):
    name = "belvedere.domains.scenes"
    label = "scenes"

    def ready(self) -> None:
        from belvedere.domains.scenes.declarations import declare

        declare()
