"""The addresses of the projects of my street, on the public portal: `/<territory>/works/…`."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.portal import embedding, feeds, following, near

app_name = "works"
urlpatterns: list[URLPattern] = [
    path("", near.near, name="near"),
    path("feed.xml", feeds.feed, name="feed"),
    path("calendar.ics", feeds.calendar, name="calendar"),
    path("embed/", embedding.embed, name="embed"),
    path("follow/", following.follow, name="follow"),
    path("confirm/<str:token>/", following.confirm, name="confirm"),
    path("stop/<str:token>/", following.stop, name="stop"),
    path("mine/<str:token>/", following.mine, name="mine"),
]
