"""Addresses of commands in the cockpit: `/cockpit/<territory>/commands/…`."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.commands import limits, pages

app_name = "commands"
urlpatterns: list[URLPattern] = [
    path("", pages.listed, name="list"),
    path("limits/<int:entity_id>/", limits.limits, name="limits"),
    path("new/", pages.new, name="new"),
    path("<uuid:command_id>/", pages.command, name="command"),
    path("<uuid:command_id>/<slug:verb>/", pages.act, name="act"),
]
