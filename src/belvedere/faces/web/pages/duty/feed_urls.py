"""The private addresses of calendars: `/feeds/duty/<token>.ics`, without signing in."""

from __future__ import annotations

from django.urls import URLPattern, re_path

from belvedere.faces.web.pages.duty import calendars

app_name = "duty_feeds"
urlpatterns: list[URLPattern] = [
    re_path(r"^(?P<token>[A-Za-z0-9~_-]{40,120})\.ics$", calendars.feed, name="feed"),
]
