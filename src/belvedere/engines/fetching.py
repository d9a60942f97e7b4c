"""What an address of somebody else's holds, fetched whole: redirects followed a few times and each address
checked as if it had been typed, unpacked, within bounds of size and time, and only if it changed.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from belvedere.engines.outgoing import Document, Line, Unreachable
from belvedere.kernel.errors import N_, TooLarge

MOST_BYTES = 8_000_000
MOST_REDIRECTS = 3
WHOLE_S = 30.0
REDIRECTS = frozenset({301, 302, 303, 307, 308})
GZIP_OR_ZLIB = 47  # the window bits that let zlib find out which


@dataclass(frozen=True, slots=True)
class Mark:
    """By what a server knows whether its answer changed; both empty: it says nothing."""

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """`body` None: nothing changed since `mark`."""

    body: bytes | None
    mark: Mark


class Unhappy(Unreachable):
    """It answered, but not with what was asked. `data["wait_s"]`: for how long it asked to be left alone."""

    default_code = "unhappy_answer"


def fetch(
    url: str,
    *,
    secret: Mapping[str, str] | None = None,
    mark: Mark | None = None,
    most_bytes: int = MOST_BYTES,
    whole_s: float = WHOLE_S,
) -> Fetched:
    """What is at `url`. `secret`: headers for its server alone; another one it points at does not get them.

    Raises:
        AddressRefused: it, or where it points, leads inside the house.
        Unreachable: no answer, not whole or not in time; Unhappy: an answer that is none.
        TooLarge: more than `most_bytes`, packed or unpacked.
    """
    until = time.monotonic() + whole_s
    first, known = origin(url), mark or Mark()
    for _turn in range(MOST_REDIRECTS + 1):
        left = until - time.monotonic()
        if left <= 0:
            break
        own = (secret or {}) if origin(url) == first else {}
        headers = {"Accept": "*/*", "Accept-Encoding": "gzip", "Connection": "close", **_since(known), **own}
        document = Line(url, whole_s=left).get(headers, most_bytes=most_bytes)
        if document.status not in REDIRECTS:
            return _answer(document, known, most_bytes)
        url = urljoin(url, document.headers.get("location", ""))
    raise Unreachable(N_("The address points from one place to the next and never arrives."))


def origin(url: str) -> tuple[str, str]:
    """What makes two addresses those of one server: scheme, and name with port."""
    parts = urlsplit(url)
    return (parts.scheme, parts.netloc.lower())


def _since(mark: Mark) -> dict[str, str]:
    found = {"If-None-Match": mark.etag, "If-Modified-Since": mark.modified}
    return {name: value for name, value in found.items() if value}


def _answer(document: Document, known: Mark, most_bytes: int) -> Fetched:
    if document.status == 304:
        return Fetched(None, known)
    if document.status != 200:
        wait = document.headers.get("retry-after", "")
        raise Unhappy(
            N_("The server answered {status}."),
            status=document.status,
            wait_s=int(wait) if wait.isascii() and wait.isdigit() and len(wait) < 7 else 0,
        )
    body = _unpacked(document, most_bytes)
    mark = Mark(_plain(document.headers.get("etag", "")), _plain(document.headers.get("last-modified", "")))
    return Fetched(body, mark)


def _plain(header: str) -> str:
    """A header as it may be sent back and kept; nothing of one that is odd."""
    return header if len(header) <= 200 and header.isascii() and header.isprintable() else ""


def _unpacked(document: Document, most_bytes: int) -> bytes:
    packed = document.headers.get("content-encoding", "").strip().lower()
    if packed in ("", "identity"):
        return document.body
    if packed not in ("gzip", "x-gzip", "deflate"):
        raise Unreachable(N_("The answer is packed in a way that is not known here: {how}."), how=packed[:40])
    unpacking = zlib.decompressobj(GZIP_OR_ZLIB)
    try:
        body = unpacking.decompress(document.body, most_bytes + 1)
    except zlib.error as error:
        raise Unreachable(N_("The answer cannot be unpacked.")) from error
    if len(body) > most_bytes:
        raise TooLarge(N_("The answer is longer than {most} MB."), most=most_bytes // 1_000_000)
    if not unpacking.eof:
        raise Unreachable(N_("The answer broke off halfway."))
    return body
