"""Plugs commands into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class CommandsConfig(AppConfig):
    name = "belvedere.domains.commands"
    label = "commands"

    def ready(self) -> None:
        from belvedere.domains.commands.declarations import declare

        declare()
