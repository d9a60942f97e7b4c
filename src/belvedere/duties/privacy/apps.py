"""Plugs privacy into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "belvedere.duties.privacy"
    label = "privacy"
