"""Addresses of crisis mode in the cockpit: `/cockpit/<territory>/crisis/…`."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.crisis import leading, one, plans, telling

app_name = "crisis"
urlpatterns: list[URLPattern] = [
    path("", plans.listed, name="list"),
    path("declare/", leading.declare, name="declare"),
    path("plans/new/", plans.choose, name="choose"),
    path("plans/new/<uuid:owner_id>/", plans.new, name="new_plan"),
    path("plans/<uuid:plan_id>/", plans.plan, name="plan"),
    path("plans/<uuid:plan_id>/edit/", plans.change, name="change_plan"),
    path("plans/<uuid:plan_id>/remove/", plans.remove, name="remove_plan"),
    path("<uuid:crisis_id>/", one.crisis, name="crisis"),
    path("<uuid:crisis_id>/phase/", leading.phase, name="phase"),
    path("<uuid:crisis_id>/end/", leading.end, name="end"),
    path("<uuid:crisis_id>/roles/", leading.roles, name="roles"),
    path("<uuid:crisis_id>/roles/<uuid:role_id>/take/", leading.take, name="take"),
    path("<uuid:crisis_id>/roles/<uuid:role_id>/hand/", leading.hand, name="hand"),
    path("<uuid:crisis_id>/people/<uuid:person_id>/", leading.absent, name="absent"),
    path("<uuid:crisis_id>/tasks/new/", one.new_task, name="new_task"),
    path("<uuid:crisis_id>/tasks/<uuid:task_id>/", one.task, name="task"),
    path("<uuid:crisis_id>/tasks/<uuid:task_id>/move/", one.move, name="move"),
    path("<uuid:crisis_id>/tasks/<uuid:task_id>/tick/<int:position>/", one.tick, name="tick"),
    path("<uuid:crisis_id>/points/", one.points, name="points"),
    path("<uuid:crisis_id>/points/new/", one.new_point, name="new_point"),
    path("<uuid:crisis_id>/points/<int:number>/strike/", one.strike_point, name="strike_point"),
    path("<uuid:crisis_id>/timeline/", telling.timeline, name="timeline"),
    path("<uuid:crisis_id>/timeline/print/", telling.paper, name="paper"),
    path("<uuid:crisis_id>/timeline.csv", telling.as_csv, name="csv"),
]
