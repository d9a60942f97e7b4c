"""The addresses of the REST interface: `/api/v1/…`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.decorators.http import require_safe

from belvedere.faces.rest import problems
from belvedere.faces.rest.api import api
from belvedere.faces.rest.document import openapi, operations
from belvedere.faces.rest.door import through


def nothing_here(request: HttpRequest) -> HttpResponse:
    return problems.no_such_address(request)


def _under_version(pattern: URLPattern) -> URLPattern:
    """An operation of the interface, behind the door."""
    return path(f"v1/{pattern.pattern}", through(pattern.callback), name=pattern.name)


app_name = "rest"
urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", require_safe(operations), name="operations"),
    path("v1/openapi.json", through(require_safe(openapi)), name="openapi"),
    *(_under_version(one) for one in api.urls[0] if isinstance(one, URLPattern) and one.name != "api-root"),
    re_path(r"^v1/", through(nothing_here)),
]
