"""Addresses of the live territory for everyone: `/<territory>/live/…`."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.live import updates

app_name = "portal_live"
urlpatterns: list[URLPattern] = [
    path("ticket.json", updates.public_ticket, name="ticket"),
]
