"""The addresses of the projects of my street, on the public portal."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "works"
urlpatterns: list[URLPattern] = []
