"""Service workers: their scripts are built with the others, and stand under the addresses they look after."""

from __future__ import annotations

from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpResponse

from belvedere.kernel.errors import N_, NotFound


def served(built: str, scope: str) -> HttpResponse:
    """The script `built` (below the static files), for the addresses that begin with `scope`."""
    found = finders.find(built)
    if not isinstance(found, str):
        raise NotFound(N_("This part of the platform was not built."))
    answer = HttpResponse(Path(found).read_bytes(), content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = scope
    return answer
