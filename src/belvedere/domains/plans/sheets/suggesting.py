"""What the columns of a sheet may mean, each with its reason. No Django.

Nothing about money is guessed silently: unit, currency, VAT status and price base come from the sheet's own
words or from a person; `asking` names what is still undecided.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from belvedere.domains.plans.sheets import forms, horizon, money_words, parsing
from belvedere.domains.plans.sheets.fields import AMOUNTS, FIELDS, IGNORED_HINTS, FieldKind
from belvedere.domains.plans.sheets.mapping import Column, Mapping, Settings, fresh_column, say_money_words
from belvedere.domains.plans.sheets.parsing import Cell, Unreadable, is_empty
from belvedere.domains.plans.sheets.reading import Table
from belvedere.domains.plans.sheets.safety import FileKind
from belvedere.kernel.errors import N_
from belvedere.kernel.identifiers import fold

_SAMPLE = 2000

_LANGUAGES = {
    "fr": ("fr", "francais", "franzosisch", "french", "f"),
    "de": ("de", "allemand", "deutsch", "german", "d", "all"),
    "en": ("en", "anglais", "englisch", "english", "e"),
}


def suggest(table: Table, *, languages: tuple[str, ...], currency: str) -> Mapping:
    """A mapping of `table` by its titles, then by its values, each with its reason."""
    columns = [fresh_column(table, at, header) for at, header in enumerate(table.headers)]
    taken: set[tuple[str, str]] = set()
    _by_time(columns, table)
    for at, column in enumerate(columns):
        if column.field:
            continue
        _by_title(column, table, at, taken, languages)
    for at, column in enumerate(columns):
        if not column.field and column.filled:
            _by_values(column, table, at, taken)
    _title_from_description(columns, languages)
    _applied_rate(columns)
    forms.suggest(columns, table)
    mapping = Mapping(columns, settings=Settings(language=languages[0]))
    mapping.native = "core" in {column.field for column in columns}
    _settle(mapping, table, currency)
    return mapping


def _by_time(columns: list[Column], table: Table) -> None:
    """Columns that hold the money of a year, of all before or of all after."""
    titles = {
        at: column.header
        for at, column in enumerate(columns)
        if column.header and _fits(FieldKind.AMOUNT, table, at)
    }
    for at, read in horizon.plan(titles).items():
        column = columns[at]
        column.field, column.argument, column.payer = "spend", read.when.argument, read.words
        column.sure = read.sure
        column.why = (
            N_("all years before the others")
            if read.span == "before"
            else N_("all years after the others")
            if read.span == "after"
            else N_("a split year: read as the one it begins in")
            if read.split
            else N_("a year as title, amounts below")
        )
        say_money_words(column)


def _by_title(
    column: Column, table: Table, at: int, taken: set[tuple[str, str]], languages: tuple[str, ...]
) -> None:
    whole, bare = fold(column.header), money_words.bare_title(column.header)
    if not whole:
        return
    language = _language_in(whole)
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
                say_money_words(column)
            return
    if any(whole == hint or whole.startswith(hint + " ") for hint in IGNORED_HINTS):
        column.why = N_("personal remarks or contacts?")


def _language_in(folded: str) -> str:
    last = folded.split()[-1] if folded else ""
    return next((code for code, words in _LANGUAGES.items() if last in words and " " in folded), "")


def _without_language(folded: str) -> str:
    return " ".join(folded.split()[:-1]) if _language_in(folded) else folded


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


def _applied_rate(columns: list[Column]) -> None:
    """A share of aid is only checked beside an amount; alone it is the rule itself."""
    fields = {column.field for column in columns}
    if "subsidy" in fields or "rate" in fields:
        return
    for column in columns:
        if column.field == "subsidy_share":
            column.field, column.why = "rate", N_("a rate without an amount of aid: it is the rule")
            return


def _settle(mapping: Mapping, table: Table, currency: str) -> None:
    """Decide what the sheet itself says, in its titles or in its notes."""
    settings = mapping.settings
    amounts = [c for c in mapping.columns if c.field in AMOUNTS]
    if amounts:
        main = [c for c in amounts if c.field in ("cost", "line")] or amounts
        notes = " · ".join(table.notes)
        said = {c.currency for c in amounts if c.currency} or {money_words.currency_in(notes)} - {None}
        settings.currency = said.pop() if len(said) == 1 else currency if not said else None
        settings.vat = _said({c.vat for c in amounts if c.vat}, all(c.vat for c in main))
        settings.vat = settings.vat or (None if any(c.vat for c in amounts) else money_words.vat_in(notes))
        settings.unit = _said({c.unit for c in amounts if c.unit}, all(c.unit for c in main))
        settings.unit = settings.unit or (
            None if any(c.unit for c in amounts) else money_words.unit_in(notes)
        )
        _settle_numbers(mapping, table)
    folded = " ".join(fold(c.header) for c in mapping.columns if c.field == "subsidy")
    if re.search(r"attribu|accord|obten|octroy|verse|zugesprochen|bewilligt", folded):
        settings.funding_state = "obtained"
    _settle_sites(mapping, table)


def _said(found: set[Any], by_all: bool) -> Any:
    """What the titles of amounts agree on, where the main ones all say it."""
    return next(iter(found)) if len(found) == 1 and by_all else None


def _settle_numbers(mapping: Mapping, table: Table) -> None:
    """How numbers are written, and whether bare shares are per cent."""
    settings = mapping.settings

    def cells(*fields: str) -> list[Cell]:
        columns = [at for at, c in enumerate(mapping.columns) if c.field in fields]
        return [row[at] for at in columns for row in table.rows[:_SAMPLE]]

    amounts = cells(*AMOUNTS)
    settings.decimal = parsing.decimal_sign([*amounts, *cells("rate", "subsidy_share")])
    if settings.decimal is None and not any(parsing.ambiguous(cell) for cell in amounts):
        settings.decimal = "."


def _settle_sites(mapping: Mapping, table: Table) -> None:
    settings = mapping.settings
    if table.kind in (FileKind.GEOJSON, FileKind.GEOPACKAGE):
        settings.crs = "EPSG:4326"  # as layers are read, whatever they were drawn in
    east, north = mapping.at("longitude"), mapping.at("latitude")
    if east is not None and north is not None:
        settings.crs = "EPSG:4326"
        points = Counter((str(row[east]), str(row[north])) for row in table.rows if not is_empty(row[east]))
        if sum(points.values()) > 20 and len(points) < 0.8 * sum(points.values()):
            # The same point again and again is where the commune is, not where the works are.
            settings.site_method = "commune_centroid"
            for at in (east, north):
                mapping.columns[at].why = N_("the same points come back: read as centres of communes")
