"""The addresses of the REST interface."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "rest"
urlpatterns: list[URLPattern] = []
