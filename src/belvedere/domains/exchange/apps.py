"""Plugs exchange into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "belvedere.domains.exchange"
    label = "exchange"

    def ready(self) -> None:
        from belvedere.domains.context.events import ContextChanged
        from belvedere.domains.exchange import telling
        from belvedere.domains.exchange.declarations import declare
        from belvedere.domains.intake.events import PresentChanged
        from belvedere.domains.twin.events import EntitiesCreated, EntityChanged, EntityRemoved
        from belvedere.kernel import events

        declare()
        events.subscribe_within(ContextChanged, telling.context_changed)
        events.subscribe_within(PresentChanged, telling.present_changed)
        events.subscribe_within(EntitiesCreated, telling.entities_created)
        events.subscribe_within(EntityChanged, telling.entity_changed)
        events.subscribe_within(EntityRemoved, telling.entity_removed)
