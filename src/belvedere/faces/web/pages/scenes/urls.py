"""Addresses of scenes in the cockpit: `/cockpit/<territory>/scenes/…`."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.scenes import pages, papers

app_name = "scenes"
urlpatterns: list[URLPattern] = [
    path("", pages.listed, name="list"),
    path("new/<slug:preset>/", pages.new, name="new"),
    path("ledger/", papers.ledger, name="ledger"),
    path("ledger.csv", papers.ledger_csv, name="ledger_csv"),
    path("ledger/new/", papers.new_entry, name="new_entry"),
    path("ledger/<uuid:entry_id>/remove/", papers.remove_entry, name="remove_entry"),
    path("<uuid:scene_id>/", pages.scene, name="scene"),
    path("<uuid:scene_id>/change/", pages.change, name="change"),
    path("<uuid:scene_id>/switch/", pages.switch, name="switch"),
    path("<uuid:scene_id>/remove/", pages.remove, name="remove"),
    path("<uuid:scene_id>/by-hand/", pages.by_hand, name="by_hand"),
    path("<uuid:scene_id>/exceptions/new/", pages.override, name="override"),
    path("<uuid:scene_id>/exceptions/<int:number>/end/", pages.end_override, name="end_override"),
    path("<uuid:scene_id>/order/", papers.order, name="order"),
]
