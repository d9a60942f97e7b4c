"""The addresses of the overview, the first page of a territory's cockpit."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "overview"
urlpatterns: list[URLPattern] = []
