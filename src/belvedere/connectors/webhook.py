"""The door at which network servers call: one address for each connection, with its secret as bearer token.

Answered 204 only once the uplink is on the disk of the bus; 503 asks to send it again.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from belvedere.connectors.receiving import Read, receive
from belvedere.domains.connections.public import System, admit
from belvedere.kernel.errors import N_, BelvedereError, Refused, TooLarge

MOST_BYTES = 256 * 1024


def door(system: System, read: Read) -> Callable[..., HttpResponse]:
    """The view of a kind of network server."""

    @csrf_exempt
    @never_cache
    @require_POST
    def called(request: HttpRequest, connection_id: UUID) -> HttpResponse:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        try:
            line = admit(connection_id, system, secret.strip() if scheme.lower() == "bearer" else "")
            length = request.headers.get("Content-Length") or "0"
            if not (length.isascii() and length.isdigit()) or int(length[:12]) > MOST_BYTES:
                raise TooLarge(N_("An event has {most} bytes at most."), most=MOST_BYTES)
            receive(line, read, request.body)
        except BelvedereError as error:
            return _problem(error)
        return HttpResponse(status=204)

    return called


def _problem(error: BelvedereError) -> JsonResponse:
    status = 401 if isinstance(error, Refused) else error.status
    told = {"code": error.code, "detail": error.sentence(gettext(error.message))}
    answer = JsonResponse(told, status=status)
    if status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    return answer
