"""Addresses of the live territory in the cockpit: `/cockpit/<territory>/live/…`."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.live import devices, ledger, pointing, thing, things, updates

app_name = "live"
urlpatterns: list[URLPattern] = [
    path("ticket.json", updates.ticket, name="ticket"),
    path("things/", things.things, name="things"),
    path("things/points.json", pointing.points, name="points"),
    path("things/day.json", pointing.day, name="day"),
    path("things/list.csv", things.csv, name="csv"),
    path("things/panel/<int:entity_id>/", things.panel, name="panel"),
    path("things/<int:entity_id>/", thing.thing, name="thing"),
    path("things/<int:entity_id>/series.csv", thing.series, name="series"),
    path("devices/", devices.devices, name="devices"),
    path("devices/new/", devices.register, name="register"),
    path("devices/<uuid:device_id>/", devices.device, name="device"),
    path("devices/<uuid:device_id>/fields/", devices.fields, name="fields"),
    path("devices/<uuid:device_id>/secret/", devices.rotate, name="rotate"),
    path("devices/<uuid:device_id>/revoke/", devices.revoke, name="revoke"),
    path("messages/", ledger.ledger, name="ledger"),
    path("messages/table.csv", ledger.ledger_table, name="ledger_table"),
    path("messages/again/", ledger.replay, name="replay"),
    path("messages/dismiss/", ledger.dismiss, name="dismiss"),
]
