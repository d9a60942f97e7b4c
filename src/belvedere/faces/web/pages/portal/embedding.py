"""Works in a frame on another site: the only pages that may be framed. No cookie, nothing personal."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from belvedere.domains.subscriptions.public import ScopeKind, check_scope
from belvedere.faces.web.middleware import POLICY, TILES
from belvedere.faces.web.pages.plans.places import map_context
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.faces.web.pages.portal.asked import query_of, scope_in
from belvedere.faces.web.pages.portal.feeds import title_of
from belvedere.faces.web.pages.portal.rooms import for_everyone
from belvedere.faces.web.pages.portal.works import shapes_of, works_of

SHOWN = 30
FRAMED = POLICY.format(live="", tiles=TILES).replace("frame-ancestors 'none'", "frame-ancestors *")


def _embed(request: HttpRequest, room: Room) -> HttpResponse:
    scope = scope_in(request.GET)
    check_scope(room.territory.id, scope)
    works = [one for one in works_of(room, scope) if scope.kind is ScopeKind.MEASURE or not one.over]
    query = query_of(scope, lang=room.language)
    path = f"/{room.territory.slug}/works/?{query}"
    if scope.kind is ScopeKind.MEASURE and works:
        path = works[0].url
    context = {
        "room": room,
        "title": title_of(room, scope),
        "works": works[:SHOWN],
        "sites": shapes_of(room, works[:SHOWN]),
        "map": map_context(room),
        "origin": settings.PUBLIC_URL,
        "page_url": settings.PUBLIC_URL + path,
    }
    response = render(request, "portal/embed.html", context)
    response["Content-Security-Policy"] = FRAMED
    return response


embed = require_safe(xframe_options_exempt(for_everyone(_embed)))

__all__ = ["embed"]
