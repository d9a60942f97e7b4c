"""The languages of the interface, and the view that changes it.

The switch is a POST: following a link must not change the reader's language.
"""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

NAMES: Final = {"fr": "Français", "de": "Deutsch", "en": "English"}
"""Each language in its own words, in the order of the switch."""
A_YEAR_S: Final = 365 * 24 * 3600


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
