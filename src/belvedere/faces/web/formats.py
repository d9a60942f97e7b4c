"""Numbers, money, dates in the reader's language (Babel).

Swiss conventions for a Swiss territory (CHF) and French ones for a French territory (EUR) follow from the
currency: a German reader of Valais sees 12.64, a French reader 12,64. Spaces are non-breaking.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final

from babel import Locale
from babel.dates import format_date, format_time, get_month_names
from babel.numbers import format_decimal, format_percent
from django.utils import timezone
from django.utils.translation import get_language, gettext, pgettext

from belvedere.kernel.money import Kind, Money, Vat

NARROW: Final = "\u202f"
HARD: Final = "\u00a0"
MILLION: Final = Decimal(1_000_000)
LOCALES: Final = {"fr": "fr_CH", "de": "de_CH", "en": "en_GB"}


def locale() -> Locale:
    """The Babel locale of the active language."""
    return Locale.parse(LOCALES.get((get_language() or "fr")[:2], "fr_CH"))


def _pattern(decimals: int) -> str:
    return "#,##0" + (f".{'0' * decimals}" if decimals else "")


def number(value: Decimal | int | float, decimals: int | None = None) -> str:
    """A number, grouped. Without `decimals`: whole numbers bare, others with up to two places."""
    return _number(value, decimals, str(locale()))


@lru_cache(maxsize=20_000)  # a list shows the same counts and amounts again and again
def _number(value: Decimal | int | float, decimals: int | None, language: str) -> str:
    if decimals is None:
        text = format_decimal(value, format="#,##0.##", locale=language)
    else:
        text = format_decimal(_rounded(value, decimals), format=_pattern(decimals), locale=language)
    return text.replace("-", "\u2212")


def _rounded(value: Decimal | int | float, decimals: int) -> Decimal:
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def percent(value: Decimal | float, decimals: int = 0) -> str:
    """A share 0-1 as a percentage: 22 % in French, 22% in English."""
    pattern = "#,##0" + (f".{'0' * decimals}" if decimals else "") + "%"
    exact = _rounded(Decimal(str(value)) * 100, decimals) / 100
    text = format_percent(exact, format=pattern, locale=locale()).replace("-", "\u2212")
    return text.replace("%", f"{HARD}%") if locale().language == "fr" else text


def money(value: Money, *, form: str = "short", unit: bool = True) -> str:
    """`form`: "short" (12,64 M CHF; below a million in full), "millions" (12,64), "full", "cents"."""
    amount, tail = value.amount, ""
    if form == "millions" or (form == "short" and abs(amount) >= MILLION):
        text = number(amount / MILLION, 2)
        tail = "M" if form == "short" else ""
    else:
        text = number(amount, 2 if form == "cents" else 0)
    words = [text, tail, value.currency if unit else ""]
    return HARD.join(word for word in words if word)


def price_base(month: str) -> str:
    """“October 2025” of "2025-10"."""
    year, number_of_month = month.split("-")
    return f"{get_month_names('wide', 'stand-alone', locale())[int(number_of_month)]} {year}"


def money_kind(kind: Kind, *, size: str = "") -> str:
    """What amounts are expressed in: currency, VAT status, price base. `size`: "millions" or ""."""
    currency = (
        pgettext("caption of amounts", "%(currency)s million") % {"currency": kind.currency}
        if size == "millions"
        else kind.currency
    )
    vat = {
        Vat.EXCLUDED: gettext("without VAT"),
        Vat.INCLUDED: gettext("VAT included"),
        Vat.UNKNOWN: gettext("VAT not stated"),
    }[kind.vat]
    if kind.price_base:
        month = price_base(kind.price_base)
        sentence = gettext("prices of %(month)s")
        if month[0].lower() in "aeiou":  # French elides: prix d’octobre
            sentence = pgettext("before a vowel", "prices of %(month)s")
        base = sentence % {"month": month}
    else:
        base = gettext("nominal prices")
    return f"{currency}, {vat}, {base}"


def day(value: date | datetime, form: str = "medium") -> str:
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    if form == "month":
        return format_date(value, "MM.yyyy", locale=locale())
    if form == "short":
        return format_date(value, "dd.MM.yyyy", locale=locale())
    return format_date(value, form, locale=locale())


def hour(value: datetime) -> str:
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return format_time(local, "HH:mm", locale=locale())


def moment(value: datetime) -> str:
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{format_date(local.date(), 'dd.MM.yyyy', locale=locale())}, {hour(local)}"


def size(value: int) -> str:
    """A number of bytes, in thousands."""
    units = [gettext("bytes"), gettext("kB"), gettext("MB"), gettext("GB")]
    amount, at = Decimal(value), 0
    while amount >= 1000 and at < len(units) - 1:
        amount, at = amount / 1000, at + 1
    return f"{number(amount, 1 if at and amount < 10 else 0)}{HARD}{units[at]}"
