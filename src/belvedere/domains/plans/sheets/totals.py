"""Totals held against the sheet's own: what the sheet adds up to, what was read, and the gap line by line.

The sheet's side is what a spreadsheet would add: the numbers of a column times its unit, or its own
total line
where it has one. Whatever differs is named by line; what no line explains is said too, so that nothing hides.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from belvedere.domains.plans.sheets.amounts import AmountReader
from belvedere.domains.plans.sheets.mapping import Mapping
from belvedere.domains.plans.sheets.parsing import Cell, Unreadable, amount
from belvedere.domains.plans.sheets.reading import Table, column_name
from belvedere.domains.plans.sheets.safety import FileKind
from belvedere.domains.plans.sheets.verdicts import Judged, Verdict

MOST_LINES = 40
_ABOUT_AMOUNTS = frozenset({"amount_unreadable", "negative_amount", "mixed_currencies", "other_unit"})
MOST_OWNERS = 200
_ZERO, _CENT = Decimal(0), Decimal("0.01")


def totals_of(
    table: Table, mapping: Mapping, judged: Sequence[Judged], reader: AmountReader
) -> dict[str, Any]:
    """Rows, cost and aid: the sheet's, ours, the gap and its lines; and by owner. JSON-safe."""
    found: dict[str, Any] = {"rows": {"sheet": len(table.rows), "read": _kept(judged)}, "amounts": []}
    if mapping.keys:
        found["rows"]["measures"] = sum(row.verdict is not Verdict.LEFT_OUT for row in judged)
    if not mapping.native:
        for field, read in (("cost", "cost"), ("spend", "spent"), ("subsidy", "aid")):
            columns = mapping.all(field) or (mapping.all("line") if field == "spend" else [])
            if columns:
                found["amounts"].append(_held(table, columns, judged, reader, read))
    found["owners"], found["other_owners"] = _owners(judged)
    return found


def _kept(judged: Sequence[Judged]) -> int:
    """How many lines of the sheet are taken."""
    return sum(len(row.lines) for row in judged if row.verdict is not Verdict.LEFT_OUT)


def _as_spreadsheet(cell: Cell, reader: AmountReader, at: int, text_file: bool) -> Decimal:
    """What a spreadsheet's SUM takes from a cell: numbers, and in a text file plain numbers."""
    if isinstance(cell, bool) or cell is None:
        return _ZERO
    if isinstance(cell, str):
        if not text_file:
            return _ZERO
        try:
            found = amount(cell, reader.sign)
        except Unreadable:
            return _ZERO
        return _ZERO if found is None or found.unit else found.value * reader.unit(at)
    if isinstance(cell, int | float):
        return Decimal(repr(cell)) * reader.unit(at)
    return _ZERO


def _held(
    table: Table, columns: list[int], judged: Sequence[Judged], reader: AmountReader, read: str
) -> dict[str, Any]:
    numbers = any(isinstance(cells[at], int | float) for cells in table.rows for at in columns)
    text_file = table.kind is FileKind.TEXT or not numbers  # amounts kept as texts have no other sum
    summed = mine = fractions = _ZERO  # fractions of cents do not count as a gap
    lines: list[tuple[int, Decimal, str]] = []
    for row in judged:
        cells = [row.cells, *(cells for _, cells in row.others)]
        each = [sum((_as_spreadsheet(c[at], reader, at, text_file) for at in columns), _ZERO) for c in cells]
        theirs = sum(each, start=_ZERO)
        ours = getattr(row, read) or _ZERO
        taken = _ZERO if row.verdict is Verdict.LEFT_OUT else ours
        summed += theirs
        mine += taken
        if abs(taken - theirs) > _CENT:
            repeated = len(each) > 1 and each.count(taken) > 1
            lines.append((row.line, taken - theirs, "repeated" if repeated else _why(row, taken)))
        else:
            fractions += taken - theirs
    stated = None
    if all(at in table.total for at in columns):
        stated = sum((_as_spreadsheet(table.total[at], reader, at, True) for at in columns), start=_ZERO)
    sheet = summed if stated is None else stated
    gap = mine - sheet
    lines.sort(key=lambda one: -abs(one[1]))
    explained = sum((one[1] for one in lines), start=_ZERO)
    return {
        "field": {"cost": "cost", "spent": "spend", "aid": "subsidy"}[read],
        "columns": [column_name(at) for at in columns],
        "total_line": table.total_line if stated is not None else None,
        "sheet": str(_cents(sheet)),
        "read": str(_cents(mine)),
        "gap": str(_cents(gap)),
        "lines": [
            {"line": line, "amount": str(_cents(by)), "why": why} for line, by, why in lines[:MOST_LINES]
        ],
        "more": len(lines) - MOST_LINES if len(lines) > MOST_LINES else 0,
        "more_amount": str(_cents(sum((one[1] for one in lines[MOST_LINES:]), start=_ZERO))),
        "unexplained": str(_cents(gap - explained - fractions)),
    }


def _cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"))


def _why(row: Judged, taken: Decimal) -> str:
    """The code of the reason, worded by the page."""
    if row.verdict is Verdict.LEFT_OUT:
        return "left_out"
    blocking = next((p.code for p in row.problems if p.blocks and p.code in _ABOUT_AMOUNTS), None)
    if blocking:
        return blocking
    return "corrected" if taken else "not_read"


def _owners(judged: Sequence[Judged]) -> tuple[list[dict[str, Any]], int]:
    sums: dict[str, list[Any]] = {}
    for row in judged:
        if row.verdict is Verdict.LEFT_OUT:
            continue
        entry = sums.setdefault(row.owner_name, [0, _ZERO, _ZERO])
        entry[0] += 1
        entry[1] += row.cost or _ZERO
        entry[2] += row.aid or _ZERO
    ordered = sorted(sums.items(), key=lambda item: -item[1][1])
    rows = [{"name": n, "rows": v[0], "cost": str(v[1]), "aid": str(v[2])} for n, v in ordered[:MOST_OWNERS]]
    return rows, max(0, len(ordered) - MOST_OWNERS)
