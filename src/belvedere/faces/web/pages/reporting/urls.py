"""The addresses of reporting in the cockpit of a territory."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "reporting"
urlpatterns: list[URLPattern] = []
