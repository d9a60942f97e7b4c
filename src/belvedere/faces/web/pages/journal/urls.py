"""Addresses of a territory's journal: /cockpit/<territory>/journal/."""

from __future__ import annotations

from django.urls import path

from belvedere.faces.web.pages.journal import views

app_name = "journal"
urlpatterns = [path("", views.entries, name="list")]
