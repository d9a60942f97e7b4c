"""Errors of the interface as problem documents (RFC 9457), translated once."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext
from ninja.errors import HttpError, ValidationError

from belvedere.domains.plans.errors import ChangedMeanwhile
from belvedere.kernel.errors import N_, BelvedereError

Raised = Any  # ninja calls with the error, though it says that it may be its class
log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: N_("This request could not be read"),
    401: N_("A token is needed"),
    403: N_("This is not open to you"),
    404: N_("There is no such thing here"),
    405: N_("This address does not take this verb"),
    409: N_("The present state does not allow this"),
    412: N_("Someone changed this meanwhile"),
    413: N_("This is too much at once"),
    422: N_("Something needs to be corrected"),
    428: N_("Say which version you change"),
    429: N_("Too many requests in a short time"),
    500: N_("Something went wrong on our side"),
    503: N_("A part of the platform does not answer"),
}


class TokenNeeded(BelvedereError):
    """Nobody in particular asks for what only some may do."""

    status = 401
    default_code = "token_needed"


class VersionNeeded(BelvedereError):
    """A change without `If-Match`: it might undo somebody else's."""

    status = 428
    default_code = "version_needed"


def problem(status: int, code: str, detail: str, **more: Any) -> HttpResponse:
    """The document of one error. `more` are further members, such as `errors`."""
    content = {
        "type": "about:blank",
        "title": gettext(TITLES.get(status, TITLES[400])),
        "status": status,
        "detail": detail,
        "code": code,
        **more,
    }
    answer = JsonResponse(content, status=status, content_type=MEDIA_TYPE)
    if status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="belvedere"'
    return answer


def of_domain(request: HttpRequest, error: Raised) -> HttpResponse:
    """A domain error; what moved since it was read is a failed precondition here."""
    assert isinstance(error, BelvedereError)
    status = 412 if isinstance(error, ChangedMeanwhile) else error.status
    field = error.data.get("field")
    more = {"errors": [{"path": str(field), "message": _sentence(error)}]} if field else {}
    return problem(status, error.code, _sentence(error), **more)


def _sentence(error: BelvedereError) -> str:
    return error.sentence(gettext(error.message))


def of_validation(request: HttpRequest, error: Raised) -> HttpResponse:
    assert isinstance(error, ValidationError)
    errors = [
        {"path": ".".join(str(part) for part in one["loc"]), "message": str(one["msg"])}
        for one in error.errors
    ]
    detail = gettext("Some values cannot be taken: see “errors”. Nothing was changed.")
    return problem(422, "invalid_input", detail, errors=errors)


def of_http(request: HttpRequest, error: Raised) -> HttpResponse:
    assert isinstance(error, HttpError)
    return problem(error.status_code, "unreadable", gettext("The body is not JSON in UTF-8. Correct it."))


def of_too_much(request: HttpRequest, error: Raised) -> HttpResponse:
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20
    detail = gettext("More than %(most)s MB came at once; nothing was changed. Send less.") % {"most": most}
    return problem(413, "too_much", detail)


def of_fault(request: HttpRequest, error: Raised) -> HttpResponse:
    """A fault of ours: it is logged; the caller learns that it is not theirs."""
    log.error("a fault at %s %s", request.method, request.path, exc_info=error)
    detail = gettext("Something went wrong on our side; nothing was changed. Try again in a moment.")
    return problem(500, "fault", detail)


def no_such_address(request: HttpRequest, error: Any = None) -> HttpResponse:
    detail = gettext("There is nothing at this address. See /api/v1/ for those there are.")
    return problem(404, "no_such_address", detail)


def no_such_verb(allowed: str) -> HttpResponse:
    answer = problem(405, "no_such_verb", gettext("This address takes: %(verbs)s.") % {"verbs": allowed})
    answer["Allow"] = allowed
    return answer
