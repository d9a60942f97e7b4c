"""What the columns mean: suggested with a reason, decided by a person, saved by name. No Django.

Nothing about money is guessed silently: unit, currency, VAT status and price base come from the sheet's own
words or from a person; `asking` names what is still undecided.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import msgspec

from belvedere.domains.plans.sheets import parsing
from belvedere.domains.plans.sheets.fields import AMOUNTS, BY_KEY, FIELDS, IGNORED_HINTS, FieldKind
from belvedere.domains.plans.sheets.parsing import Cell, Unreadable, is_empty
from belvedere.domains.plans.sheets.reading import Table
from belvedere.kernel.errors import N_
from belvedere.kernel.identifiers import fold

UNITS = (1, 1000, 1_000_000)
_SAMPLE = 2000


class Column(msgspec.Struct):
    """What a column is read into; `field` "" for not at all. `unit`, "
    "`currency`, `vat` where its title says them."""

    header: str
    field: str = ""
    argument: str = ""  # a language or a year
    unit: int | None = None
    currency: str | None = None
    vat: str | None = None
    why: str = ""  # msgid
    data: dict[str, Any] = {}
    sure: bool = True
    filled: int = 0
    sample: list[str] = []


class Settings(msgspec.Struct):
    """What holds for the whole sheet. None is undecided; `year` 0 and `price_base` "" are decisions."""

    unit: int | None = None
    currency: str | None = None
    vat: str | None = None
    price_base: str | None = None
    decimal: str | None = None
    language: str | None = None
    year: int | None = None  # of the whole cost when no column says it; 0: no yearly amounts
    crs: str | None = None
    owner: str | None = None  # identifier of the organisation that owns every row
    funder: str | None = None  # identifier, or "state": who pays the aid when no column says it
    funding_state: str = "considered"
    plan: str | None = None  # code of the plan when no column says it
    site_method: str = "imported"
    create_owners: bool = False  # unknown owners with a code are created


class Mapping(msgspec.Struct):
    columns: list[Column] = []
    settings: Settings = msgspec.field(default_factory=Settings)
    native: bool = False  # our own export: nothing to decide

    def at(self, field: str, argument: str | None = None) -> int | None:
        """The first column read into `field`."""
        for at, column in enumerate(self.columns):
            if column.field == field and (argument is None or column.argument == argument):
                return at
        return None

    def all(self, field: str) -> list[int]:
        return [at for at, column in enumerate(self.columns) if column.field == field]


def to_plain(mapping: Mapping) -> dict[str, Any]:
    made: dict[str, Any] = msgspec.to_builtins(mapping)
    return made


def from_plain(value: Any) -> Mapping:
    return msgspec.convert(value or {}, Mapping)


# ------------------------------------------------------------------ suggestions
_UNIT_WORDS = (
    (
        re.compile(r"\b(mio|mios|millions?|millionen|mchf|meur|m chf|m eur)\b|M€|M\.?\s?CHF|M\.?\s?Fr"),
        1_000_000,
    ),
    (
        re.compile(
            r"\b(milliers?|tsd|tausend|kchf|keur|tchf|1000 (?:chf|fr|eur))\b|k€|\b[kK]\s?(?:CHF|EUR|Fr)"
        ),
        1000,
    ),
    (
        re.compile(
            r"\b(en francs|in franken|en euros|in euro|(?:en|in) chf|en eur)\b"
            r"|\(\s*(?:€|CHF|EUR|Fr\.?)\s*\)|^\s*en €"
        ),
        1,
    ),
)
_VAT_WORDS = (
    (re.compile(r"\b(ht|hors taxes?|hors tva|exkl|exkl mwst|ohne mwst|excl vat|h t)\b"), "excluded"),
    (re.compile(r"\b(ttc|tva comprise|tva incluse|inkl|inkl mwst|mit mwst|incl vat|t t c)\b"), "included"),
)
_CURRENCY_WORDS = (
    (re.compile(r"chf|\bfr\b|\bfrancs?\b|\bfranken\b", re.I), "CHF"),
    (re.compile(r"€|\beur(?:os?)?\b|meur|keur", re.I), "EUR"),
)
_LANGUAGES = {
    "fr": ("fr", "francais", "franzosisch", "french", "f"),
    "de": ("de", "allemand", "deutsch", "german", "d", "all"),
    "en": ("en", "anglais", "englisch", "english", "e"),
}


def suggest(table: Table, *, languages: tuple[str, ...], currency: str) -> Mapping:
    """A mapping of `table` by its titles, then by its values, each with its reason."""
    columns = [_column(table, at, header) for at, header in enumerate(table.headers)]
    taken: set[tuple[str, str]] = set()
    for at, column in enumerate(columns):
        _by_title(column, table, at, taken, languages)
    for at, column in enumerate(columns):
        if not column.field and column.filled:
            _by_values(column, table, at, taken)
    _title_from_description(columns, languages)
    mapping = Mapping(columns, Settings(language=languages[0]))
    mapping.native = "core" in {column.field for column in columns}
    _settle(mapping, table, currency)
    return mapping


