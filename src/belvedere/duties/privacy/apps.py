"""Plugs privacy into the platform."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings


class PrivacyConfig(AppConfig):
    name = "belvedere.duties.privacy"
    label = "privacy"

    def ready(self) -> None:
        """Read the declarations that belong to no domain: tables of libraries, named by the settings."""
        for module in getattr(settings, "PRIVACY_DECLARATIONS", ()):
            import_module(module)
