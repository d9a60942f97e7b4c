"""Plugs collaboration into the platform: its tables declared, the kinds of notices, what it listens to."""

from __future__ import annotations

from django.apps import AppConfig


class CollaborationConfig(AppConfig):
    name = "belvedere.domains.collaboration"
    label = "collaboration"

    def ready(self) -> None:
        from belvedere.domains.collaboration.declarations import declare
        from belvedere.domains.collaboration.kinds import declare_kinds

        declare()
        declare_kinds()
