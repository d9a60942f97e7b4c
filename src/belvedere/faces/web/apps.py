"""The web face as a Django app: templates, template tags, static files."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class WebConfig(AppConfig):
    name = "belvedere.faces.web"
    label = "web"
    verbose_name = gettext_lazy("Web pages")
