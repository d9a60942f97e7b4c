"""Plugs the log book into the platform: it hears what moves, within its transaction."""

from __future__ import annotations

from django.apps import AppConfig


class LogbookConfig(AppConfig):
    name = "belvedere.domains.logbook"
    label = "logbook"

    def ready(self) -> None:
        from belvedere.domains.automation.events import AlarmsChanged
        from belvedere.domains.commands.events import CommandsMoved
        from belvedere.domains.interventions.events import InterventionMoved
        from belvedere.domains.logbook import hearing
        from belvedere.domains.logbook.declarations import declare
        from belvedere.domains.logbook.personal import LogbookSource
        from belvedere.duties.privacy.public import register_source
        from belvedere.kernel import events

        declare()
        register_source("logbook", LogbookSource())
        events.subscribe_within(AlarmsChanged, hearing.hear_alarms)
        events.subscribe_within(InterventionMoved, hearing.hear_intervention)
        events.subscribe_within(CommandsMoved, hearing.hear_commands)
