"""Addresses of the export of measures: `/cockpit/<territory>/plans/export/…`."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.plans.sheets import exporting

urlpatterns: list[URLPattern] = [path("measures.<slug:form>", exporting.export, name="export")]
