"""Plugs the territory into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class TerritoryConfig(AppConfig):
    name = "belvedere.domains.territory"
    label = "territory"
