"""Addresses of the data-quality board: `/cockpit/<territory>/live/quality/…`."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.quality import board

app_name = "quality"
urlpatterns: list[URLPattern] = [
    path("", board.board, name="board"),
    path("series.csv", board.table, name="table"),
]
