"""Addresses of duty in the cockpit: `/cockpit/<territory>/duty/…`."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.duty import calendars, plans, views

app_name = "duty"
urlpatterns: list[URLPattern] = [
    path("", views.board, name="board"),
    path("rosters/new/<uuid:owner_id>/", views.new, name="new"),
    path("rosters/<uuid:roster_id>/", views.roster, name="roster"),
    path("rosters/<uuid:roster_id>/change/", views.change, name="change"),
    path("rosters/<uuid:roster_id>/remove/", views.remove, name="remove"),
    path("rosters/<uuid:roster_id>/stand-in/", views.stand_in, name="stand_in"),
    path("rosters/<uuid:roster_id>/stand-in/<int:number>/end/", views.end_stand_in, name="end_stand_in"),
    path("calendar/", calendars.open_mine, name="open_mine"),
    path("calendar/<uuid:feed_id>/close/", calendars.close, name="close_feed"),
    path("rosters/<uuid:roster_id>/calendar/", calendars.open_roster, name="open_feed"),
    path("rosters/<uuid:roster_id>/absences/", calendars.absences, name="absences"),
    path(
        "rosters/<uuid:roster_id>/absences/<uuid:person_id>/forget/", calendars.forget, name="forget_absences"
    ),
    path("rosters/new/", plans.choose, {"what": "rosters"}, name="choose_for_roster"),
    path("plans/new/", plans.choose, {"what": "plans"}, name="choose_for_plan"),
    path("plans/new/<uuid:owner_id>/", plans.new, name="new_plan"),
    path("plans/<uuid:plan_id>/change/", plans.change, name="change_plan"),
    path("plans/<uuid:plan_id>/remove/", plans.remove, name="remove_plan"),
    path("alarms/<int:alarm_id>/", views.told, name="told"),
]
