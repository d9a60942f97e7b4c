"""Plugs the messages into the platform: events in, messages out."""

from __future__ import annotations

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "belvedere.faces.notices"
    label = "notices"

    def ready(self) -> None:
        from belvedere.domains.access.events import PersonInvited
        from belvedere.faces.notices import (
            collaboration,
            collaboration_rounds,
            dispatching,
            live,
            reporting,
            works,
        )
        from belvedere.faces.notices.invitations import send_invitation
        from belvedere.kernel.events import subscribe

        subscribe(PersonInvited, send_invitation)
        collaboration.listen()
        collaboration_rounds.listen()
        reporting.listen()
        works.listen()
        live.listen()
        dispatching.listen()
