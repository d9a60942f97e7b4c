"""Addresses of the import and export of measures."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
