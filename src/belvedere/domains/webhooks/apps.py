"""Plugs webhooks into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "belvedere.domains.webhooks"
    label = "webhooks"

    def ready(self) -> None:
        from belvedere.domains.plans.events import MeasureChanged, MeasureCreated, MeasuresImported
        from belvedere.domains.webhooks import telling
        from belvedere.domains.webhooks.declarations import declare
        from belvedere.kernel import events

        declare()
        events.subscribe_within(MeasureCreated, telling.measure_created)
        events.subscribe_within(MeasureChanged, telling.measure_changed)
        events.subscribe_within(MeasuresImported, telling.measures_imported)
