"""Addresses of packs in the cockpit: `/cockpit/<territory>/packs/…`."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.packs import views

app_name = "packs"
urlpatterns: list[URLPattern] = [
    path("", views.all_packs, name="packs"),
    path("<slug:slug>/", views.pack, name="pack"),
    path("<slug:slug>/switch/", views.switch, name="switch"),
    path("<slug:slug>/rules/<slug:key>/take-over/", views.take_over, name="take_over"),
    path("<slug:slug>/notices/add/", views.add_notice, name="add_notice"),
    path("<slug:slug>/notices/<int:notice_id>/remove/", views.remove_notice, name="remove_notice"),
]
