"""The form of a sheet: a line for each measure, or several lines that together are one. No Django.

A sheet in long form has a line for each funding source or each year of a measure. `suggest` finds the
column whose values come back, `groups` gathers its lines, `look` lists who is named as paying.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from belvedere.domains.plans.sheets import parsing
from belvedere.domains.plans.sheets.fields import AMOUNTS, BY_KEY
from belvedere.domains.plans.sheets.mapping import Column, Payer, say_money_words
from belvedere.domains.plans.sheets.mapping import Mapping as Meaning
from belvedere.domains.plans.sheets.money_words import bare_title
from belvedere.domains.plans.sheets.parsing import Cell, clean, is_empty
from belvedere.domains.plans.sheets.reading import Table
from belvedere.kernel.errors import N_
from belvedere.kernel.identifiers import fold

OWN, STATE = "own", "state"
MOST_PAYERS = 300
_LINED = frozenset({"year", "funder", "fund_code", "instrument"})
_SOURCES = frozenset({"source", "fonte", "fuente", "quelle", "fonds", "origine", "payeur"})
_OWN_WORDS = frozenset(
    {
        *("own", "owner", "local", "city", "municipal", "general", "net"),
        *("commune", "communes", "ville", "propre", "propres", "autofinancement"),
        *("gemeinde", "gemeinden", "eigene", "eigenmittel", "netto", "comune", "ayuntamiento"),
    }
)
_STATE_WORDS = frozenset(
    {
        *("federal", "national", "government", "fed", "state"),
        *("etat", "confederation", "federale", "bund", "stato", "estado"),
    }
)


@dataclass(slots=True)
class Group:
    """The lines of one measure; `others` are those after its first."""

    line: int
    cells: list[Cell]
    others: list[tuple[int, list[Cell]]] = field(default_factory=list)


# ------------------------------------------------------------------ suggesting
def suggest(columns: list[Column], table: Table) -> None:
    """Mark the column whose values come back as a possible key, where the sheet names years or payers."""
    sources = [c for c in columns if not c.field and c.filled and fold(c.header) in _SOURCES]
    if not sources and not any(column.field in _LINED for column in columns):
        return
    for name, least in (("external_id", 0.0), ("plan_code", 0.0), ("title", 0.2)):
        key = next((at for at, column in enumerate(columns) if column.field == name), None)
        if key is not None and _repeated(table, key) > least:
            break
    else:
        return
    if not any(column.field in ("funder", "fund_code") for column in columns):
        for column in sources[:1]:
            column.field, column.why = "fund_code", N_("by its title")
    columns[key].key = True
    for at, column in enumerate(columns):
        if column.field not in AMOUNTS and column.field not in _LINED and _repeated(table, at) > 0:
            column.repeats = True
    columns[key].repeats = True
    _line_amount(columns, table, key)


def _repeated(table: Table, at: int) -> float:
    """The share of the filled cells of a column that repeat an earlier one or leave it unsaid."""
    words = [fold(clean(row[at])) for row in table.rows]
    filled = [word for word in words if word]
    return 1 - len(set(filled)) / len(words) if filled else 0.0


def _line_amount(columns: list[Column], table: Table, key: int) -> None:
    """The amount of a line, which differs within a measure, is not its cost, which comes back."""
    cost = next((at for at, column in enumerate(columns) if column.field == "cost"), None)
    if cost is None or any(column.field == "spend" for column in columns):
        return
    gathered = [g for g in _gather(table.lines, table.rows, [key]) if g.others]
    alike = sum(len({clean(cells[cost]) for _, cells in _all(g)} - {""}) <= 1 for g in gathered)
    if alike * 2 > len(gathered):
        return
    columns[cost].field = "line"
    columns[cost].why = N_("its amounts differ between the lines of a measure")
    words = set(BY_KEY["cost"].words)
    for at, column in enumerate(columns):
        if not column.field and column.filled and {fold(column.header), bare_title(column.header)} & words:
            column.field, column.why = "cost", N_("by its title")
            say_money_words(columns[at])
            return


# ------------------------------------------------------------------ grouping
def groups(table: Table, mapping: Meaning) -> list[Group]:
    """The lines of `table` as measures, in the order of their first lines.

    A line whose keys are all empty goes on with the measure above it.
    """
    if not mapping.keys:
        return [Group(line, cells) for line, cells in zip(table.lines, table.rows, strict=True)]
    return _gather(table.lines, table.rows, mapping.keys)


def _gather(lines: Sequence[int], rows: Sequence[list[Cell]], keys: list[int]) -> list[Group]:
    found: dict[tuple[str, ...], Group] = {}
    last: Group | None = None
    for line, cells in zip(lines, rows, strict=True):
        key = tuple(fold(clean(cells[at])) for at in keys)
        group = last if not any(key) else found.get(key)
        if group is None:
            group = found.setdefault(key if any(key) else ("", str(line)), Group(line, cells))
        else:
            group.others.append((line, cells))
        last = group
    return list(found.values())


def _all(group: Group) -> Iterator[tuple[int, list[Cell]]]:
    yield group.line, group.cells
    yield from group.others


# ------------------------------------------------------------------ who pays
def look(mapping: Meaning, table: Table, known: Mapping[str, str], here: Container[str]) -> None:
    """List the payers the sheet names by code or in titles; answers already given stay.

    `known` leads from folded words to organisations, `here` holds the identifiers of those there are. Also
    note which shares can be read in two ways.
    """
    for payer in mapping.payers:
        if payer.target not in (OWN, STATE, "new") and payer.target not in here:
            payer.target = ""
    before = {payer.word: payer for payer in mapping.payers}
    found: dict[str, Payer] = {}
    for word, text in _named(mapping, table):
        if word not in found:
            if len(found) >= MOST_PAYERS:
                break
            found[word] = Payer(word, text[:80])
        found[word].rows += 1
    for word, payer in found.items():
        old = before.get(word)
        payer.target = (old.target if old else "") or known.get(word, "")
        words = set(word.split())
        payer.suggested = OWN if words & _OWN_WORDS else STATE if words & _STATE_WORDS else ""
    gone = [payer for word, payer in before.items() if word not in found and payer.target]
    for payer in gone:
        payer.rows = 0  # answered for another sheet of the same form
    mapping.payers = [*found.values(), *gone]
    for at, column in enumerate(mapping.columns):
        column.doubtful = column.field == "rate" and parsing.shares_doubtful([row[at] for row in table.rows])


def _named(mapping: Meaning, table: Table) -> Iterable[tuple[str, str]]:
    for at, column in enumerate(mapping.columns):
        if column.field == "spend" and column.payer:
            yield column.payer, column.payer
        elif column.field == "fund_code":
            for row in table.rows:
                if not is_empty(row[at]) and (word := fold(clean(row[at]))):
                    yield word, clean(row[at])
