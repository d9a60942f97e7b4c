"""The door itself: a WSGI application for everything under `/ngsi-ld/v1/`."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connection, connections
from django.utils import translation
from django.utils.translation import gettext

from belvedere.faces.ngsi_ld.answers import STATUS, Answer, Header, plain
from belvedere.faces.ngsi_ld.callers import SAFE, caller_of
from belvedere.faces.ngsi_ld.calls import Call
from belvedere.faces.ngsi_ld.reads import note_read
from belvedere.faces.ngsi_ld.routes import Handlers, route
from belvedere.kernel.errors import N_, BelvedereError, Unavailable
from belvedere.kernel.identifiers import new_id
from belvedere.standards.ngsi_ld.problems import ResourceNotFound, details

ROOT = "/ngsi-ld/v1/"
StartResponse = Callable[[str, list[Header]], Any]
Measured = Callable[[str, str, int, float], None]
log = logging.getLogger(__name__)
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_READ_BY_POST = frozenset({"entityOperations/query", "temporal/entityOperations/query"})


class Door:
    """`Door(measured)(environ, start_response)`; `measured(name, method, status, seconds)` counts."""

    def __init__(self, measured: Measured | None = None) -> None:
        self._measured = measured

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        began = time.perf_counter()
        given = environ.get("HTTP_X_REQUEST_ID", "")
        request_id = given if given and _REQUEST_ID.fullmatch(given) else str(new_id())
        method: str = environ["REQUEST_METHOD"]
        name = "ngsi_ld"
        try:
            name, answer = answered(environ, method, request_id)
        except BelvedereError as error:
            answer = problem(error, environ)
        except (OperationalError, InterfaceError):
            log.exception("the database does not answer at %s %s", method, environ["PATH_INFO"])
            connection.close()
            answer = problem(
                Unavailable(N_("The database does not answer. Nothing was changed; try again in a moment.")),
                environ,
            )
        except Exception:
            log.exception("a fault at %s %s", method, environ["PATH_INFO"])
            answer = fault()
        if self._measured is not None:
            self._measured(name, method, answer.status, time.perf_counter() - began)
        body = b"" if method == "HEAD" else answer.body
        headers: list[Header] = [
            *answer.headers,
            ("X-Request-Id", request_id),
            ("Vary", "Authorization, Accept, NGSILD-Tenant"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        if answer.status != 204:
            headers.append(("Content-Length", str(len(answer.body))))
        tenant = environ.get("HTTP_NGSILD_TENANT", "")
        if tenant and tenant.isascii() and tenant.isprintable():
            headers.append(("NGSILD-Tenant", tenant))
        start_response(STATUS[answer.status], headers)
        return [body]


def answered(environ: dict[str, Any], method: str, request_id: str) -> tuple[str, Answer]:
    """The answer to a request and the name of what answered."""
    path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")[len(ROOT) :]
    handlers, groups = route(path)
    if handlers is None:
        raise ResourceNotFound(N_("There is nothing at this address."))
    handler = handlers.get("GET" if method == "HEAD" else method)
    if handler is None:
        return handlers.name, _other(handlers, method)
    _refresh()
    writes = method not in SAFE and path.strip("/") not in _READ_BY_POST
    caller = caller_of(environ, writes=writes)
    call = Call(environ, caller, path)
    call.request_id = request_id
    _ = call.parameters  # one that is not known is refused, whatever the handler reads (6.3.20)
    answer = handler(call, *groups)
    if not writes and caller.actor.token_id is not None:
        note_read(call)
    if not caller.audience.everything and caller.actor.person_id is None and method in SAFE:
        # Pages of others may read what everyone may read; a token never comes from there.
        answer.headers = [*answer.headers, ("Access-Control-Allow-Origin", "*")]
    return handlers.name, answer


def _other(handlers: Handlers, method: str) -> Answer:
    allowed = ", ".join(sorted({*handlers, "OPTIONS", *(["HEAD"] if "GET" in handlers else [])}))
    if method == "OPTIONS":
        headers = [("Allow", allowed), ("Access-Control-Allow-Origin", "*")]
        headers.append(("Access-Control-Allow-Headers", "Accept, Link, NGSILD-Tenant"))
        headers.append(("Access-Control-Allow-Methods", "GET, HEAD"))
        if "PATCH" in handlers:
            headers.append(
                ("Accept-Patch", "application/json, application/ld+json, application/merge-patch+json")
            )
        return Answer(204, b"", headers)
    text = gettext("This address takes: %(verbs)s.") % {"verbs": allowed}
    content = {"type": "about:blank", "title": "Method not allowed", "detail": text, "status": 405}
    answer = plain(content, status=405, headers=[("Allow", allowed)])
    answer.headers = [("Content-Type", "application/problem+json"), ("Allow", allowed)]
    return answer


def _refresh() -> None:
    """Let go of a connection that broke or is too old; ask a good one nothing. Never amid a transaction of
    who calls the door."""
    here = connections[DEFAULT_DB_ALIAS]
    if here.connection is None or here.in_atomic_block:
        return
    if here.errors_occurred or (here.close_at is not None and time.monotonic() >= here.close_at):
        here.close_if_unusable_or_obsolete()
    here.health_check_done = True  # type: ignore[attr-defined]


def problem(error: BelvedereError, environ: dict[str, Any]) -> Answer:
    """An expected failure, in ETSI's words and the caller's language."""
    with translation.override(translation.get_language_from_request(WSGIRequest(environ))):
        sentence = error.sentence(gettext(error.message))
    content = details(error, sentence)
    status = int(content["status"])
    headers: list[Header] = []
    if status == 401:
        headers.append(("WWW-Authenticate", 'Bearer realm="belvedere"'))
    if status == 429:
        headers.append(("Retry-After", "60"))
    answer = plain(content, status=status)
    answer.headers = [("Content-Type", "application/problem+json"), *headers]
    return answer


def fault() -> Answer:
    """A fault of ours; the caller learns that it is not theirs."""
    content = {
        "type": "https://uri.etsi.org/ngsi-ld/errors/InternalError",
        "title": "Internal error",
        "detail": gettext("Something went wrong on our side; nothing was changed. Try again in a moment."),
        "status": 500,
    }
    answer = plain(content, status=500)
    answer.headers = [("Content-Type", "application/problem+json")]
    return answer
