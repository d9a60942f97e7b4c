"""The address that The Things Stack calls: `/doors/things-stack/<connection>`."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.connectors.things_stack.reading import read
from belvedere.connectors.webhook import door
from belvedere.domains.connections.public import System

app_name = "things_stack"
urlpatterns: list[URLPattern] = [
    path("<uuid:connection_id>", door(System.THINGS_STACK, read), name="door"),
]
