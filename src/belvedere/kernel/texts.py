"""Texts kept in several languages, as `{"fr": …, "de": …}`. Not for translating what the program says."""

from __future__ import annotations

from collections.abc import Mapping


def text_in(texts: Mapping[str, str], language: str) -> str:
    """The text in `language`, else the first one that says something; "" when none does."""
    return texts.get(language) or next((text for text in texts.values() if text), "")


__all__ = ["text_in"]
