"""Addresses of a territory's journal: /cockpit/<territory>/journal/."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "journal"
urlpatterns: list[URLPattern] = []
