"""Plugs access into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "belvedere.domains.access"
    label = "access"
