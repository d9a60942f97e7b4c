"""The addresses of collaboration open to everyone: `/<territory>/collaboration/…`."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.collaboration import suggestions

app_name = "portal_collaboration"
urlpatterns: list[URLPattern] = [
    path("measures/<uuid:measure_id>/suggest/", suggestions.portal_suggest, name="suggest"),
    path("confirm/<str:token>/", suggestions.confirm, name="confirm"),
]
