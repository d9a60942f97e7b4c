"""Which handler answers at which address (clause 6.2).

An identifier or a name may be a URL, whose slashes the server has decoded: so an address is read from both
its ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from belvedere.faces.ngsi_ld import entities
from belvedere.faces.ngsi_ld.answers import Answer

Handler = Callable[..., Answer]


class Handlers(dict[str, Handler]):
    """What an address takes, by method; `name` is that of its counts."""

    def __init__(self, name: str, **by_method: Handler) -> None:
        super().__init__(by_method)
        self.name = f"ngsi_ld:{name}"


_ONE_ENTITY = Handlers(
    "entity",
    GET=entities.retrieve,
)
_FIXED: dict[str, Handlers] = {
    "entities": Handlers("entities", POST=entities.create),
}
_PATTERNS: list[tuple[re.Pattern[str], Handlers]] = [
    (re.compile(r"entities/(.+)"), _ONE_ENTITY),
]


def route(path: str) -> tuple[Handlers | None, tuple[Any, ...]]:
    """The handlers of an address (below the root) and the parts of it that vary; None where there is none."""
    found = _FIXED.get(path) or _FIXED.get(path.rstrip("/"))
    if found is not None:
        return found, ()
    for pattern, handlers in _PATTERNS:
        match = pattern.fullmatch(path)
        if match is not None:
            return handlers, match.groups()
    return None, ()
