"""Plugs context into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class ContextConfig(AppConfig):
    name = "belvedere.domains.context"
    label = "context"

    def ready(self) -> None:
        from belvedere.domains.context.declarations import declare
        from belvedere.domains.context.deletions import forget_removed, note_deletions
        from belvedere.domains.context.events import ContextChanged
        from belvedere.domains.twin.events import EntityRemoved
        from belvedere.kernel.events import subscribe_within

        declare()
        subscribe_within(ContextChanged, note_deletions)
        subscribe_within(EntityRemoved, forget_removed)
