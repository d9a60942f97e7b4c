"""Addresses of plans and measures in the cockpit: `/cockpit/<territory>/plans/…`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from belvedere.faces.web.pages.plans import (
    creating,
    documents,
    editing,
    lists,
    measure,
    money,
    several,
    translations,
)

app_name = "plans"
urlpatterns: list[URLPattern | URLResolver] = [
    path("import/", include("belvedere.faces.web.pages.plans.sheets.urls")),
    path("export/", include("belvedere.faces.web.pages.plans.sheets.export_urls")),
    path("measures/", lists.measures, name="measures"),
    path("measures/rows/", lists.measure_rows, name="rows"),
    path("measures/points.json", lists.points, name="points"),
    path("measures/panel/<uuid:measure_id>/", lists.panel, name="panel"),
    path("measures/new/", creating.new, name="new"),
    path("measures/several/", several.several, name="several"),
    path("measures/several/<uuid:bulk_id>/", several.several_done, name="several_done"),
    path("measures/<uuid:measure_id>/", measure.measure, name="measure"),
    path("measures/<uuid:measure_id>/edit/<slug:part>/", editing.edit, name="edit"),
    path("measures/<uuid:measure_id>/edit/<slug:part>/<slug:item>/", editing.edit, name="edit_item"),
    path("translations/", translations.translations, name="translations"),
    path("translations/give/", translations.translate, name="translate"),
    path("translations/list.csv", translations.translations_csv, name="translations_csv"),
    path("documents/<uuid:document_id>/", documents.document, name="document"),
    path("documents/<uuid:document_id>/<int:number>/", documents.document, name="document_version"),
    path("outlook/", include("belvedere.faces.web.pages.plans.outlook.urls")),
    path("money/", money.finance, name="finance"),
    path("money/lines/", money.lines, name="lines"),
    path("money/<slug:table>.csv", money.table_csv, name="csv"),
]
