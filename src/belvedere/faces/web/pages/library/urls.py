"""The addresses of the library in the cockpit of a territory: `/cockpit/<territory>/library/…`."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.library import views

app_name = "library"
urlpatterns: list[URLPattern] = [
    path("", views.shared, name="shared"),
    path("costs/", views.costs, name="costs"),
    path("share/", views.share, name="share"),
    path("export.json", views.export, name="export"),
    path("import/", views.bring, name="import"),
    path("<uuid:card_id>/", views.card, name="card"),
    path("<uuid:card_id>/withdraw/", views.take_back, name="withdraw"),
]
