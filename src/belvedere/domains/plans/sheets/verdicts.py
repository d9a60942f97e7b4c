"""The verdict on each row: create, change, same, to fix, left out; and why.

A problem that blocks names the cell, says what is wrong and what can be done; one that warns does not stop
the row. `Judge` is made once per check and asked row by row, in the order of the sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from belvedere.domains.plans.sheets.decisions import Decisions
from belvedere.domains.plans.sheets.parsing import Cell, clean, is_empty
from belvedere.domains.plans.sheets.records import FieldChange, Record


class Verdict(StrEnum):
    FIX = "fix"
    CREATE = "create"
    CHANGE = "change"
    SAME = "same"
    LEFT_OUT = "left_out"


SURE = frozenset({Verdict.CREATE, Verdict.CHANGE, Verdict.SAME})


class Problem(msgspec.Struct, frozen=True):
    """`code` with `group` says which problems are alike. `offer`: how it can be fixed in the row:
    "value" (type another), "convert" (take `suggestion`), "choose" (one of `choices`), "pick" (one of the
    texts that stand there), "side", "accept".
    """

    code: str
    field: str
    message: str  # msgid
    data: dict[str, Any] = {}
    blocks: bool = True
    text: str = ""  # what stands in the cell
    column: int | None = None
    offer: str = ""
    suggestion: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    group: str = ""
    line: int = 0  # where it stands, when that is not the first line of its measure

    @property
    def kind(self) -> str:
        """The name of this problem and its like, for one decision on all."""
        return f"{self.code}:{self.field}:{self.group}"


@dataclass(slots=True)
class Judged:
    """A row with its verdict. `cost` and `aid` are what is taken of it, in base units."""

    line: int
    cells: list[Cell]
    verdict: Verdict = Verdict.CREATE
    key: str = ""
    title: str = ""
    problems: list[Problem] = field(default_factory=list)
    changes: tuple[FieldChange, ...] = ()
    record: Record | None = None
    measure_id: UUID | None = None
    version: int | None = None
    owner: str = ""
    owner_name: str = ""
    cost: Decimal | None = None
    aid: Decimal | None = None
    spent: Decimal | None = None
    others: list[tuple[int, list[Cell]]] = field(default_factory=list)

    @property
    def lines(self) -> list[int]:
        """The lines of the sheet that make this measure."""
        return [self.line, *(line for line, _ in self.others)]

    @property
    def blocked(self) -> bool:
        return any(problem.blocks for problem in self.problems)


@dataclass(slots=True)
class Row:
    """Reading access to a row's cells by field, with a person's corrections in front."""

    line: int
    cells: list[Cell]
    decisions: Decisions
    columns: dict[str, list[int]]
    out: Judged
    others: tuple[Row, ...] = ()  # further lines of the same measure

    @property
    def each(self) -> tuple[Row, ...]:
        """The lines of the measure one by one."""
        return (replace(self, others=()), *self.others) if self.others else (self,)

    def column(self, field: str) -> int | None:
        found = self.columns.get(field)
        return found[0] if found else None

    def raw(self, field: str, at: int | None = None) -> Cell:
        """The cell of `field`, or what a person typed instead; None when no column says it."""
        column = self.column(field) if at is None else at
        if self.decisions.cells:
            typed = self.decisions.cell(self.line, f"{field}@{column}")
            if typed is None and at is None:
                typed = self.decisions.cell(self.line, field)
            if typed is not None:
                return typed
        if column is None or column >= len(self.cells):
            return None
        cell = self.cells[column]
        if self.others and is_empty(cell):
            return next((c for other in self.others if not is_empty(c := other.own(field, column))), cell)
        return cell

    def own(self, field: str, at: int) -> Cell:
        """The cell of this very line, or what a person typed instead."""
        for name in (f"{field}@{at}", field):
            if self.decisions.cells and (typed := self.decisions.cell(self.line, name)) is not None:
                return typed
        return self.cells[at]

    def text(self, field: str) -> str:
        return clean(self.raw(field))

    def has(self, field: str) -> bool:
        return field in self.columns

    def problem(self, code: str, field: str, message: str, **more: Any) -> None:
        at = more.pop("at", None)
        column = self.column(field) if at is None else at
        text = more.pop("text", None)
        if text is None:
            text = clean(self.raw(field, at))
        self.out.problems.append(
            Problem(
                code,
                field if at is None else f"{field}@{at}",
                message,
                text=text[:300],
                column=column,
                line=0 if self.line == self.out.line else self.line,
                **more,
            )
        )

    def warn(self, code: str, field: str, message: str, **more: Any) -> None:
        self.problem(code, field, message, blocks=False, **more)


def counts(rows: Sequence[Judged]) -> dict[str, int]:
    found = {verdict.value: 0 for verdict in Verdict}
    for row in rows:
        found[row.verdict.value] += 1
    return found
