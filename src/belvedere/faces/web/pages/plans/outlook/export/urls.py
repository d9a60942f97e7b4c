"""Addresses of the files of an owner's cockpit, below its page."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.plans.outlook.export import views, votes

urlpatterns: list[URLPattern] = [
    path("<uuid:organisation_id>/export.xlsx", views.xlsx, name="outlook_xlsx"),
    path("<uuid:organisation_id>/export.csv", views.csv, name="outlook_csv"),
    path("<uuid:organisation_id>/report.pdf", views.pdf, name="outlook_pdf"),
]
of_votes: list[URLPattern] = [
    path("<uuid:organisation_id>/votes/<uuid:snapshot_id>/vote.xlsx", votes.xlsx, name="outlook_vote_xlsx"),
    path("<uuid:organisation_id>/votes/<uuid:snapshot_id>/vote.pdf", votes.pdf, name="outlook_vote_pdf"),
]
