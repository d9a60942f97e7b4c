"""The platform's addresses, and one that fails in each way a page can fail."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import path

from belvedere.kernel.errors import Conflict, InvalidInput, NotFound, Refused, TooLarge, Unavailable
from belvedere.project import urls

FAILURES: dict[str, tuple[int, Exception]] = {
    "unreadable": (400, SuspiciousOperation("bad")),
    "forbidden": (403, PermissionDenied("no")),
    "refused": (403, Refused("Only the owner of “{title}” may change it.", title="Passerelle sur le Rhône")),
    "missing": (404, NotFound("There is no territory “{slug}” here.", slug="nulle-part")),
    "conflict": (409, Conflict("Someone changed this meanwhile. Reload the page, then try again.")),
    "heavy": (413, TooLarge("The file is too large. Nothing was kept.")),
    "wrong": (422, InvalidInput("Choose a role in the organisation.")),
    "broken": (500, RuntimeError("a fault of ours")),
    "silent": (503, Unavailable("The bus does not answer.", permanent=False)),
}


def _failing(error: Exception) -> Callable[[HttpRequest], HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


urlpatterns = [
    *(path(f"failing/{name}/", _failing(error)) for name, (_status, error) in FAILURES.items()),
    *urls.urlpatterns,
]
handler400 = urls.handler400
handler403 = urls.handler403
handler404 = urls.handler404
handler500 = urls.handler500
