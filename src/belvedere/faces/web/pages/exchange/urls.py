"""Addresses of subscriptions in the cockpit: `/cockpit/<territory>/live/exchange/…`."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.exchange import views

app_name = "exchange"
urlpatterns: list[URLPattern] = [
    path("", views.subscribers, name="subscribers"),
    path("pause/", views.pause, name="pause"),
    path("resume/", views.resume, name="resume"),
    path("extend/", views.extend, name="extend"),
    path("replay/", views.replay, name="replay"),
    path("remove/", views.remove, name="remove"),
]
