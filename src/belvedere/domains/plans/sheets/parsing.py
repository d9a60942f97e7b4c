"""Cells as people write them: amounts, dates, shares, coordinates. No Django.

Every reader returns a value, None for an empty cell, or raises `Unreadable` with the text it met.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from belvedere.kernel.identifiers import fold

Cell = str | float | int | bool | date | datetime | timedelta | None
_SPACES = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u2060'’‘`´]+")
_NOTHING = {"", "-", "–", "—", "n/a", "na", "nc", "n.c.", "?", "néant", "keine", "k.a.", "..."}
_ERRORS = {
    "#REF!",
    "#DIV/0!",
    "#VALUE!",
    "#NAME?",
    "#N/A",
    "#NULL!",
    "#NUM!",
    "#WERT!",
    "#BEZUG!",
    "#VALEUR!",
}
# What may stand beside a number: its multiplier.
_UNITS: dict[str, int] = {
    "mio": 10**6, "mios": 10**6, "million": 10**6, "millions": 10**6, "millionen": 10**6, "mln": 10**6,
    "mchf": 10**6, "meur": 10**6, "m€": 10**6, "m": 10**6,
    "k": 1000, "kchf": 1000, "keur": 1000, "k€": 1000, "tchf": 1000, "tsd": 1000, "tausend": 1000,
    "musd": 10**6, "mgbp": 10**6, "m$": 10**6, "m£": 10**6, "milioni": 10**6, "millones": 10**6,
    "kusd": 1000, "kgbp": 1000, "k$": 1000, "k£": 1000, "teur": 1000, "t€": 1000,
    "thousand": 1000, "migliaia": 1000,
    "millier": 1000, "milliers": 1000, "mille": 1000,
    "mrd": 10**9, "milliard": 10**9, "milliards": 10**9, "milliarde": 10**9, "milliarden": 10**9,
}  # fmt: skip
_CURRENCY = {"chf": "CHF", "fr": "CHF", "frs": "CHF", "francs": "CHF", "franken": "CHF", "sfr": "CHF",
             "eur": "EUR", "€": "EUR", "euro": "EUR", "euros": "EUR", "franchi": "CHF",
             "usd": "USD", "$": "USD", "us$": "USD", "dollar": "USD", "dollars": "USD",
             "gbp": "GBP", "£": "GBP", "pound": "GBP", "pounds": "GBP"}  # fmt: skip


class Unreadable(ValueError):
    """A cell that is there but cannot be understood. `text` is what stands in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(text)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as written: `unit` and `currency` only where the cell itself says them."""

    value: Decimal
    unit: int | None = None
    currency: str | None = None


def clean(cell: Cell) -> str:
    """The text of a cell: no control characters, one kind of line end, no blanks around."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        text = cell
    elif isinstance(cell, bool):
        text = "1" if cell else "0"
    elif isinstance(cell, float):
        text = str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    elif isinstance(cell, datetime):
        text = cell.date().isoformat() if not (cell.hour or cell.minute) else cell.isoformat(" ")
    else:
        text = str(cell)
    if text.isascii() and text.isprintable():
        return text.strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if (c >= " " and c != "\x7f") or c in "\n\t").strip()


def is_empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


_NUMBER = re.compile(r"[-−+]?[0-9.,]*[0-9][0-9.,]*")


def ambiguous(cell: Cell) -> bool:
    """Whether one separator and three digits follow, so that 1.234 may mean 1234 or 1 234 thousandths."""
    return isinstance(cell, str) and bool(re.fullmatch(r"[-−]?[1-9]\d{0,2}[.,]\d{3}", _SPACES.sub("", cell)))


def decimal_sign(cells: list[Cell]) -> str | None:
    """The decimal sign that the texts of a column prove, or None."""
    votes = {",": 0, ".": 0}
    for cell in cells:
        if not isinstance(cell, str):
            continue
        found = _NUMBER.search(_SPACES.sub("", cell))
        if not found:
            continue
        text = found[0]
        if "," in text and "." in text:
            votes["," if text.rfind(",") > text.rfind(".") else "."] += 2
        elif re.search(r"[.,]\d{1,2}$|[.,]\d{4,}$|^[-−]?0[.,]", text):
            votes["," if "," in text else "."] += 1
        elif len(re.findall(r"\.\d{3}", text)) > 1:
            votes[","] += 2
        elif len(re.findall(r",\d{3}", text)) > 1:
            votes["."] += 2
    return None if votes[","] == votes["."] else max(votes, key=lambda sign: votes[sign])


def _plain_number(text: str, sign: str | None) -> Decimal:
    """`text` of digits, points and commas as a number, by the decimal `sign` of its column."""
    if "," in text and "." in text:
        sign = "," if text.rfind(",") > text.rfind(".") else "."
    elif text.count(",") > 1 or text.count(".") > 1:
        sign = "." if text.count(",") > 1 else ","
    elif sign is None or not re.search(r"[.,]\d{3}$", text):
        sign = "," if "," in text else "."
    other = "." if sign == "," else ","
    try:
        return Decimal(text.replace(other, "").replace(sign, "."))
    except InvalidOperation as error:
        raise Unreadable(text) from error


