"""What can go wrong, by the names NGSI-LD gives it (ETSI GS CIM 009, clauses 5.5.2, 5.5.3 and 6.3.2)."""

from __future__ import annotations

from typing import Any, ClassVar

from belvedere.kernel.errors import BelvedereError, Conflict, InvalidInput, NotFound, TooLarge

ERRORS = "https://uri.etsi.org/ngsi-ld/errors/"


class Problem(BelvedereError):
    """An expected failure with a type of ETSI's; `title` names it, `message` is the sentence."""

    name: ClassVar[str] = "InternalError"
    title: ClassVar[str] = "Internal error"

    @property
    def type(self) -> str:
        """The URI of the problem type."""
        return ERRORS + self.name


class InvalidRequest(Problem):
    """The request cannot be read at all (5.5.2)."""

    status, name, title, default_code = 400, "InvalidRequest", "Invalid request", "invalid_request"


class BadRequestData(Problem):
    """The request can be read, and what it says is not NGSI-LD (5.5.2)."""

    status, name, title, default_code = 400, "BadRequestData", "Bad request data", "bad_request_data"


class AlreadyExists(Problem):
    """There is one already (5.5.2)."""

    status, name, title, default_code = 409, "AlreadyExists", "Already exists", "already_exists"


class ResourceNotFound(Problem):
    """There is no such thing, or the caller may not know of it (5.5.2)."""

    status, name, title, default_code = 404, "ResourceNotFound", "Resource not found", "not_found"


class OperationNotSupported(Problem):
    """This is not done here (5.5.2)."""

    status, name, title = 422, "OperationNotSupported", "Operation not supported"
    default_code = "operation_not_supported"


class TooComplexQuery(Problem):
    """The query asks too much at once (5.5.2)."""

    status, name, title, default_code = 403, "TooComplexQuery", "Too complex query", "too_complex_query"


class TooManyResults(Problem):
    """The answer would be too large (5.5.2)."""

    status, name, title, default_code = 403, "TooManyResults", "Too many results", "too_many_results"


class LdContextNotAvailable(Problem):
    """A context the request names cannot be had (5.5.2)."""

    status, name, title = 503, "LdContextNotAvailable", "Context not available"
    default_code = "ld_context_not_available"


class NonexistentTenant(Problem):
    """There is no such tenant (5.5.2)."""

    status, name, title = 404, "NonexistentTenant", "No such tenant"
    default_code = "nonexistent_tenant"


#: How the family of errors of the house is told to those who speak NGSI-LD: name, title, status.
_FAMILY: tuple[tuple[type[BelvedereError], str, str, int], ...] = (
    (NotFound, "ResourceNotFound", "Resource not found", 404),
    (Conflict, "AlreadyExists", "Conflict", 409),
    (InvalidInput, "BadRequestData", "Bad request data", 400),
    (TooLarge, "TooManyResults", "Too large", 413),
)


def details(error: BelvedereError, sentence: str = "") -> dict[str, Any]:
    """The problem details of an error (clause 5.5.3, RFC 9457); `sentence` is its translation, if there is
    one. `status` inside is the status to answer with."""
    text = sentence or error.sentence()
    if isinstance(error, Problem):
        return {"type": error.type, "title": error.title, "detail": text, "status": error.status}
    for family, name, title, status in _FAMILY:
        if isinstance(error, family):
            return {"type": ERRORS + name, "title": title, "detail": text, "status": status}
    title = {403: "Refused", 503: "Unavailable"}.get(error.status, "Not possible")
    return {"type": "about:blank", "title": title, "detail": text, "status": error.status}
