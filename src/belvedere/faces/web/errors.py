"""The one place where errors become pages: translated, with the right status and what to do."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext

from belvedere.kernel.errors import N_, BelvedereError, Refused

TITLES = {
    400: N_("This request could not be read"),
    401: N_("Sign in to go on"),
    403: N_("This is not open to you"),
    404: N_("There is no such page"),
    409: N_("Something changed meanwhile"),
    413: N_("This is too much at once"),
    422: N_("Something needs to be corrected"),
    429: N_("Too many attempts in a short time"),
    500: N_("Something went wrong on our side"),
    503: N_("A part of the platform does not answer"),
}


def sentence(error: BelvedereError) -> str:
    """The error's sentence in the reader's language."""
    return error.sentence(gettext(error.message))


def translated(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Turn a domain error that no view caught into a page, a fragment or JSON."""

    return _Translator(get_response)


class _Translator:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return response_to(request, error) if isinstance(error, BelvedereError) else None


def response_to(request: HttpRequest, error: BelvedereError) -> HttpResponse:
    """The answer to `error`, in the form the caller asked for."""
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"code": error.code, "message": sentence(error)}, status=error.status)
    is_fragment = bool(request.headers.get("HX-Request"))
    if isinstance(error, Refused) and not request.user.is_authenticated and not is_fragment:
        return redirect_to_login(request.get_full_path())
    return _page(request, error.status, sentence(error), fragment=is_fragment)


def _page(
    request: HttpRequest, status: int, message: str = "", *, fragment: bool = False, again: str = ""
) -> HttpResponse:
    template = "errors/fragment.html" if fragment else "errors/page.html"
    title = gettext(TITLES[409] if again else TITLES.get(status, TITLES[400]))
    context = {"title": title, "message": message, "status": status, "again": again}
    return render(request, template, context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 400)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 403)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open while its person signed in or out elsewhere, or one that another site forged."""
    message = gettext(
        "Nothing was changed: you signed in or out since this form was opened. "
        "Open it again; what you typed comes back."
    )
    came = urlsplit(request.headers.get("Referer", ""))
    again = f"{came.path}?{came.query}" if came.query else came.path
    if came.netloc != request.get_host():
        again = "/"
    return _page(request, 403, message, fragment=bool(request.headers.get("HX-Request")), again=again)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 404)


def failed(request: HttpRequest) -> HttpResponse:
    return _page(request, 500)
