"""Addresses of the log book in the cockpit: `/cockpit/<territory>/logbook/…`."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.logbook import shifts, views

app_name = "logbook"
urlpatterns: list[URLPattern] = [
    path("", views.listed, name="list"),
    path("print/", views.paper, name="paper"),
    path("entries.csv", views.as_csv, name="csv"),
    path("new/", views.new, name="new"),
    path("<int:entry_id>/strike/", views.strike, name="strike"),
    path("hand-over/", shifts.shift, name="shift"),
    path("hand-over/<uuid:hand_over_id>/take/", shifts.take, name="take"),
]
