"""Plugs coordination into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class CoordinationConfig(AppConfig):
    name = "belvedere.domains.coordination"
    label = "coordination"

    def ready(self) -> None:
        from belvedere.duties.privacy.public import NOT_PERSONAL, declare_table

        # A verdict speaks of measures and organisations; who gave it stands in the journal alone.
        for table in ("Rule", "Verdict"):
            declare_table(f"coordination.{table}", NOT_PERSONAL)
