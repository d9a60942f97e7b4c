"""Plugs intake into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "belvedere.domains.intake"
    label = "intake"
