"""What a person decided on the rows of a draft. Values only, no Django."""

from __future__ import annotations

from typing import Any

import msgspec

NEW = "new"


class Decisions(msgspec.Struct):
    """`cells`: "line:field" → the text to read instead (empty: nothing). `words`: "field:folded word" →
    what it means ("new": create it). `groups`: "code:field" of a kind of problem → "fix" or "keep", for all
    rows alike. `sides`: line → "sheet" or "belvedere" where both changed. `left_out`: lines not to take.
    """

    cells: dict[str, str] = {}
    words: dict[str, str] = {}
    groups: dict[str, str] = {}
    sides: dict[str, str] = {}
    left_out: list[int] = []

    def cell(self, line: int, field: str) -> str | None:
        return self.cells.get(f"{line}:{field}")

    def word(self, field: str, word: str) -> str | None:
        return self.words.get(f"{field}:{word}")


def to_plain(decisions: Decisions) -> dict[str, Any]:
    made: dict[str, Any] = msgspec.to_builtins(decisions)
    return made


def from_plain(value: Any) -> Decisions:
    return msgspec.convert(value or {}, Decisions)
