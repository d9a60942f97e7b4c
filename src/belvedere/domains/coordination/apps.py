"""Plugs coordination into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class CoordinationConfig(AppConfig):
    name = "belvedere.domains.coordination"
    label = "coordination"
