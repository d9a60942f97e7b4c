"""Plugs the journal into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "belvedere.duties.journal"
    label = "journal"
