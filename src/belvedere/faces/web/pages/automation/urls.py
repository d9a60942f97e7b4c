"""Addresses of alarms and rules in the cockpit: `/cockpit/<territory>/alarms/…` and `…/rules/…`."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.automation import alarms, desk, figures, rules

app_name = "automation"
urlpatterns: list[URLPattern] = [
    path("alarms/", alarms.alarms, name="alarms"),
    path("alarms/desk/", desk.desk, name="desk"),
    path("alarms/figures/", figures.figures, name="figures"),
    path("alarms/figures.csv", figures.figures_csv, name="figures_csv"),
    path("alarms/points.json", alarms.points, name="points"),
    path("alarms/acknowledge/", alarms.acknowledge, name="acknowledge"),
    path("alarms/<int:alarm_id>/", alarms.alarm, name="alarm"),
    path("alarms/<int:alarm_id>/panel/", alarms.panel, name="panel"),
    path("alarms/<int:alarm_id>/beneath/", alarms.beneath, name="beneath"),
    path("alarms/<int:alarm_id>/<slug:verb>/", alarms.act, name="act"),
    path("rules/", rules.rules, name="rules"),
    path("rules/new/", rules.edit, name="new_rule"),
    path("rules/<int:rule_id>/", rules.rule, name="rule"),
    path("rules/<int:rule_id>/change/", rules.edit, name="change_rule"),
    path("rules/<int:rule_id>/switch/", rules.switch, name="switch_rule"),
    path("rules/<int:rule_id>/remove/", rules.remove, name="remove_rule"),
]
