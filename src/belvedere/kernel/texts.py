"""Texts kept in several languages, as `{"fr": …, "de": …}`, and texts on their way into a table that a
spreadsheet program opens. Not for translating what the program says."""

from __future__ import annotations

from collections.abc import Mapping

_FORMULA_STARTS = frozenset("=+-@\t\r")


def text_in(texts: Mapping[str, str], language: str) -> str:
    """The text in `language`, else the first one that says something; "" when none does."""
    return texts.get(language) or next((text for text in texts.values() if text), "")


def cell(text: str) -> str:
    """A text that no spreadsheet program takes for a formula: marked as text where it begins like one."""
    return f"'{text}" if text[:1] in _FORMULA_STARTS else text


__all__ = ["cell", "text_in"]
