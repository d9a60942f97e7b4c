"""Plugs duty into the platform: it hears of every step of an alarm, within its transaction."""

from __future__ import annotations

from django.apps import AppConfig


class DutyConfig(AppConfig):
    name = "belvedere.domains.duty"
    label = "duty"

    def ready(self) -> None:
        from belvedere.domains.automation.events import AlarmsChanged
        from belvedere.domains.duty import climbing
        from belvedere.domains.duty.declarations import declare
        from belvedere.domains.duty.personal import DutySource
        from belvedere.duties.privacy.public import register_source
        from belvedere.kernel import events

        declare()
        register_source("duty", DutySource())
        climbing.declare_kinds()
        events.subscribe_within(AlarmsChanged, climbing.follow)
