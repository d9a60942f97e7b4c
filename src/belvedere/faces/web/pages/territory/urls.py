"""Addresses of places and organisations in the cockpit: `/cockpit/<territory>/territory/…`."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.territory import places

app_name = "territory"
urlpatterns: list[URLPattern] = [
    path("", places.places, name="places"),
]
