"""The public front door: the territories of this instance, and the home page of each."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from belvedere.faces.web.pages.home import portal

of_a_territory = ([path("<territory:territory>/", portal.territory_home, name="territory")], "portal")
urlpatterns: list[URLPattern | URLResolver] = [
    path("", portal.front, name="portal"),
    path("", include(of_a_territory)),
]
