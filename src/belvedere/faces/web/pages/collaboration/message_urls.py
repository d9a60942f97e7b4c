"""The address that stops a kind of mail, for whoever holds its link: `/account/messages/…`."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.collaboration import stopping

app_name = "messages"
urlpatterns: list[URLPattern] = [
    path("stop/<str:token>/", stopping.stop_page, name="stop"),
]
