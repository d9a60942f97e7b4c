"""A request as the handlers see it: its parts read when they are asked for, refused with ETSI's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings

from belvedere.domains.context.public import context_document
from belvedere.faces.ngsi_ld.callers import Caller
from belvedere.kernel.errors import N_, BelvedereError, TooLarge
from belvedere.standards.ngsi_ld.contexts import Context
from belvedere.standards.ngsi_ld.problems import BadRequestData, InvalidRequest
from belvedere.standards.ngsi_ld.reading import read_context, take_context
from belvedere.standards.ngsi_ld.words import parse_json

JSON, LD_JSON, GEO_JSON = "application/json", "application/ld+json", "application/geo+json"
MERGE_PATCH = "application/merge-patch+json"
#: Every parameter that NGSI-LD knows somewhere; another one is refused (6.3.20).
PARAMETERS = frozenset(
    {
        *(
            "id",
            "idPattern",
            "type",
            "attrs",
            "pick",
            "omit",
            "q",
            "scopeQ",
            "csf",
            "datasetId",
            "local",
            "via",
        ),
        *("georel", "geometry", "coordinates", "geoproperty", "geometryProperty", "expandValues", "jsonKeys"),
        *("limit", "offset", "count", "orderBy", "collation", "options", "format", "sysAttrs", "lang"),
        *("join", "joinLevel", "containedBy", "observedAt", "deleteAll", "drop", "keep", "details"),
        *("timerel", "timeAt", "endTimeAt", "timeproperty", "lastN", "aggrMethods", "aggrPeriodDuration"),
        *("kind", "reload"),
    }
)


class UnsupportedMedia(BelvedereError):
    """A body in a form that is not read here."""

    status = 415
    default_code = "unsupported_media_type"


class NotAcceptable(BelvedereError):
    """An answer is wanted in a form that is not written here."""

    status = 406
    default_code = "not_acceptable"


class Call:
    """One request. `parameters`: those of the query, the last of a name."""

    __slots__ = ("_parameters", "accept", "caller", "environ", "method", "path", "request_id", "sent")

    def __init__(self, environ: dict[str, Any], caller: Caller, path: str) -> None:
        self.environ = environ
        self.caller = caller
        self.method: str = environ["REQUEST_METHOD"]
        self.path = path
        self.accept = ""
        self.request_id = ""
        self.sent: Any = None  # the body, once it was read
        self._parameters: dict[str, str] | None = None

    @property
    def parameters(self) -> Mapping[str, str]:
        if self._parameters is None:
            query = self.environ.get("QUERY_STRING", "")
            self._parameters = dict(parse_qsl(query, keep_blank_values=True)) if query else {}
            if unknown := sorted(self._parameters.keys() - PARAMETERS):
                raise InvalidRequest(N_("NGSI-LD has no parameter {names}."), names=unknown)
        return self._parameters

    @property
    def link(self) -> str | None:
        return self.environ.get("HTTP_LINK") or None

    @property
    def content_type(self) -> str:
        """The media type of the body, without its parameters."""
        return str(self.environ.get("CONTENT_TYPE", "")).partition(";")[0].strip().lower()

    def flag(self, name: str) -> bool:
        """Whether a parameter says true."""
        return self.parameters.get(name, "").lower() == "true"

    def options(self) -> list[str]:
        """The words of `options`."""
        return [one.strip() for one in self.parameters.get("options", "").split(",") if one.strip()]

    def raw(self) -> bytes:
        """The bytes of the body; refused when there are too many."""
        environ = self.environ
        try:
            length = int(environ.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if length > most:
            raise TooLarge(N_("A body of {most} bytes at most is taken. Send less at once."), most=most)
        stream = environ["wsgi.input"]
        if length:
            return bytes(stream.read(length))
        if environ.get("HTTP_TRANSFER_ENCODING"):
            read = bytes(stream.read(most + 1))
            if len(read) > most:
                raise TooLarge(N_("A body of {most} bytes at most is taken. Send less at once."), most=most)
            return read
        return b""

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            UnsupportedMedia: it says that it is something else.
            InvalidRequest: it is not JSON in UTF-8.
        """
        known = (JSON, LD_JSON, MERGE_PATCH) if self.method == "PATCH" else (JSON, LD_JSON)
        if self.content_type not in known:
            raise UnsupportedMedia(N_("Send the body as one of: {known}."), known=list(known))
        self.sent = parse_json(self.raw())
        return self.sent

    def body(self) -> tuple[dict[str, Any], Context]:
        """The body and the context to read it with (6.3.5)."""
        found = self.json()
        if found == []:
            raise InvalidRequest(N_("The body is an empty list: it says nothing."))
        return take_context(found, self.link, self.content_type, context_document)

    def bodies(self) -> list[Any]:
        """The body of a batch: a list of objects."""
        found = self.json()
        if not isinstance(found, list) or not found:
            raise BadRequestData(N_("The body must be a JSON array with at least one entry."))
        if self.content_type == LD_JSON and self.link:
            raise BadRequestData(
                N_("With application/ld+json each entity holds its @context: leave the Link header out.")
            )
        return found

    def context(self) -> Context:
        """The context of a request without a body."""
        return read_context(self.link, context_document)
