"""Plugs plans and measures into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "belvedere.domains.plans"
    label = "plans"

    def ready(self) -> None:
        from belvedere.domains.plans.declarations import declare
        from belvedere.domains.plans.follow.personal import ActorsSource
        from belvedere.duties.privacy.public import register_source

        declare()
        register_source("plans", ActorsSource())
