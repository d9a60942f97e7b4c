"""Notifications in a person's browsers: switched on here, tried, removed; the worker that shows them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from belvedere.domains.reach import public as reach
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.access.acting import signed_in
from belvedere.faces.web.pages.reach import words
from belvedere.faces.web.workers import served
from belvedere.kernel.errors import BelvedereError, Refused

WORKER = "belvedere/pages/reach/notifying.js"
#: By what a browser is known in its user agent, the more special ones first.
_MAKES = (
    ("Edg", "Edge"),
    ("SamsungBrowser", "Samsung Internet"),
    ("OPR/", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)


def named(agent: str) -> str:
    """A browser in words, as in “Firefox, Android”; "" for an unknown one."""
    found = (next((name for sign, name in table if sign in agent), "") for table in (_MAKES, _SYSTEMS))
    return ", ".join(one for one in found if one)


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Show notifications in the browser that asks."""
    actor, given = signed_in(request), request.POST
    subscribed = reach.Subscribed(given.get("endpoint", ""), given.get("key", ""), given.get("auth", ""))
    try:
        reach.add_browser(actor=actor, given=subscribed, name=named(request.headers.get("User-Agent", "")))
    except BelvedereError as error:
        return _refused(request, error)
    messages.success(request, gettext("Notifications come to this device from now on. Send one to try it."))
    return redirect("reach:mine")


@require_POST
def try_out(request: HttpRequest, browser_id: UUID) -> HttpResponse:
    """Send a notification that asks for nothing."""
    actor = signed_in(request)
    try:
        outcome = reach.try_browser(
            actor=actor,
            browser_id=browser_id,
            title="Belvédère",
            text=gettext("This is how a notification looks. Nothing is to be done."),
            link=reverse("reach:mine"),
        )
    except BelvedereError as error:
        return _refused(request, error)
    if outcome.wrong is None:
        messages.success(request, gettext("The notification is on its way. Look whether it appears."))
    else:
        messages.warning(request, words.browser_wrong(outcome.wrong))
    return redirect("reach:mine")


@require_POST
def remove(request: HttpRequest, browser_id: UUID) -> HttpResponse:
    """Show nothing there any more."""
    try:
        reach.remove_browser(actor=signed_in(request), browser_id=browser_id)
    except BelvedereError as error:
        return _refused(request, error)
    messages.success(request, gettext("No notification goes to this device any more."))
    return redirect("reach:mine")


def _refused(request: HttpRequest, error: BelvedereError) -> HttpResponse:
    if isinstance(error, Refused):
        raise error
    messages.warning(request, sentence(error))
    return redirect("reach:mine")


@never_cache
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker that shows notifications; browsers ask for it now and then, signed in or not."""
    return served(WORKER, reverse("reach:mine"))
