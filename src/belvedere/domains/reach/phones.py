"""Telephone numbers as networks take them (ITU-T E.164): a plus, the country, the rest; 15 digits at most."""

from __future__ import annotations

import re

from belvedere.domains.reach.errors import BadWishes
from belvedere.kernel.errors import N_

_E164 = re.compile(r"\+[1-9][0-9]{7,14}\Z")


def checked_phone(typed: str) -> str:
    """The number as it is rung, "+41791234567"; "" for none. BadWishes says how to write it.

    A number without its country is refused rather than guessed: beside a border it would ring a stranger.
    """
    text = re.sub(r"[\s().\-/\u00a0]", "", typed)
    if not text:
        return ""
    # "(0)" is written after the country by many; no network takes it.
    if "(0)" in typed and text.startswith(("+", "00")):
        text = re.sub(r"[\s.\-/\u00a0]", "", typed).replace("(0)", "")
    if text.startswith("00"):
        text = "+" + text[2:]
    if not _E164.match(text):
        raise BadWishes(
            N_("Write the number with its country, as in +41 79 123 45 67 or +33 6 12 34 56 78."),
            field="phone",
        )
    return text


def rung(kept: str) -> str:
    """The number of an account as it is rung; "" where it has none that can be rung."""
    try:
        return checked_phone(kept)
    except BadWishes:
        return ""
