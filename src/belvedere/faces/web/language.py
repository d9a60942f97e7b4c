"""Which language a page speaks, and the view that changes it.

The order: the choice kept in the cookie, the person's own preference, what the browser asks for
(`Accept-Language`), French. The switch is a POST: a link must not change what others see when followed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

NAMES: Final = {"fr": "Français", "de": "Deutsch", "en": "English"}
"""Each language in its own words, in the order of the switch."""
A_YEAR_S: Final = 365 * 24 * 3600


def chosen(request: HttpRequest) -> str:
    """The language of this request: one of `NAMES`."""
    kept = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if kept in NAMES:
        return kept
    preferred = getattr(getattr(request, "actor", None), "language", "")
    if preferred in NAMES and getattr(request.actor, "person_id", None) is not None:  # type: ignore[attr-defined]
        return str(preferred)
    asked = translation.get_language_from_request(request)[:2]
    return asked if asked in NAMES else settings.LANGUAGE_CODE[:2]


class LanguageMiddleware:
    """Activates the language. Stands after the session and the actor, before everything that writes words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = chosen(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        response.headers.setdefault("Content-Language", language)
        return response


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """POST `language` (fr, de, en) and `next` (a page of this site): keeps the choice, goes back there."""
    language = request.POST.get("language", "")
    if language not in NAMES:
        return HttpResponseBadRequest(
            gettext("This language is not available. Choose French, German or English.")
        )
    target = request.POST.get("next") or request.headers.get("Referer") or "/"
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = HttpResponseRedirect(target)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=A_YEAR_S,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response
