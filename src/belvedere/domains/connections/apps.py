"""Plugs connections into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    name = "belvedere.domains.connections"
    label = "connections"

    def ready(self) -> None:
        from belvedere.domains.connections.declarations import declare

        declare()
