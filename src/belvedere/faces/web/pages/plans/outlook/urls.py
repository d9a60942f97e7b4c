"""Addresses of the financial cockpit: `/cockpit/<territory>/plans/outlook/…`."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.plans.outlook import (
    ceilings,
    cockpit,
    explained,
    finding_measures,
    owners,
    phone_measures,
    price_pages,
    saving,
    voted,
    votes,
)
from belvedere.faces.web.pages.plans.outlook.export.urls import of_votes as files_of_votes
from belvedere.faces.web.pages.plans.outlook.export.urls import urlpatterns as files

urlpatterns: list[URLPattern] = [
    path("", owners.owners, name="outlooks"),
    path("prices/", price_pages.prices, name="outlook_prices"),
    path("<uuid:organisation_id>/", cockpit.page, name="outlook"),
    path("<uuid:organisation_id>/explain/<str:row>/<str:column>/", explained.explain, name="outlook_explain"),
    path("<uuid:organisation_id>/find/", finding_measures.find, name="outlook_find"),
    path("<uuid:organisation_id>/measures/", phone_measures.measures, name="outlook_measures"),
    path("<uuid:organisation_id>/scenario/", saving.save, name="outlook_save"),
    path(
        "<uuid:organisation_id>/scenario/<uuid:scenario_id>/archive/",
        saving.archive,
        name="outlook_archive",
    ),
    *files,
    path("<uuid:organisation_id>/ceilings/", ceilings.ceilings, name="outlook_ceilings"),
    path("<uuid:organisation_id>/votes/", votes.votes, name="outlook_votes"),
    path("<uuid:organisation_id>/votes/<uuid:snapshot_id>/", voted.voted, name="outlook_vote"),
    *files_of_votes,
    path(
        "<uuid:organisation_id>/votes/<uuid:snapshot_id>/explain/", voted.explain, name="outlook_vote_explain"
    ),
]
