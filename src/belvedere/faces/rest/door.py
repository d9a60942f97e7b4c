"""What every operation does the same way: cross-origin reads, conditional answers, problems."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from belvedere.faces.rest import problems
from belvedere.faces.rest.conditions import tagged

View = Callable[..., Any]


def through(view: View) -> View:
    """`view` behind the door. No session is read there, so it needs no protection against forged forms."""

    @wraps(view)
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            return _preflight()
        is_head = request.method == "HEAD"
        if is_head:  # read, answered without its content
            request.method = "GET"
        response: HttpResponse = view(request, *args, **kwargs)
        if response.status_code == 405:
            response = problems.no_such_verb(response.headers.get("Allow", ""))
        if request.method in {"GET", "HEAD"}:
            response = tagged(request, response)
            # Pages of others may read what everyone may read; a token never comes from there.
            if "Authorization" not in request.headers:
                response["Access-Control-Allow-Origin"] = "*"
                response["Access-Control-Expose-Headers"] = "ETag, Link, X-Request-Id"
        is_public = "Authorization" not in request.headers and request.method in {"GET", "HEAD"}
        patch_cache_control(response, no_cache=True, **({"public": True} if is_public else {"private": True}))
        patch_vary_headers(response, ("Authorization", "Accept", "Accept-Language"))
        response["X-Content-Type-Options"] = "nosniff"
        if is_head and not response.streaming:
            response["Content-Length"] = str(len(response.content))
            response.content = b""
        return response

    return csrf_exempt(handle)


def _preflight() -> HttpResponse:
    response = HttpResponse(status=204)
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Methods"] = "GET, HEAD"
    response["Access-Control-Allow-Headers"] = "Accept, Accept-Language, If-None-Match"
    response["Access-Control-Max-Age"] = "86400"
    return response
