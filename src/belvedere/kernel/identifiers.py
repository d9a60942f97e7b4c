"""Identifiers: unique everywhere, sortable by creation, safe to show."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
import unicodedata
from itertools import filterfalse
from uuid import UUID


def new_id() -> UUID:
    """A UUID version 7 (RFC 9562): 48 bits of milliseconds, then 74 random bits."""
    random = secrets.randbits(74)
    value = (time.time_ns() // 1_000_000) << 80
    value |= 0x7 << 76
    value |= (random >> 62) << 64
    value |= 0b10 << 62
    value |= random & ((1 << 62) - 1)
    return UUID(int=value)


def slugify(text: str, *, longest: int = 60) -> str:
    """`text` as a path segment: lower-case letters without accents, digits and single hyphens."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("œ", "oe")).encode(
        "ascii", "ignore"
    )
    return re.sub(r"[^a-z0-9]+", "-", plain.decode().lower()).strip("-")[:longest].strip("-")


def fold(text: str) -> str:
    """`text` for comparison: no accents, no case, no punctuation, single spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    letters = "".join(filterfalse(unicodedata.combining, plain))
    return " ".join(re.sub(r"[^\w]+|_", " ", letters).split())


def natural_key(text: str) -> str:
    """`text` to sort by, as people count: EP-2 before EP-10, EP-02 beside EP-2, in any case of letters.

    Each number is written without zeros in front and after its length, so that letters sort as numbers do.
    """
    return re.sub(r"[0-9]+", lambda found: _counted(found.group().lstrip("0") or "0"), fold(text))


def _counted(digits: str) -> str:
    return f"{len(digits):02d}{digits}"


def sha256(data: bytes) -> str:
    """Hexadecimal SHA-256 of `data`."""
    return hashlib.sha256(data).hexdigest()
