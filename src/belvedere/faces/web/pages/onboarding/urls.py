"""Addresses of putting a device into service: `/cockpit/<territory>/live/onboard/…`."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.onboarding import views

app_name = "onboarding"
urlpatterns: list[URLPattern] = [
    path("", views.onboard, name="onboard"),
    path("<uuid:device_id>/", views.wait, name="wait"),
    path("<uuid:device_id>/values/", views.part, name="part"),
]
