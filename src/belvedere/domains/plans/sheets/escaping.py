"""Texts that a spreadsheet would take for formulas, made harmless in a CSV and read back as they were.

A cell that begins with = + - @, a tab or an apostrophe gets an apostrophe in front (OWASP, CSV
injection); the
apostrophe itself is on the list so that every text comes back exactly.
"""

from __future__ import annotations

_RISKY = ("=", "+", "-", "@", "\t", "\r", "'", "＝", "＋", "－", "＠")


def escape(text: str) -> str:
    return "'" + text if text.startswith(_RISKY) else text


def unescape(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(_RISKY) else text
