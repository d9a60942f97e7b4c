"""Plugs the library into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "belvedere.domains.library"
    label = "library"

    def ready(self) -> None:
        from belvedere.domains.library.declarations import declare

        declare()
