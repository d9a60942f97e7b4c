"""The door of the cockpit: which territory, then its overview."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from belvedere.faces.web.pages.home import cockpit
from belvedere.faces.web.pages.overview import page

of_a_territory = ([path("<territory:territory>/", page.overview, name="territory")], "cockpit")
urlpatterns: list[URLPattern | URLResolver] = [
    path("", cockpit.chooser, name="cockpit"),
    path("", include(of_a_territory)),
]
