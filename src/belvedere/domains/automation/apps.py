"""Plugs automation into the platform: it hears of readings as they are stored, and of things that appear."""

from __future__ import annotations

from django.apps import AppConfig


class AutomationConfig(AppConfig):
    name = "belvedere.domains.automation"
    label = "automation"

    def ready(self) -> None:
        from belvedere.domains.automation import telling, watching
        from belvedere.domains.automation.declarations import declare
        from belvedere.domains.automation.events import AlarmsChanged
        from belvedere.domains.automation.noticing import noticed
        from belvedere.domains.automation.personal import AutomationSource
        from belvedere.domains.observations.events import ReadingsStored
        from belvedere.domains.twin.events import EntitiesCreated, EntityRemoved, FeedsChanged
        from belvedere.duties.privacy.public import register_source
        from belvedere.kernel import events

        declare()
        register_source("automation", AutomationSource())
        telling.declare_kinds()
        events.subscribe_within(ReadingsStored, watching.take_in)
        events.subscribe_within(AlarmsChanged, telling.tell)
        events.subscribe(EntitiesCreated, noticed)
        events.subscribe(EntityRemoved, noticed)
        events.subscribe(FeedsChanged, noticed)
