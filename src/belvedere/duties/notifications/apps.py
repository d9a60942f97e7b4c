"""Plugs notifications into the platform."""

from __future__ import annotations

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "belvedere.duties.notifications"
    label = "notifications"
