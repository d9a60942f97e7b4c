"""Addresses below `/<territory>/territory/`, open to everyone where the territory is published."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
