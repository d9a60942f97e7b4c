"""The ticket with which a page listens to changes: what its reader may hear here, for five minutes."""

from __future__ import annotations

import time

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from belvedere.domains.twin import public as twin
from belvedere.engines import listening
from belvedere.faces.web.middleware import live_url
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit, in_portal


def _ticket(request: HttpRequest, room: Room) -> JsonResponse:
    """`url` is where to listen, "" where a browser cannot; `valid_s` says how long the ticket is good."""
    audience = twin.audience(room.actor, room.territory.id)
    # Both processes are on one clock, unlike the browser.
    signed = listening.Ticket(room.territory.id, audience, time.time() + listening.VALID_S)
    url = live_url(request)
    return JsonResponse(
        {
            "url": f"{url}/events" if url else "",
            "ticket": listening.sign(settings.HOME, signed),
            "valid_s": listening.VALID_S,
        }
    )


ticket = never_cache(require_GET(in_cockpit(_ticket)))
public_ticket = never_cache(require_GET(in_portal(_ticket)))
