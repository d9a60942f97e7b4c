"""Texts kept in several languages, as `{"fr": …, "de": …}`, and texts on their way into a table that a
spreadsheet program opens. Not for translating what the program says."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from belvedere.kernel.errors import N_, BelvedereError

_FORMULA_STARTS = frozenset("=+-@\t\r")


def text_in(texts: Mapping[str, str], language: str) -> str:
    """The text in `language`, else the first one that says something; "" when none does."""
    return texts.get(language) or next((text for text in texts.values() if text), "")


def cell(text: str) -> str:
    """A text that no spreadsheet program takes for a formula: marked as text where it begins like one."""
    return f"'{text}" if text[:1] in _FORMULA_STARTS else text


def tidied(
    holder: Any, longest: Mapping[str, int], error: type[BelvedereError], *, lines: Collection[str] = ()
) -> dict[str, Any]:
    """The texts of `holder` named in `longest`, without what no text holds: spaces at the ends and in rows,
    save in those named in `lines`, which keep theirs.

    Raises:
        error: a text is longer than is kept; `field` names it.
    """
    tidy: dict[str, Any] = {}
    for name, most in longest.items():
        text = getattr(holder, name).replace("\x00", "")
        text = text.strip() if name in lines else " ".join(text.split())
        if len(text) > most:
            raise error(
                N_("This text has {length} characters; {longest} are kept. Shorten it."),
                length=len(text),
                longest=most,
                field=name,
            )
        tidy[name] = text
    return tidy


__all__ = ["cell", "text_in", "tidied"]
