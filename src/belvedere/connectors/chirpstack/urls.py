"""The address that ChirpStack calls: `/doors/chirpstack/<connection>`."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.connectors.chirpstack.reading import read
from belvedere.connectors.webhook import door
from belvedere.domains.connections.public import System

app_name = "chirpstack"
urlpatterns: list[URLPattern] = [
    path("<uuid:connection_id>", door(System.CHIRPSTACK, read), name="door"),
]
