"""Addresses of duty in the cockpit: `/cockpit/<territory>/duty/…`."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.duty import views

app_name = "duty"
urlpatterns: list[URLPattern] = [
    path("", views.board, name="board"),
    path("rosters/new/<uuid:owner_id>/", views.new, name="new"),
    path("rosters/<uuid:roster_id>/", views.roster, name="roster"),
    path("rosters/<uuid:roster_id>/change/", views.change, name="change"),
    path("rosters/<uuid:roster_id>/remove/", views.remove, name="remove"),
    path("rosters/<uuid:roster_id>/stand-in/", views.stand_in, name="stand_in"),
    path("rosters/<uuid:roster_id>/stand-in/<int:number>/end/", views.end_stand_in, name="end_stand_in"),
    path("alarms/<int:alarm_id>/", views.told, name="told"),
]
