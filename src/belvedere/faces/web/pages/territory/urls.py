"""Addresses of places and organisations in the cockpit: `/cockpit/<territory>/territory/…`."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.territory import networks, places

app_name = "territory"
urlpatterns: list[URLPattern] = [
    path("", places.places, name="places"),
    path("networks/", networks.page, name="networks"),
    path("networks/lines.json", networks.lines_json, name="network_lines"),
    path("networks/<uuid:network_id>/remove/", networks.remove, name="network_remove"),
]
