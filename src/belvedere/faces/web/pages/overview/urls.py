"""The address of the overview as one may type it; the page is the first one of the territory's cockpit."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.overview import page

app_name = "overview"
urlpatterns: list[URLPattern] = [path("", page.moved, name="page")]
