"""Plugs equipment into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class EquipmentConfig(AppConfig):
    name = "belvedere.domains.equipment"
    label = "equipment"

    def ready(self) -> None:
        from belvedere.domains.equipment.declarations import declare

        declare()
