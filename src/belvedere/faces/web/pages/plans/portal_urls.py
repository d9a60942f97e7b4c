"""Addresses of plans and measures open to everyone: `/<territory>/plans/…`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from belvedere.faces.web.pages.plans import documents, lists, money
from belvedere.faces.web.pages.portal import project

app_name = "portal_plans"
urlpatterns: list[URLPattern | URLResolver] = [
    path("measures/", lists.portal_measures, name="measures"),
    path("measures/rows/", lists.portal_measure_rows, name="rows"),
    path("measures/points.json", lists.portal_points, name="points"),
    path("measures/panel/<uuid:measure_id>/", lists.portal_panel, name="panel"),
    path("measures/<uuid:measure_id>/", project.project, name="measure"),
    path("documents/<uuid:document_id>/", documents.portal_document, name="document"),
    path("documents/<uuid:document_id>/<int:number>/", documents.portal_document, name="document_version"),
    path("money/", money.portal_finance, name="finance"),
    path("money/lines/", money.portal_lines, name="lines"),
    path("money/<slug:table>.csv", money.portal_table_csv, name="csv"),
]
