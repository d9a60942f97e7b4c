"""Typed reads of imports for faces: history, the head of a draft, a window of its rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Count

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.models import Plan
from belvedere.domains.plans.sheets import decisions as deciding
from belvedere.domains.plans.sheets import drafts
from belvedere.domains.plans.sheets import mapping as mapping_of
from belvedere.domains.plans.sheets.asking import Question, questions
from belvedere.domains.plans.sheets.decisions import Decisions
from belvedere.domains.plans.sheets.known import KNOWN
from belvedere.domains.plans.sheets.mapping import Mapping
from belvedere.domains.plans.sheets.models import ImportState, SheetImport, SheetMapping, SheetRow
from belvedere.domains.plans.sheets.records import FieldChange
from belvedere.domains.plans.sheets.undoing import UNDO_DAYS
from belvedere.domains.plans.sheets.verdicts import Problem, Verdict
from belvedere.domains.territory.public import TerritoryView
from belvedere.kernel.clock import now
from belvedere.kernel.identifiers import fold
from belvedere.kernel.paging import Page, Window
from belvedere.kernel.texts import text_in

MOST_HISTORY = 50
ANSWERS = (
    "unit",
    "vat",
    "price_base",
    "decimal",
    "year",
    "crs",
    "owner",
    "funder",
    "plan",
    "grouped",
    "states",
    "percent",
)


@dataclass(frozen=True, slots=True)
class ImportView:
    """An import. `counts` by verdict; `taken` created, changed and same so far."""

    id: UUID
    file_name: str
    sheet: str
    size: int
    state: str
    created_at: datetime
    taken_at: datetime | None
    undone_at: datetime | None
    counts: dict[str, int]
    taken: dict[str, int]
    can_undo: bool


@dataclass(frozen=True, slots=True)
class DraftView:
    """The head of a draft: what was read, how, what is undecided, what was answered, the totals.

    `verdicts` counts all rows, those taken too.
    """

    view: ImportView
    description: dict[str, Any]
    mapping: Mapping
    mapping_name: str
    questions: list[Question]
    settled: list[Question]
    totals: dict[str, Any]
    message: dict[str, Any]
    verdicts: dict[str, int]

    @property
    def sure(self) -> int:
        return sum(self.view.counts.get(verdict, 0) for verdict in ("create", "change", "same"))

    @property
    def to_fix(self) -> int:
        return self.view.counts.get("fix", 0)


@dataclass(frozen=True, slots=True)
class RowView:
    """A row with its verdict; `alike` counts the rows with the same problem, by the problem's kind."""

    line: int
    verdict: str
    key: str
    title: str
    problems: list[Problem]
    changes: list[FieldChange]
    taken: bool
    decided: bool
    measure_id: UUID | None
    alike: dict[str, int] = field(default_factory=dict)
    lines: list[int] = field(default_factory=list)  # all lines of the measure, where it has several


def _view(row: SheetImport) -> ImportView:
    recent = row.taken_at is not None and now() - row.taken_at <= timedelta(days=UNDO_DAYS)
    counts = {k: v for k, v in row.counts.items() if isinstance(v, int)}
    taken = row.counts.get("taken", {})
    return ImportView(
        row.pk,
        row.file_name,
        row.sheet,
        row.size,
        row.state,
        row.created_at,
        row.taken_at,
        row.undone_at,
        counts,
        taken,
        recent and row.state != ImportState.UNDONE and bool(taken.get("created") or taken.get("changed")),
    )


def imports_of(actor: Actor, territory: TerritoryView) -> list[ImportView]:
    """The newest imports: the actor's own, all of the territory for an administrator."""
    rows = SheetImport.objects.filter(territory_id=territory.id).order_by("-created_at")
    if not actor.governs(territory.id):
        rows = rows.filter(by_id=actor.person_id) if actor.person_id else rows.none()
    return [_view(row) for row in rows.defer("description", "mapping", "decisions", "totals")[:MOST_HISTORY]]


def mapping_names(territory: TerritoryView) -> list[str]:
    """The names of saved mappings, those that come with the platform last."""
    saved = SheetMapping.objects.filter(territory_id=territory.id).values_list("name", flat=True)
    return [*sorted(saved), *sorted(set(KNOWN) - set(saved))]


