"""What the columns mean: as suggested (`suggesting`), decided by a person, saved by name. No Django."""

from __future__ import annotations

from typing import Any

import msgspec

from belvedere.domains.plans.sheets import money_words, parsing
from belvedere.domains.plans.sheets.fields import AMOUNTS, BY_KEY
from belvedere.domains.plans.sheets.horizon import When, when_of
from belvedere.domains.plans.sheets.parsing import Cell, is_empty
from belvedere.domains.plans.sheets.reading import Table
from belvedere.kernel.errors import N_
from belvedere.kernel.identifiers import fold

UNITS = (1, 1000, 1_000_000)


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
    payer: str = ""  # folded words of who pays the amounts of this column
    key: bool = False  # lines alike in it are one measure
    repeats: bool = False  # it could be such a key: values come back
    doubtful: bool = False  # its bare shares can be read in two ways

    @property
    def when(self) -> When:
        """What a column of yearly amounts covers."""
        return when_of(self.argument)


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
    grouped: bool | None = None  # lines with the same keys are one measure; None: not said
    states: str | None = None  # of one year: "furthest" holds, or they "add" up
    percent: str | None = None  # how bare numbers of shares are meant: "percent" or "share"


class Payer(msgspec.Struct):
    """A code or word of a sheet for who pays. `target`: an organisation's identifier, "own" for the
    owner's own money, "state", "new" to create it; "" while a person has not said."""

    word: str  # folded
    text: str
    rows: int = 0
    target: str = ""
    suggested: str = ""


class Mapping(msgspec.Struct):
    columns: list[Column] = []
    payers: list[Payer] = []
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

    @property
    def keys(self) -> list[int]:
        """The columns whose values make lines one measure; those proposed, while nobody has said."""
        apart = self.settings.grouped is False
        return [] if apart else [at for at, column in enumerate(self.columns) if column.key]

    @property
    def states_meet(self) -> bool:
        """Whether the same year stands in columns of different states."""
        seen: dict[tuple[int, str], set[str]] = {}
        for column in self.columns:
            if column.field == "spend":
                when = column.when
                seen.setdefault((when.year, when.span), set()).add(when.state)
        return any(len(states) > 1 for states in seen.values())


def to_plain(mapping: Mapping) -> dict[str, Any]:
    made: dict[str, Any] = msgspec.to_builtins(mapping)
    return made


def from_plain(value: Any) -> Mapping:
    return msgspec.convert(value or {}, Mapping)


def fresh_column(table: Table, at: int, header: str) -> Column:
    values = [row[at] for row in table.rows]
    filled = [value for value in values if not is_empty(value)]
    distinct = list(dict.fromkeys(parsing.clean(value)[:60] for value in filled[:50]))[:4]
    return Column(header=header, filled=len(filled), sample=distinct)


def say_money_words(column: Column) -> None:
    """Note what the title of a column says of its amounts."""
    column.unit = money_words.unit_in(column.header)
    column.vat = money_words.vat_in(column.header)
    column.currency = money_words.currency_in(column.header)


# ------------------------------------------------------------------ reuse by name
def adapt(saved: Mapping, table: Table) -> Mapping:
    """A saved mapping on another sheet: by title, wherever the column now stands."""
    by_title: dict[str, list[Column]] = {}
    for column in saved.columns:
        by_title.setdefault(fold(column.header), []).append(column)
    columns = []
    for at, header in enumerate(table.headers):
        fresh = fresh_column(table, at, header)
        known = by_title.get(fold(header))
        if known:
            column = known.pop(0)
            fresh = msgspec.structs.replace(column, filled=fresh.filled, sample=fresh.sample, header=header)
            fresh.why = N_("as saved")
        columns.append(fresh)
    payers = [msgspec.structs.replace(payer, rows=0) for payer in saved.payers if payer.target]
    return Mapping(columns, payers, msgspec.structs.replace(saved.settings), saved.native)


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
    if field != "spend":
        column.payer = ""
    column.field, column.argument, column.why, column.sure = field, argument, N_("as decided"), True
    if field in AMOUNTS:
        say_money_words(column)


def cell(row: list[Cell], at: int | None) -> Cell:
    return None if at is None or at >= len(row) else row[at]
