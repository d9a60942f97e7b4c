"""Addresses below `/<territory>/territory/`, open to everyone where the territory is published."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.territory import drawing

app_name = "portal_territory"
urlpatterns: list[URLPattern] = [
    path("outlines.json", drawing.outlines_json, name="outlines"),
]
