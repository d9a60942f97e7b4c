"""The addresses of webhooks in the cockpit of a territory."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.webhooks import views

app_name = "webhooks"
urlpatterns: list[URLPattern] = [
    path("", views.endpoints, name="endpoints"),
    path("<uuid:endpoint_id>/", views.endpoint, name="endpoint"),
    path("<uuid:endpoint_id>/secret/", views.rotate, name="rotate"),
    path("<uuid:endpoint_id>/test/", views.test, name="test"),
    path("<uuid:endpoint_id>/stop/", views.stop, name="stop"),
    path("<uuid:endpoint_id>/start/", views.start, name="start"),
    path("<uuid:endpoint_id>/remove/", views.remove, name="remove"),
    path("<uuid:endpoint_id>/messages/<uuid:delivery_id>/", views.replay, name="replay"),
]
