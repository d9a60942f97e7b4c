"""Plugs collaboration into the platform: its tables declared, the kinds of notices, what it listens to."""

from __future__ import annotations

from django.apps import AppConfig


class CollaborationConfig(AppConfig):
    name = "belvedere.domains.collaboration"
    label = "collaboration"

    def ready(self) -> None:
        from belvedere.domains.access.events import RolesChanged
        from belvedere.domains.collaboration.declarations import declare
        from belvedere.domains.collaboration.kinds import declare_kinds
        from belvedere.domains.collaboration.personal import CollaborationSource
        from belvedere.domains.collaboration.roles import tell_roles
        from belvedere.duties.privacy.public import register_source
        from belvedere.kernel.events import subscribe

        declare()
        declare_kinds()
        register_source("collaboration", CollaborationSource())
        subscribe(RolesChanged, tell_roles)