def _column(table: Table, at: int, header: str) -> Column:
    values = [row[at] for row in table.rows]
    filled = [value for value in values if not is_empty(value)]
    distinct = list(dict.fromkeys(parsing.clean(value)[:60] for value in filled[:50]))[:4]
    return Column(header=header, filled=len(filled), sample=distinct)


def bare_title(header: str) -> str:
    """A title without its unit, VAT words and what stands in brackets."""
    folded = fold(re.sub(r"[(\[].*?[)\]]", " ", header))
    folded = re.sub(
        r"\b(mio|mios|chf|eur|euros?|francs?|franken|mchf|kchf|meur|keur|ht|ttc|en|in|millions?|millionen|milliers?|tsd|fr)\b$",
        "",
        folded,
    ).strip()
    return re.sub(r"\b(mio|chf|eur|mchf|ht|ttc)\b", "", folded).strip() or fold(header)


def _by_title(
    column: Column, table: Table, at: int, taken: set[tuple[str, str]], languages: tuple[str, ...]
) -> None:
    whole, bare = fold(column.header), bare_title(column.header)
    if not whole:
        return
    language = _language_in(whole)
    if _is_year_column(column, table, at):
        column.field, column.argument = "spend", re.findall(r"(?:19|20)\d\d", column.header)[-1]
        column.why = N_("a year as title, amounts below")
        _money_words(column)
        return
    for candidate in (whole, bare, _without_language(bare)):
        for field in FIELDS:
            if candidate not in field.words:
                continue
            argument = (language or languages[0]) if field.argument == "language" else ""
            if (field.key, argument) in taken and not field.many:
                continue
            if not _fits(field.kind, table, at):
                continue
            taken.add((field.key, argument))
            column.field, column.argument, column.why = field.key, argument, N_("by its title")
            if field.key in AMOUNTS:
                _money_words(column)
            return
    if any(whole == hint or whole.startswith(hint + " ") for hint in IGNORED_HINTS):
        column.why = N_("personal remarks or contacts?")


def _language_in(folded: str) -> str:
    last = folded.split()[-1] if folded else ""
    return next((code for code, words in _LANGUAGES.items() if last in words and " " in folded), "")


def _without_language(folded: str) -> str:
    return " ".join(folded.split()[:-1]) if _language_in(folded) else folded


def _is_year_column(column: Column, table: Table, at: int) -> bool:
    years = re.findall(r"\b((?:19|20)\d\d)\b", column.header)
    if len(years) != 1 or not column.filled or len(fold(column.header).split()) > 4:
        return False
    words = set(fold(column.header).split()) - {years[0]}
    if words - {
        "depense",
        "depenses",
        "ausgaben",
        "montant",
        "annee",
        "jahr",
        "budget",
        "en",
        "mio",
        "chf",
        "tranche",
        "depenses annuelles",
        "cout",
        "kosten",
        "investissement",
        "spending",
        "year",
        "kchf",
        "mchf",
        "eur",
        "annuelle",
    }:
        return False
    return _fits(FieldKind.AMOUNT, table, at) and 1950 <= int(years[0]) <= 2150


_READERS: dict[FieldKind, Any] = {
    FieldKind.AMOUNT: parsing.amount,
    FieldKind.SHARE: parsing.share,
    FieldKind.NUMBER: parsing.number,
    FieldKind.DATE: parsing.period,
    FieldKind.YEAR: parsing.year,
}


def _fits(kind: FieldKind, table: Table, at: int) -> bool:
    """Whether at least half of the column's values can be read as `kind`."""
    if kind not in _READERS:
        return True
    read = _READERS[kind]
    good = bad = 0
    for row in table.rows[:_SAMPLE]:
        if is_empty(row[at]):
            continue
        try:
            read(row[at])
            good += 1
        except Unreadable:
            bad += 1
    return good >= bad


def _money_words(column: Column) -> None:
    for pattern, unit in _UNIT_WORDS:
        if pattern.search(column.header) or pattern.search(fold(column.header)):
            column.unit = unit
            break
    column.vat = next((vat for pattern, vat in _VAT_WORDS if pattern.search(fold(column.header))), None)
    column.currency = next((code for pattern, code in _CURRENCY_WORDS if pattern.search(column.header)), None)


