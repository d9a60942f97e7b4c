"""The door of the cockpit: which territory, then its measures."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from belvedere.faces.web.pages.home import cockpit

of_a_territory = ([path("<territory:territory>/", cockpit.territory, name="territory")], "cockpit")
urlpatterns: list[URLPattern | URLResolver] = [
    path("", cockpit.chooser, name="cockpit"),
    path("", include(of_a_territory)),
]
