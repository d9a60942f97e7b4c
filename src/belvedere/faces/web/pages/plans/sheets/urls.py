"""Addresses of the import of measures: `/cockpit/<territory>/plans/import/…`."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.plans.sheets import acts, bringing, drafts

urlpatterns: list[URLPattern] = [
    path("", bringing.imports, name="imports"),
    path("<uuid:import_id>/", drafts.draft, name="import"),
    path("<uuid:import_id>/rows/", drafts.rows, name="import_rows"),
    path("<uuid:import_id>/to-fix.xlsx", drafts.to_fix, name="import_to_fix"),
    path("<uuid:import_id>/columns/", acts.columns, name="import_columns"),
    path("<uuid:import_id>/decide/", acts.decide, name="import_decide"),
    path("<uuid:import_id>/take/", acts.take, name="import_take"),
    path("<uuid:import_id>/progress/", acts.progress, name="import_progress"),
    path("<uuid:import_id>/undo/", acts.undo, name="import_undo"),
    path("<uuid:import_id>/discard/", acts.discard, name="import_discard"),
]