def draft_view(actor: Actor, territory: TerritoryView, import_id: UUID) -> DraftView:
    row = drafts.find(actor, territory, import_id)
    mapping = mapping_of.from_plain(row.mapping)
    open_ = questions(mapping)
    return DraftView(
        _view(row),
        row.description,
        mapping,
        row.mapping_name,
        open_,
        _settled(mapping, {question.setting for question in open_}),
        row.totals,
        row.message,
        dict(
            SheetRow.objects.filter(sheet_import=row)
            .values_list("verdict")
            .annotate(count=Count("pk"))
            .order_by()
        ),
    )


def _settled(mapping: Mapping, still_open: set[str]) -> list[Question]:
    """The questions that have their answer, so that it can be changed."""
    blank = msgspec.structs.replace(
        mapping,
        settings=msgspec.structs.replace(mapping.settings, **dict.fromkeys(ANSWERS)),
    )
    return [question for question in questions(blank) if question.setting not in still_open]


def rows_window(
    actor: Actor,
    territory: TerritoryView,
    import_id: UUID,
    *,
    verdict: str = "",
    text: str = "",
    code: str = "",
    window: Window | None = None,
) -> Page[RowView]:
    """A window of the rows, in the order of the sheet; `code` keeps those with such a problem."""
    window = window or Window()
    draft = drafts.find(actor, territory, import_id)
    decisions = deciding.from_plain(draft.decisions)
    rows = SheetRow.objects.filter(sheet_import=draft)
    if verdict in set(Verdict):
        rows = rows.filter(verdict=verdict)
    if code:
        rows = rows.filter(problems__contains=[{"code": code}])
    for word in fold(text).split():
        rows = rows.filter(search__contains=word)
    total = rows.count()
    found = list(rows.order_by("line")[window.start : window.start + window.size])
    alike = _alike(draft, found)
    touched = _touched(decisions)
    shown = [
        RowView(
            row.line,
            row.verdict,
            row.key,
            row.title,
            msgspec.convert(row.problems, list[Problem]),
            msgspec.convert(row.changes, list[FieldChange]),
            row.taken,
            not touched.isdisjoint([row.line, *row.lines]),
            row.measure_id,
            alike,
            row.lines,
        )
        for row in found
    ]
    return Page(shown, total, window)


def _alike(draft: SheetImport, rows: list[SheetRow]) -> dict[str, int]:
    wanted = {
        p["code"] + ":" + p["field"] + ":" + p.get("group", "")
        for row in rows
        for p in row.problems
        if p["blocks"]
    }
    if not wanted:
        return {}
    times: Counter[str] = Counter()
    for groups in SheetRow.objects.filter(sheet_import=draft, verdict="fix").values_list("groups", flat=True):
        times.update(wanted & set(groups))
    return dict(times)


def _touched(decisions: Decisions) -> frozenset[int]:
    lines = {int(key.partition(":")[0]) for key in decisions.cells}
    return frozenset(lines | {int(line) for line in decisions.sides} | set(decisions.left_out))


def blocking_rows(actor: Actor, territory: TerritoryView, import_id: UUID) -> list[tuple[int, list[Problem]]]:
    """Every line that waits, with the problems of its measure, in the order of the sheet."""
    draft = drafts.find(actor, territory, import_id)
    rows = SheetRow.objects.filter(sheet_import=draft, verdict__in=("fix", "left_out"), taken=False).order_by(
        "line"
    )
    return [
        (one, msgspec.convert(problems, list[Problem]))
        for line, lines, problems in rows.values_list("line", "lines", "problems")
        for one in lines or [line]
    ]


def waiting_cells(
    actor: Actor, territory: TerritoryView, import_id: UUID
) -> tuple[list[str], dict[int, list[Any]]]:
    """The sheet as it stood: its titles, and the cells by line."""
    draft = drafts.find(actor, territory, import_id)
    table = drafts.read_file(draft)
    return table.headers, dict(zip(table.lines, table.rows, strict=True))


def plan_codes(territory: TerritoryView) -> list[tuple[str, str]]:
    """The plans of the territory: code, and code with title."""
    language = territory.languages[0]
    return [
        (plan.code, f"{plan.code} · {text_in(plan.title, language)}")
        for plan in Plan.objects.filter(territory_id=territory.id).order_by("code")
    ]
