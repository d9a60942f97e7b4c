"""Addresses of the live territory for everyone: `/<territory>/live/…`."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.live import pointing, public, updates

app_name = "portal_live"
urlpatterns: list[URLPattern] = [
    path("", public.page, name="things"),
    path("points.json", pointing.public_points, name="points"),
    path("day.json", pointing.public_day, name="day"),
    path("list.csv", public.csv, name="csv"),
    path("panel/<int:entity_id>/", public.panel, name="panel"),
    path("<int:entity_id>/", public.thing, name="thing"),
    path("<int:entity_id>/series.csv", public.series, name="series"),
    path("ticket.json", updates.public_ticket, name="ticket"),
]
