"""Addresses of plans and measures open to everyone: `/<territory>/plans/…`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "portal_plans"
urlpatterns: list[URLPattern | URLResolver] = []
