"""Plugs collaboration into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class CollaborationConfig(AppConfig):
    name = "belvedere.domains.collaboration"
    label = "collaboration"
