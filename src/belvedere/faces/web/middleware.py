"""What happens around every page: a request id, the security headers, the reader's language, who acts."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_from_request

from belvedere.domains.access.public import Actor, actor_of
from belvedere.engines import listening
from belvedere.kernel.identifiers import new_id

Next = Callable[[HttpRequest], HttpResponse]
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")

# Scripts and styles are our files; inline style attributes carry computed sizes (bars, columns) only.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:{tiles}",
        "connect-src 'self'{live}{tiles}",
        "worker-src 'self' blob:",
        "font-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
# Base maps are a setting of a territory; these are the hosts it may name.
TILES = " https://wmts.geo.admin.ch https://data.geopf.fr https://tile.openstreetmap.org"


def request_id(get_response: Next) -> Next:
    """Give each request an id, the caller's own when it sends a sound one; the journal keeps it."""

    def handle(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        request.request_id = given if _REQUEST_ID.fullmatch(given) else str(new_id())  # type: ignore[attr-defined]
        response = get_response(request)
        response["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        return response

    return handle


def content_security(get_response: Next) -> Next:
    """Forbid scripts that are not ours, and words with others than us and the process of live updates."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if "Content-Security-Policy" not in response:
            parts = urlsplit(live_url(request))
            live = f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""
            response["Content-Security-Policy"] = POLICY.format(live=live, tiles=TILES)
        response.setdefault("Permissions-Policy", "geolocation=(self), camera=(), microphone=()")
        return response

    return handle


def live_url(request: HttpRequest) -> str:
    """Where the browser of this request listens to changes, "" when it cannot."""
    try:
        host = urlsplit(f"//{request.get_host()}").netloc
    except DisallowedHost:
        return ""
    host = host if host.endswith("]") else host.rpartition(":")[0] or host
    return listening.url(settings.HOME, host, secure=request.is_secure())


def language(get_response: Next) -> Next:
    """The language of the reader: chosen here (cookie), else the person's own, else what the browser asks."""

    def handle(request: HttpRequest) -> HttpResponse:
        chosen = _chosen(request)
        translation.activate(chosen)
        request.LANGUAGE_CODE = chosen
        response = get_response(request)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response

    return handle


def _chosen(request: HttpRequest) -> str:
    # Only a signed-in session is looked up: anonymous pages and probes must not need the database.
    if (
        settings.LANGUAGE_COOKIE_NAME not in request.COOKIES
        and settings.SESSION_COOKIE_NAME in request.COOKIES
    ):
        own: str = getattr(request.user, "language", "")
        if own in dict(settings.LANGUAGES):
            return own
    return get_language_from_request(request)


def actor(get_response: Next) -> Next:
    """Say who acts, once per request and only when a page asks."""

    def handle(request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor_of(request))  # type: ignore[attr-defined]
        return get_response(request)

    return handle


def _actor_of(request: HttpRequest) -> Actor:
    sender: str = getattr(request, "request_id", "")
    if request.user.is_authenticated:
        return actor_of(request.user, request_id=sender)
    return Actor.public(translation.get_language() or settings.LANGUAGE_CODE, sender)


class _InTerritory:
    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: dict[str, object]
    ) -> None:
        request.territory = kwargs.get("territory")  # type: ignore[attr-defined]


def territory(get_response: Next) -> Next:
    """Tell the frame of the page which territory its address names."""
    return _InTerritory(get_response)
