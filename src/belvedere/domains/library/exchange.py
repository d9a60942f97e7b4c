"""The file that carries a library from one instance to another: JSON, with the version of its schema."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from belvedere.domains.library import facts
from belvedere.domains.library.errors import NotALibrary
from belvedere.domains.library.facts import Facts
from belvedere.kernel.errors import N_

FORMAT = "belvedere-library"
LARGEST_FILE = 20_000_000  # bytes
MOST_CARDS = 20_000


@dataclass(frozen=True, slots=True)
class Document:
    instance: str
    cards: tuple[Facts, ...]


def written(cards: Sequence[Facts], *, instance: str, at: datetime) -> bytes:
    """The file; the cards by their source, so that the same library gives the same file but for its hour."""
    content = {
        "format": FORMAT,
        "schema": facts.SCHEMA,
        "instance": instance,
        "exported_at": at.isoformat(timespec="seconds"),
        "measures": [facts.written(one) for one in sorted(cards, key=lambda one: str(one.source_id))],
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def read(content: bytes) -> Document:
    """The cards of a file.

    Raises:
        NotALibrary: not JSON, not of this format, of another schema, or a measure of it is wrong.
    """
    if len(content) > LARGEST_FILE:
        raise NotALibrary(N_("This file is larger than 20 MB. Export fewer measures."), field="file")
    try:
        given = json.loads(content)
    except (ValueError, RecursionError):
        raise _not(N_("This file is not a library: it is not JSON.")) from None
    if not isinstance(given, dict) or given.get("format") != FORMAT:
        raise _not(N_("This file is not a library: export one from the library of the other platform."))
    if given.get("schema") != facts.SCHEMA:
        raise NotALibrary(
            N_("This library is of version {given}; this platform reads version {known}."),
            given=str(given.get("schema"))[:20],
            known=facts.SCHEMA,
            field="file",
        )
    instance, rows = given.get("instance"), given.get("measures")
    if not isinstance(instance, str) or not 0 < len(instance.strip()) <= 200 or "\x00" in instance:
        raise _not(N_("This library does not say which platform it comes from."))
    if not isinstance(rows, list) or len(rows) > MOST_CARDS:
        raise _not(N_("This library has no list of measures, or more than 20,000."))
    cards = tuple(facts.read(row) for row in rows)
    return Document(instance.strip(), tuple({one.source_id: one for one in cards}.values()))


def _not(sentence: str) -> NotALibrary:
    return NotALibrary(sentence, field="file")