def _by_values(column: Column, table: Table, at: int, taken: set[tuple[str, str]]) -> None:
    """A few fields betray themselves by their values."""
    texts = [value for row in table.rows[:_SAMPLE] if isinstance(value := row[at], str) and value.strip()]
    if not texts:
        return
    wkt = sum(
        bool(re.match(r"\s*(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\b|\s*\{\s*\"type\"", t, re.I))
        for t in texts
    )
    if wkt * 2 > len(texts) and ("geometry", "") not in taken:
        column.field, column.why = "geometry", N_("its values are geometries")
        taken.add(("geometry", ""))
        return
    priority = sum(bool(re.fullmatch(r"\s*[ABC]\s*", t)) for t in texts)
    if priority * 10 > len(texts) * 9 and ("priority", "") not in taken:
        column.field, column.why = "priority", N_("its values are A, B or C")
        taken.add(("priority", ""))


def _title_from_description(columns: list[Column], languages: tuple[str, ...]) -> None:
    """A measure needs a title: without one, its description begins it."""
    if any(column.field in ("title", "core") for column in columns):
        return
    for column in columns:
        if column.field == "description":
            column.field, column.why = "title", N_("the sheet has no title, its description stands for it")
            return
    texts = [
        (sum(len(s) for s in column.sample), column)
        for column in columns
        if not column.field and column.filled
    ]
    if texts:
        _, best = max(texts, key=lambda pair: pair[0])
        best.field, best.argument, best.sure = "title", languages[0], False
        best.why = N_("the longest texts of the sheet: is this the title?")


def _settle(mapping: Mapping, table: Table, currency: str) -> None:
    """Decide what the sheet itself says."""
    settings = mapping.settings
    amounts = [c for c in mapping.columns if c.field in AMOUNTS]
    if amounts:
        said = {c.currency for c in amounts if c.currency}
        settings.currency = said.pop() if len(said) == 1 else currency if not said else None
        vats = {c.vat for c in amounts if c.vat}
        settings.vat = (
            vats.pop() if len(vats) == 1 and all(c.vat for c in amounts if c.field == "cost") else None
        )
        units = {c.unit for c in amounts if c.unit}
        if len(units) == 1 and all(c.unit for c in amounts if c.field == "cost"):
            settings.unit = units.pop()
        cells = [
            row[at]
            for at, c in enumerate(mapping.columns)
            if c.field in AMOUNTS
            for row in table.rows[:_SAMPLE]
        ]
        settings.decimal = parsing.decimal_sign(cells)
        if settings.decimal is None and not any(parsing.ambiguous(cell) for cell in cells):
            settings.decimal = "."
    folded = " ".join(fold(c.header) for c in mapping.columns if c.field == "subsidy")
    if re.search(r"attribu|accord|obten|octroy|verse|zugesprochen|bewilligt", folded):
        settings.funding_state = "obtained"
    _settle_sites(mapping, table)


def _settle_sites(mapping: Mapping, table: Table) -> None:
    settings = mapping.settings
    east, north = mapping.at("longitude"), mapping.at("latitude")
    if east is not None and north is not None:
        settings.crs = "EPSG:4326"
        points = Counter((str(row[east]), str(row[north])) for row in table.rows if not is_empty(row[east]))
        if sum(points.values()) > 20 and len(points) < 0.8 * sum(points.values()):
            # The same point again and again is where the commune is, not where the works are.
            settings.site_method = "commune_centroid"
            for at in (east, north):
                mapping.columns[at].why = N_("the same points come back: read as centres of communes")


# ------------------------------------------------------------------ reuse by name
def adapt(saved: Mapping, table: Table) -> Mapping:
    """A saved mapping on another sheet: by title, wherever the column now stands."""
    by_title: dict[str, list[Column]] = {}
    for column in saved.columns:
        by_title.setdefault(fold(column.header), []).append(column)
    columns = []
    for at, header in enumerate(table.headers):
        fresh = _column(table, at, header)
        known = by_title.get(fold(header))
        if known:
            column = known.pop(0)
            fresh = msgspec.structs.replace(column, filled=fresh.filled, sample=fresh.sample, header=header)
            fresh.why = N_("as saved")
        columns.append(fresh)
    return Mapping(columns, msgspec.structs.replace(saved.settings), saved.native)


def missing(saved: Mapping, table: Table) -> list[str]:
    """The titles a saved mapping reads that the sheet does not have."""
    there = {fold(header) for header in table.headers}
    return [column.header for column in saved.columns if column.field and fold(column.header) not in there]


def set_column(mapping: Mapping, at: int, field: str, argument: str) -> None:
    """Read column `at` into `field` ("" for not at all); a field that stands once leaves its old column."""
    if field and not BY_KEY[field].many:
        for other in mapping.columns:
            if other.field == field and other.argument == argument:
                other.field, other.argument, other.why = "", "", ""
    column = mapping.columns[at]
    column.field, column.argument, column.why, column.sure = field, argument, N_("as decided"), True
    if field in AMOUNTS:
        _money_words(column)


def cell(row: list[Cell], at: int | None) -> Cell:
    return None if at is None or at >= len(row) else row[at]
