"""The addresses of coordination in the cockpit of a territory."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "coordination"
urlpatterns: list[URLPattern] = []
