"""Addresses of the equipment register in the cockpit: `/cockpit/<territory>/equipment/…`."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.equipment import acts, contracts, editing, labels, lists, piece, sheet_pages

app_name = "equipment"
urlpatterns: list[URLPattern] = [
    path("", lists.register, name="register"),
    path("points.json", lists.points, name="points"),
    path("panel/<uuid:equipment_id>/", lists.panel, name="panel"),
    path("labels.pdf", labels.labels, name="labels"),
    path("new/", editing.new, name="new"),
    path("sheets/", sheet_pages.bring, name="sheets"),
    path("sheets/<uuid:sheet_id>/", sheet_pages.sheet, name="sheet"),
    path("sheets/<uuid:sheet_id>/columns/", sheet_pages.columns, name="columns"),
    path("sheets/<uuid:sheet_id>/take/", sheet_pages.take, name="take_sheet"),
    path("sheets/<uuid:sheet_id>/refused.csv", sheet_pages.refused, name="refused"),
    path("sheets/<uuid:sheet_id>/remove/", sheet_pages.remove, name="remove_sheet"),
    path("files/<uuid:document_id>/", acts.file, name="file"),
    path("contracts/", contracts.contracts, name="contracts"),
    path("contracts/new/", contracts.new, name="new_contract"),
    path("contracts/<uuid:contract_id>/", contracts.contract, name="contract"),
    path("contracts/<uuid:contract_id>/change/", contracts.change, name="change_contract"),
    path("contracts/<uuid:contract_id>/end/", contracts.end, name="end_contract"),
    path("contracts/<uuid:contract_id>/files/", contracts.add_file, name="add_contract_file"),
    path(
        "contracts/<uuid:contract_id>/files/<uuid:document_id>/remove/",
        contracts.remove_file,
        name="remove_contract_file",
    ),
    path("<uuid:equipment_id>/", piece.piece, name="equipment"),
    path("<uuid:equipment_id>/change/", editing.change, name="change"),
    path("<uuid:equipment_id>/maintenance/", acts.maintain, name="maintain"),
    path(
        "<uuid:equipment_id>/maintenance/<uuid:maintenance_id>/end/",
        acts.end_maintenance,
        name="end_maintenance",
    ),
    path("<uuid:equipment_id>/service/", acts.service, name="service"),
    path("<uuid:equipment_id>/remove/", acts.remove, name="remove"),
    path("<uuid:equipment_id>/files/", acts.add_file, name="add_file"),
    path("<uuid:equipment_id>/files/<uuid:document_id>/remove/", acts.remove_file, name="remove_file"),
]