def amount(cell: Cell, sign: str | None = None) -> Amount | None:
    """An amount; see `Amount`. `sign` is the decimal sign of the column, where known."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return Amount(Decimal(repr(cell)))
    if not isinstance(cell, str):
        raise Unreadable(clean(cell))
    raw = cell.strip()
    if raw.casefold() in _NOTHING:
        return None
    if raw.upper() in _ERRORS:
        raise Unreadable(raw)
    text = _SPACES.sub("", raw).replace("−", "-")
    negative = text.startswith("(") and text.endswith(")")
    text = text.strip("()")
    found = _NUMBER.search(text)
    if not found or found[0] in ("+", "-"):
        raise Unreadable(raw)
    unit, currency = _beside(text[: found.start()], text[found.end() :], raw)
    number = found[0].rstrip(".,").lstrip("+")
    minus = number.startswith("-") or negative or text.startswith("-")
    value = _plain_number(number.lstrip("-"), sign)
    return Amount(-value if minus else value, unit, currency)


def _beside(before: str, after: str, raw: str) -> tuple[int | None, str | None]:
    """The unit and currency in the words around a number; anything else makes it unreadable."""
    words = re.findall(r"[^\W\d_]+[€$£]?|[€$£]", f"{before} {after}".casefold())
    if re.sub(r"[^\W\d_]+|[€$£.\-–—\s,]", "", before + after):
        raise Unreadable(raw)
    unit: int | None = None
    currency: str | None = None
    for word in words:
        if word in _UNITS:
            unit = _UNITS[word] if unit is None else unit
            currency = currency or _currency_within(word)
        elif word in _CURRENCY:
            currency = _CURRENCY[word]
        elif word not in ("de", "env", "ca", "ht", "ttc", "env.", "environ", "circa", "rund"):
            raise Unreadable(raw)
    return unit, currency


_WITHIN = {"chf": "CHF", "eur": "EUR", "€": "EUR", "usd": "USD", "$": "USD", "gbp": "GBP", "£": "GBP"}


def _currency_within(word: str) -> str | None:
    return next((code for end, code in _WITHIN.items() if word.endswith(end)), None)


def share(cell: Cell, form: str | None = None, sign: str | None = None) -> Decimal | None:
    """A share 0–1: 0.4, "40 %", or 40. `form` says how bare numbers are meant, "share" or "percent";
    without it those above 1.5 are percentages."""
    if isinstance(cell, str) and "%" in cell:
        found = amount(cell.replace("%", ""), sign)
        return None if found is None else found.value / 100
    found = amount(cell, sign)
    if found is None:
        return None
    percent = form == "percent" or (form is None and found.value > Decimal("1.5"))
    return found.value / 100 if percent else found.value


def shares_doubtful(cells: list[Cell]) -> bool:
    """Whether bare numbers leave open if 1 is one per cent or all: large and small ones, or nothing but 1."""
    bare = []
    for cell in cells:
        if isinstance(cell, str) and "%" in cell:
            continue
        try:
            found = amount(cell)
        except Unreadable:
            continue
        if found is not None and found.value > 0:
            bare.append(found.value)
    small = [value for value in bare if value <= Decimal("1.5")]
    return bool(small) and (len(small) < len(bare) or all(value >= 1 for value in small))


def number(cell: Cell) -> float | None:
    """A plain number such as a coordinate."""
    if isinstance(cell, str):
        text = _SPACES.sub("", cell).replace("−", "-").rstrip("°")
        if not text or text.casefold() in _NOTHING:
            return None
        try:
            return float(text)
        except ValueError:
            pass
        if text.count(",") == 1 and "." not in text:
            text = text.replace(",", ".")
        try:
            return float(text)
        except ValueError as error:
            raise Unreadable(cell.strip()) from error
    if cell is None:
        return None
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        raise Unreadable(clean(cell))
    return float(cell)


@dataclass(frozen=True, slots=True)
class Period:
    """The days a written date may mean, both inclusive."""

    first: date
    last: date


_MONTHS = {
    name: at % 12 + 1
    for at, name in enumerate(
        [
            "janvier",
            "fevrier",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "aout",
            "septembre",
            "octobre",
            "novembre",
            "decembre",
            "januar",
            "februar",
            "marz",
            "april",
            "mai",
            "juni",
            "juli",
            "august",
            "september",
            "oktober",
            "november",
            "dezember",
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
            "janv",
            "fevr",
            "mar",
            "avr",
            "mai",
            "juin",
            "juil",
            "aou",
            "sept",
            "oct",
            "nov",
            "dec",
            "jan",
            "feb",
            "mrz",
            "apr",
            "mai",
            "jun",
            "jul",
            "aug",
            "sep",
            "okt",
            "nov",
            "dez",
        ]
    )
}
_YEAR = r"((?:19|20|21)\d\d)"
_PARTS = {"debut": (1, 3), "anfang": (1, 3), "early": (1, 3), "mi": (4, 9), "mitte": (4, 9), "mid": (4, 9),
          "fin": (10, 12), "ende": (10, 12), "end": (10, 12), "printemps": (3, 6), "fruhling": (3, 6),
          "ete": (6, 9), "sommer": (6, 9), "automne": (9, 12), "herbst": (9, 12)}  # fmt: skip


def _months(year: int, first: int, last: int) -> Period:
    return Period(date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def period(cell: Cell) -> Period | None:
    """A date of any usual writing, as the days it may mean."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, datetime):
        return Period(cell.date(), cell.date())
    if isinstance(cell, date):
        return Period(cell, cell)
    if isinstance(cell, bool | timedelta):
        raise Unreadable(clean(cell))
    if isinstance(cell, int | float):
        if 1900 <= cell <= 2150 and float(cell).is_integer():
            return _months(int(cell), 1, 12)
        if 20_000 <= cell <= 90_000:  # a day counted by a spreadsheet
            day = date(1899, 12, 30) + timedelta(days=int(cell))
            return Period(day, day)
        raise Unreadable(clean(cell))
    raw = cell.strip()
    if raw.casefold() in _NOTHING:
        return None
    try:
        found = _written_period(raw)
    except ValueError as error:
        raise Unreadable(raw) from error
    if found is None:
        raise Unreadable(raw)
    return found


