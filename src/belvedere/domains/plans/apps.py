"""Plugs plans and measures into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "belvedere.domains.plans"
    label = "plans"
