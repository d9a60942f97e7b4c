"""The addresses of library in the cockpit of a territory."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "library"
urlpatterns: list[URLPattern] = []