def _written_period(raw: str) -> Period | None:
    text = raw.replace(" ", " ").strip()
    if m := re.fullmatch(_YEAR, text):
        return _months(int(m[1]), 1, 12)
    if m := re.fullmatch(rf"{_YEAR}-(\d\d)-(\d\d)(?:[T ][\d:.Z+-]+)?", text):
        day = date(int(m[1]), int(m[2]), int(m[3]))
        return Period(day, day)
    if m := re.fullmatch(rf"(\d\d?)[./-](\d\d?)[./-]{_YEAR}", text):
        day = date(int(m[3]), int(m[2]), int(m[1]))
        return Period(day, day)
    if m := re.fullmatch(rf"(\d\d?)[./-]\s*{_YEAR}", text) or re.fullmatch(rf"{_YEAR}[./-](\d\d?)", text):
        year, month = (int(m[2]), int(m[1])) if len(m[2]) == 4 else (int(m[1]), int(m[2]))
        return _months(year, month, month) if 1 <= month <= 12 else None
    if m := re.fullmatch(rf"{_YEAR}\s*[-–/]\s*((?:19|20|21)?\d\d)", text):
        last = int(m[2]) if len(m[2]) == 4 else int(m[1][:2] + m[2])
        first = int(m[1])
        return Period(date(first, 1, 1), date(last, 12, 31)) if last >= first else None
    return _worded_period(fold(text))


def _worded_period(words: str) -> Period | None:
    year = re.search(rf"\b{_YEAR}\b", words)
    if not year:
        return None
    of, rest = int(year[1]), (words[: year.start()] + " " + words[year.end() :]).split()
    rest = [word for word in rest if word not in ("de", "du", "l", "der", "le", "im", "en", "vers")]
    joined = " ".join(rest)
    if m := re.fullmatch(r"[tq] ?([1-4])|([1-4]) ?(?:e|er|eme)? ?(?:[tq]|trimestre|quartal|quarter)", joined):
        quarter = int(m[1] or m[2])
        return _months(of, 3 * quarter - 2, 3 * quarter)
    if m := re.fullmatch(r"[sh] ?([12])|([12]) ?(?:e|er|eme)? ?(?:semestre|semester|halbjahr)", joined):
        half = int(m[1] or m[2])
        return _months(of, 6 * half - 5, 6 * half)
    if len(rest) == 1 and rest[0] in _PARTS:
        return _months(of, *_PARTS[rest[0]])
    if rest and rest[-1] in _MONTHS:
        month = _MONTHS[rest[-1]]
        if len(rest) == 1:
            return _months(of, month, month)
        if len(rest) == 2 and (m := re.fullmatch(r"(\d\d?)(?:er)?", rest[0])):
            day = date(of, month, int(m[1]))
            return Period(day, day)
    return None


def year(cell: Cell) -> int | None:
    """A year 1950–2150."""
    found = period(cell)
    if found is None:
        return None
    if not 1950 <= found.first.year <= 2150:
        raise Unreadable(clean(cell))
    return found.first.year


_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")


def has_bidi(text: str) -> bool:
    """Whether `text` holds characters that turn the reading direction."""
    return bool(_BIDI.search(text))
