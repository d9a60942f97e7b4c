"""Plugs access into the platform: its tables declared, its personal data answered for."""

from __future__ import annotations

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "belvedere.domains.access"
    label = "access"

    def ready(self) -> None:
        from belvedere.domains.access.declarations import declare
        from belvedere.domains.access.personal import AccessSource
        from belvedere.duties.privacy.public import register_source

        declare()
        # Other domains find a person by the address of the account.
        register_source("access", AccessSource(), last=True)
