"""Addresses of a person's own account: /account/…; allauth's own addresses follow them."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "account_own"
urlpatterns: list[URLPattern] = []
