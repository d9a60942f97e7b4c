"""The addresses of collaboration in the cockpit of a territory."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "collaboration"
urlpatterns: list[URLPattern] = []
