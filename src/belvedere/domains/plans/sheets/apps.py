"""Plugs the spreadsheets of the plans into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class SheetsConfig(AppConfig):
    name = "belvedere.domains.plans.sheets"
    label = "sheets"

    def ready(self) -> None:
        from belvedere.domains.plans.sheets.declarations import declare

        declare()
