"""What titles and notes say of amounts: unit, currency, VAT. No Django."""

from __future__ import annotations

import re

from belvedere.kernel.identifiers import fold

_MILLION = (
    r"\b(mio|mios|millions?|millionen|milioni|millones|mchf|meur|musd|mgbp|m (?:chf|eur|usd|gbp|fr))\b"
    r"|M\s?[€$£]|[€$£]\s?M\b|[$£€]m\b|\bM\.?\s?(?:CHF|Fr)"
)
_THOUSAND = (
    r"\b(milliers?|tsd|tausend|thousands?|migliaia|miles de|kchf|keur|kusd|kgbp|tchf|teur|tusd|tfr"
    r"|1 ?000 (?:chf|fr|eur|usd|gbp)|(?:chf|fr|eur|usd|gbp) 1 ?000|000 ?s)\b"
    r"|\b[kKT]\s?[€$£]|\b[kK]\s?(?:CHF|EUR|USD|GBP|Fr)|[€$£]\s?['’]?000\b|[€$£]\s?[kK]\b|\(\s*['’]?000s?\s*\)"
    r"|['’]000\b|\b(?:USD|GBP|CHF|EUR)\s?['’]?000\b|\bT(?:CHF|EUR|€)"
)
_ONE = (
    r"\b(en francs|in franken|en euros|in euro|(?:en|in) (?:chf|eur|usd|gbp)|in (?:us )?dollars|in pounds)\b"
    r"|\(\s*(?:€|CHF|EUR|USD|GBP|\$|£|Fr\.?)\s*\)|^\s*en €"
)
_UNITS = ((re.compile(_MILLION), 1_000_000), (re.compile(_THOUSAND), 1000), (re.compile(_ONE), 1))
_VAT = (
    (
        re.compile(
            r"\b(ht|hors taxes?|hors tva|exkl|exkl mwst|ohne mwst|excl vat|h t|iva esclusa|sin iva)\b"
        ),
        "excluded",
    ),
    (
        re.compile(
            r"\b(ttc|tva comprise|tva incluse|inkl|inkl mwst|mit mwst|incl vat|t t c"
            r"|iva inclusa|con iva|iva incluido)\b"
        ),
        "included",
    ),
)
_CURRENCIES = (
    (re.compile(r"chf|\bfr\b|\bfrancs?\b|\bfranken\b|\bfranchi\b", re.I), "CHF"),
    (re.compile(r"€|\b[kmt]?eur(?:os?)?\b", re.I), "EUR"),
    (re.compile(r"\$|\b[kmt]?usd\b|\bdollars?\b", re.I), "USD"),
    (re.compile(r"£|\b[kmt]?gbp\b|\bpounds?\b|\bsterling\b", re.I), "GBP"),
)


def unit_in(text: str) -> int | None:
    """1, 1000 or 1000000 where the words say so."""
    return next((unit for at, unit in _UNITS if at.search(text) or at.search(fold(text))), None)


def vat_in(text: str) -> str | None:
    return next((vat for at, vat in _VAT if at.search(fold(text))), None)


def currency_in(text: str) -> str | None:
    return next((code for at, code in _CURRENCIES if at.search(text)), None)


_AT_END = re.compile(
    r"\b(mio|chf|eur|usd|gbp|euros?|francs?|franken|dollars?|[mkt]chf|[mkt]eur|[mk]usd|ht|ttc|en|in|millions?|millionen"
    r"|milliers?|thousands?|tsd|fr|mios|de|of|000s?|exkl|inkl|mwst)\b$"
)
_ANYWHERE = re.compile(r"\b(mio|chf|eur|usd|gbp|mchf|ht|ttc)\b")


def bare_title(header: str) -> str:
    """A title without its unit, currency and VAT words and what stands in brackets."""
    folded = fold(re.sub(r"[(\[].*?[)\]]", " ", header))
    before = ""
    while folded != before:
        before, folded = folded, _AT_END.sub("", folded).strip()
    return _ANYWHERE.sub("", folded).strip() or fold(header)
