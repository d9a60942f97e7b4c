"""Addresses of the financial cockpit: `/cockpit/<territory>/plans/outlook/…`."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.plans.outlook import (
    cockpit,
    explained,
    finding_measures,
    owners,
    phone_measures,
)
from belvedere.faces.web.pages.plans.outlook.export.urls import urlpatterns as files

urlpatterns: list[URLPattern] = [
    path("", owners.owners, name="outlooks"),
    path("<uuid:organisation_id>/", cockpit.page, name="outlook"),
    path("<uuid:organisation_id>/explain/<str:row>/<str:column>/", explained.explain, name="outlook_explain"),
    path("<uuid:organisation_id>/find/", finding_measures.find, name="outlook_find"),
    path("<uuid:organisation_id>/measures/", phone_measures.measures, name="outlook_measures"),
    *files,
]
