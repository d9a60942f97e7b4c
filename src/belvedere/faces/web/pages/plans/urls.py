"""Addresses of plans and measures in the cockpit: `/cockpit/<territory>/plans/…`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

app_name = "plans"
urlpatterns: list[URLPattern | URLResolver] = [
    path("import/", include("belvedere.faces.web.pages.plans.sheets.urls")),
]
