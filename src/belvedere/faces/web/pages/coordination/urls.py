"""The addresses of coordination in the cockpit of a territory."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.coordination import conflicts

app_name = "coordination"
urlpatterns: list[URLPattern] = [
    path("", conflicts.list_page, name="conflicts"),
    path("rule/", conflicts.rule, name="rule"),
    path("<uuid:one>/<uuid:other>/", conflicts.pair_page, name="pair"),
]
