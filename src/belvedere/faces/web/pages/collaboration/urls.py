"""The addresses of collaboration in the cockpit of a territory: `/cockpit/<territory>/collaboration/…`."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.collaboration import inbox, saved, suggestions, talking

app_name = "collaboration"
urlpatterns: list[URLPattern] = [
    path("", inbox.inbox_page, name="inbox"),
    path("read/", inbox.read_everything, name="read"),
    path("open/<uuid:notice_id>/", inbox.open_notice, name="open"),
    path("preferences/", inbox.preferences, name="preferences"),
    path("measures/<uuid:measure_id>/comments/", talking.comments, name="comments"),
    path("measures/<uuid:measure_id>/people/", talking.people, name="people"),
    path("measures/<uuid:measure_id>/follow/", talking.follow, name="follow"),
    path("measures/<uuid:measure_id>/suggest/", suggestions.suggest, name="suggest"),
    path("comments/<uuid:comment_id>/", talking.change, name="change"),
    path("suggestions/", suggestions.suggestions_page, name="suggestions"),
    path("suggestions/<uuid:suggestion_id>/", suggestions.decide, name="decide"),
    path("views/", saved.views_page, name="views"),
    path("views/<uuid:view_id>/", saved.open_view, name="view"),
    path("views/<uuid:view_id>/remove/", saved.remove, name="remove_view"),
]
