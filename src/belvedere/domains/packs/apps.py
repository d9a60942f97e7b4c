"""Plugs packs into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class PacksConfig(AppConfig):
    name = "belvedere.domains.packs"
    label = "packs"

    def ready(self) -> None:
        from belvedere.domains.packs.declarations import declare

        declare()
