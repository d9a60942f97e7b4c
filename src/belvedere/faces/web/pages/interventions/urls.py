"""Addresses of interventions in the cockpit: `/cockpit/<territory>/interventions/…`."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.interventions import board, contracts, day, field, lists, one, setup

app_name = "interventions"
urlpatterns: list[URLPattern] = [
    path("", lists.interventions_list, name="list"),
    path("new/", one.new, name="new"),
    path("board/", board.board, name="board"),
    path("day/", day.team_day, name="team_day"),
    path("day/order/", day.order, name="order"),
    path("setup/", setup.setup, name="setup"),
    path("setup/plans/<uuid:plan_id>/stop/", setup.stop, name="stop"),
    path("setup/needs/<uuid:plan_id>/stop/", setup.stop_need, name="stop_need"),
    path("setup/teams/<uuid:team_id>/remove/", setup.remove_team, name="remove_team"),
    path("setup/teams/<uuid:team_id>/rate/", setup.rate, name="rate"),
    path("contracts/", contracts.figures, name="figures"),
    path("contracts/figures.csv", contracts.figures_csv, name="figures_csv"),
    path("field/", field.field, name="field"),
    path("field/day.json", field.day, name="day"),
    path("field/act.json", field.act, name="field_act"),
    path("field/worker.js", field.worker, name="worker"),
    path("<uuid:intervention_id>/", one.intervention, name="intervention"),
    path("<uuid:intervention_id>/change/", one.change, name="change"),
    path("<uuid:intervention_id>/move/", board.move, name="move"),
    path("<uuid:intervention_id>/send/", board.send, name="send"),
    path("<uuid:intervention_id>/act/", one.act, name="act"),
    path("<uuid:intervention_id>/photos/<uuid:photo_id>/", one.photo, name="photo"),
    path("<uuid:intervention_id>/signature/", one.signature, name="signature"),
    path("<uuid:intervention_id>/kept/<uuid:act_id>/", one.held, name="held"),
    path("<uuid:intervention_id>/kept/<uuid:act_id>/settle/", one.settle, name="settle"),
]
