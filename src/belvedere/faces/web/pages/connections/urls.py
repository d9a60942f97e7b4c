"""Addresses of connections in the cockpit: `/cockpit/<territory>/live/connections/…`."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.connections import files, sources, views

app_name = "connections"
urlpatterns: list[URLPattern] = [
    path("", views.connections_page, name="connections"),
    path("sources/new/", sources.new, name="new_source"),
    path("sources/<uuid:source_id>/", sources.source, name="source"),
    path("sources/<uuid:source_id>/look/", sources.look, name="look"),
    path("sources/<uuid:source_id>/mapping/", sources.mapping, name="mapping"),
    path("sources/<uuid:source_id>/switch/", sources.switch, name="switch"),
    path("sources/<uuid:source_id>/remove/", sources.remove, name="remove_source"),
    path("files/", files.files, name="files"),
    path("files/<uuid:file_id>/", files.file, name="file"),
    path("files/<uuid:file_id>/fields/", files.fields, name="file_fields"),
    path("files/<uuid:file_id>/mapping/", files.mapping, name="file_mapping"),
    path("files/<uuid:file_id>/take/", files.take, name="take_file"),
    path("files/<uuid:file_id>/refused.csv", files.refused, name="refused_rows"),
    path("files/<uuid:file_id>/remove/", files.remove, name="remove_file"),
    path("<uuid:connection_id>/", views.connection, name="connection"),
    path("<uuid:connection_id>/secret/", views.rotate, name="rotate"),
    path("<uuid:connection_id>/remove/", views.remove, name="remove"),
    path("decoders/new/", views.script, name="new_script"),
    path("decoders/<uuid:script_id>/", views.script, name="script"),
    path("decoders/<uuid:script_id>/remove/", views.remove_script, name="remove_script"),
    path("devices/<uuid:device_id>/", views.reader, name="reader"),
]
