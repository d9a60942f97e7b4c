"""What the journal kept of an entry that is followed on a measure, told in one line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from belvedere.domains.territory.public import name_in
from belvedere.faces.web import formats
from belvedere.kernel.money import Kind, Money, Vat

PARTS = frozenset(
    {
        "link", "actor", "milestone", "quantity", "risk", "decision", "document", "effect", "value",
        "commitment", "payment",
    }
)  # fmt: skip
# In the order they are told; identifiers and codes are for undoing, not for reading.
_TOLD = (
    "title", "description", "names", "body", "dated", "planned", "forecast", "actual", "realised", "value",
    "baseline", "baseline_on", "target", "target_on", "probability", "impact", "mitigation", "closed_on",
    "file_name", "version", "note", "source", "comment", "since", "until", "reference", "label", "amount",
)  # fmt: skip
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MONEY = re.compile(r"^(-?[\d.]+) ([A-Z]{3})(?:, VAT (\w+))?, (?:prices of (\S+)|nominal)$")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
LONGEST = 160


def is_followed(name: str) -> bool:
    return name.split(".")[0] in PARTS


def told(value: Mapping[str, Any], language: str) -> str:
    """The entry's texts, days and numbers in the reader's language; "…" where it bears only codes."""
    has_kind = bool(value.get("amount") and value.get("currency"))
    parts = [
        _one(value[name], language) for name in _TOLD if name in value and not (has_kind and name == "amount")
    ]
    if has_kind:
        kind = Kind(value["currency"], Vat(value.get("vat", "unknown")), value.get("price_base", ""))
        parts.append(formats.money(Money(Decimal(value["amount"]), kind)))
    shown = " · ".join(part for part in parts if part) or "…"
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"


def _one(value: Any, language: str) -> str:
    if isinstance(value, dict):
        return name_in(value, language)
    text = str(value)
    if money := _MONEY.match(text):
        number, currency, vat, month = money.groups()
        return formats.money(Money(Decimal(number), Kind(currency, Vat(vat or "unknown"), month or "")))
    if _DAY.fullmatch(text):
        return formats.day(date.fromisoformat(text))
    if _NUMBER.fullmatch(text):
        return formats.number(Decimal(text).normalize())
    return text
