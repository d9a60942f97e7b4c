"""A draft: what is undecided first, then the rows with their verdicts, the totals beside."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from belvedere.domains.plans.sheets import public as sheets
from belvedere.domains.territory.public import organisations
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.faces.web.pages.plans.sheets import words
from belvedere.kernel.paging import Window

WINDOW = 60
MOST_OWNERS = 400
MOST_YEARS = 40
_SPANS = ("before", "", "after")
OWNER_PROBLEMS = frozenset({"owner_unknown", "owner_missing", "funder_unknown"})


@require_GET
@in_cockpit
def draft(request: HttpRequest, room: Room, import_id: UUID) -> HttpResponse:
    """The page of an import."""
    return render(request, "plans/sheets/import.html", context_of(request, room, import_id))


@require_GET
@in_cockpit
def rows(request: HttpRequest, room: Room, import_id: UUID) -> HttpResponse:
    """The next rows of the list."""
    head = sheets.draft_view(room.actor, room.territory, import_id)
    context = _rows_context(request, room, import_id, _verdict(request))
    return render(request, "plans/sheets/rows.html", {**context, "is_draft": head.view.state == "draft"})


def context_of(
    request: HttpRequest, room: Room, import_id: UUID, given: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """What the page shows; `given` is what a person just wrote into the columns and was refused."""
    head = sheets.draft_view(room.actor, room.territory, import_id)
    verdict = _verdict(request, head)
    is_draft = head.view.state == "draft"
    questions = [_question(room, head, question, given or {}) for question in head.questions]
    columns = _columns(room, head, questions, given or {})
    context = {
        "room": room,
        "head": head,
        "one": head.view,
        "is_draft": is_draft,
        "page_url": room.url("import", import_id=import_id),
        "refused": words.said(head.message.get("text", ""), head.message.get("data", {})),
        "steps": _steps(head),
        "questions": questions,
        "asked_first": [q for q in questions if q["at"] is None and q["setting"] != "payers"],
        "payers": _payers(room, head),
        "unknown_payers": any(q["setting"] == "payers" for q in questions),
        "note_lines": head.description.get("note_lines", []),
        "settled": [_question(room, head, question, given or {}) for question in head.settled],
        "name": (given or {}).get("name", head.mapping_name),
        "columns_first": [c for c in columns if c["unsure"] or c["asks"]],
        "columns_rest": [c for c in columns if not (c["unsure"] or c["asks"])],
        "tabs": _tabs(head, verdict, request.GET.get("q", "")),
        "totals": _totals(head),
        "read_columns": sum(bool(c.field) for c in head.mapping.columns),
        "settings": head.mapping.settings,
        "unknown_owners": head.totals.get("warnings", {}).get("owner_unknown", {}).get("rows", 0),
        "may_create": room.actor.governs(room.territory.id),
    }
    return {**context, **_rows_context(request, room, import_id, verdict)}


def _verdict(request: HttpRequest, head: sheets.DraftView | None = None) -> str:
    given = request.GET.get("verdict")
    if given is not None:
        return given if given in words.VERDICTS else ""
    return "fix" if head is not None and head.to_fix else ""


def _rows_context(request: HttpRequest, room: Room, import_id: UUID, verdict: str) -> dict[str, Any]:
    text, code = request.GET.get("q", "")[:200], request.GET.get("code", "")[:40]
    start = request.GET.get("start", "0")
    window = Window(int(start) if start.isascii() and start.isdigit() and len(start) < 8 else 0, WINDOW)
    page = sheets.rows_window(
        room.actor, room.territory, import_id, verdict=verdict, text=text, code=code, window=window
    )
    query = {"verdict": verdict, "q": text, "code": code}
    following = page.next_start
    return {
        "room": room,
        "page": page,
        "shown": [_row(room, row) for row in page.rows],
        "verdict": verdict,
        "text": text,
        "code": code,
        "owners": _owners(room, page.rows),
        "decide_url": room.url("import_decide", import_id=import_id),
        "query": urlencode(query),
        "next_url": ""
        if following is None
        else f"{room.url('import_rows', import_id=import_id)}?{urlencode({**query, 'start': following})}",
    }


def _owners(room: Room, rows: Sequence[sheets.RowView]) -> list[tuple[str, str]]:
    """The organisations to choose from, where a row asks for one."""
    asked = any(p.offer == "choose" and p.code in OWNER_PROBLEMS for row in rows for p in row.problems)
    if not asked:
        return []
    return [(str(o.id), o.name) for o in organisations(room.territory.id, active_only=True)[:MOST_OWNERS]]


def _row(room: Room, row: sheets.RowView) -> dict[str, Any]:
    label, _, icon, level = words.VERDICTS[row.verdict]
    return {
        "row": row,
        "lines": words.lines(row.lines),
        "label": gettext("taken") if row.taken else gettext(label),
        "icon": "check" if row.taken else icon,
        "level": "ok" if row.taken else level,
        "problems": [_problem(row, problem) for problem in row.problems],
        "changes": [
            {
                "label": words.change_label(c.field),
                "before": words.value(c.before, c.field),
                "after": words.value(c.after, c.field),
            }
            for c in row.changes
        ],
        "url": room.measure_url(row.measure_id)
        if row.measure_id and (row.taken or row.verdict != "create")
        else "",
    }


def _problem(row: sheets.RowView, problem: Any) -> dict[str, Any]:
    base = problem.field.partition("@")[0]
    return {
        "it": problem,
        "said": words.said(problem.message, problem.data),
        "cell": ""
        if problem.column is None
        else f"{sheets.column_name(problem.column)}{problem.line or row.line}",
        "alike": row.alike.get(problem.kind, 1) - 1,
        "base": base,
        "kind": problem.kind,
        "line": problem.line or row.line,
        "reading": words.reading(problem.suggestion) if problem.offer == "convert" else "",
        "may_be_empty": problem.code in ("date_unreadable", "amount_unreadable"),
        "word": f"{base.removesuffix('_name').removesuffix('_code')}:{problem.group}",
    }


# ------------------------------------------------------------------ head
def _steps(head: sheets.DraftView) -> list[dict[str, str]]:
    undecided, to_fix = len(head.questions), head.to_fix
    taken = head.view.state != "draft"
    at = 3 if taken or not (undecided or to_fix) else 1 if undecided else 2
    labels = [
        gettext("File"),
        gettext("Columns, %(count)s to decide") % {"count": undecided} if undecided else gettext("Columns"),
        gettext("Rows, %(count)s to fix") % {"count": to_fix} if to_fix else gettext("Rows"),
        gettext("Totals and taking"),
    ]
    urls = ["", "#columns", "#rows", "#totals"]
    return [
        {
            "label": label,
            "url": url,
            "state": "done" if number < at or taken else "current" if number == at else "",
        }
        for number, (label, url) in enumerate(zip(labels, urls, strict=True))
    ]


def _question(room: Room, head: sheets.DraftView, question: Any, given: Mapping[str, str]) -> dict[str, Any]:
    options = [{"value": o.value, "label": words.said(o.label, o.data)} for o in question.options]
    if question.setting in ("owner", "funder"):
        options += [
            {"value": str(o.id), "label": o.name}
            for o in organisations(room.territory.id, active_only=True)[:500]
        ]
    elif question.setting == "plan":
        options += [{"value": code, "label": label} for code, label in sheets.plan_codes(room.territory)]
    held = getattr(head.mapping.settings, question.setting, None)
    keys = [str(at) for at, column in enumerate(head.mapping.columns) if column.key]
    return {
        "keys": keys,
        "why": words.said(question.why, question.data),
        "at": question.columns[0] if question.columns else None,
        "chosen": given.get(question.setting, "" if held is None else str(held)),
        "setting": question.setting,
        "said": words.said(question.text, question.data),
        "options": options,
        "long": len(options) > 4,
        "columns": [
            {
                "name": sheets.column_name(at),
                "header": head.mapping.columns[at].header,
                "sample": head.mapping.columns[at].sample,
            }
            for at in question.columns[:4]
        ],
    }


def _columns(
    room: Room, head: sheets.DraftView, questions: Sequence[dict[str, Any]], given: Mapping[str, str]
) -> list[dict[str, Any]]:
    choices = _choices(room)
    return [
        {
            "at": at,
            "name": sheets.column_name(at),
            "header": column.header or gettext("(no title)"),
            "sample": " · ".join(column.sample),
            "chosen": given.get(
                f"column-{at}", f"{column.field}:{column.argument}" if column.argument else column.field
            ),
            "asks": [question for question in questions if question["at"] == at],
            "choices": [*choices, *_years(head.mapping, column)],
            "why": words.said(column.why, column.data),
            "payer": column.payer,
            "filled": column.filled,
            "unsure": not column.sure,
        }
        for at, column in enumerate(head.mapping.columns)
        if column.filled or column.field
    ]


def _years(mapping: sheets.Mapping, column: Any) -> list[tuple[str, str]]:
    """The years and buckets a column of amounts can be read into, where the sheet has a column a year."""
    found = {c.when.year for c in mapping.columns if c.field == "spend" and not c.when.span}
    whens = {c.argument: c.when for c in mapping.columns if c.field == "spend"}
    if found and (column.unit or column.field in ("", "cost", "spend", "subsidy", "eligible", "line")):
        for year in range(min(found), min(max(found), min(found) + MOST_YEARS) + 1):
            whens.setdefault(str(year), sheets.When(year))
        for when in (sheets.When(min(found) - 1, "before"), sheets.When(max(found) + 1, "after")):
            whens.setdefault(when.argument, when)
    elif column.field != "spend":
        return []
    if column.field == "spend":
        for state in ("projected", "voted", "committed", "paid"):
            when = sheets.When(column.when.year, column.when.span, state)
            whens.setdefault(when.argument, when)
    ordered = sorted(whens.items(), key=lambda pair: (_SPANS.index(pair[1].span), pair[1].year, pair[0]))
    return [(f"spend:{argument}", words.when(when)) for argument, when in ordered]


def _payers(room: Room, head: sheets.DraftView) -> list[dict[str, Any]]:
    """The codes of the sheet for who pays, each with those to choose from, the unknown ones first."""
    found = [payer for payer in head.mapping.payers if payer.rows]
    if not found:
        return []
    options = [("own", gettext("the owner’s own money")), ("state", gettext("The State"))]
    if room.actor.governs(room.territory.id):
        options.append(("new", gettext("Create this organisation")))
    options += [(str(o.id), o.name) for o in organisations(room.territory.id, active_only=True)[:MOST_OWNERS]]
    return [
        {
            "word": payer.word,
            "text": payer.text,
            "rows": payer.rows,
            "chosen": payer.target or payer.suggested,
            "unknown": not payer.target,
            "options": options,
        }
        for payer in sorted(found, key=lambda payer: (bool(payer.target), payer.text.casefold()))
    ]


def _choices(room: Room) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for field in sheets.FIELDS:
        if field.kind == "native" or field.argument == "year" or field.key in ("belvedere_id", "version"):
            continue
        if field.argument == "language":
            found += [
                (f"{field.key}:{code}", f"{gettext(field.label)} ({code})")
                for code in room.territory.languages
            ]
        else:
            found.append((field.key, gettext(field.label)))
    return sorted(found, key=lambda pair: pair[1].casefold())


def _tabs(head: sheets.DraftView, verdict: str, text: str) -> list[dict[str, Any]]:
    counts, taken = head.verdicts, head.view.state == "taken"
    every = {"value": "", "label": gettext("All"), "count": sum(counts.values()), "icon": "", "level": ""}
    tabs = [every] + [
        {
            "value": key,
            "label": gettext(words.TAKEN.get(key, label) if taken else label),
            "count": counts.get(key, 0),
            "icon": icon,
            "level": level,
        }
        for key, (_, label, icon, level) in words.VERDICTS.items()
    ]
    for tab in tabs:
        tab["current"] = tab["value"] == verdict
        tab["query"] = urlencode({"verdict": tab["value"], "q": text})
    return tabs


def _totals(head: sheets.DraftView) -> dict[str, Any]:
    totals = head.totals
    found = totals.get("amounts", [])
    owners = totals.get("owners", [])
    millions = words.in_millions([one["read"] for one in found] + [owner["cost"] for owner in owners])
    return {
        "rows": totals.get("rows", {}),
        "millions": millions,
        "amounts": [_amount(one, millions) for one in found],
        "owners": [
            {
                "name": owner["name"] or gettext("owner to decide"),
                "cost": words.amount(owner["cost"], millions),
            }
            for owner in owners[:8]
        ],
        "other_owners": max(0, len(owners) - 8) + totals.get("other_owners", 0),
        "merged": [sorted(spellings) for spellings in totals.get("merged", {}).values()],
        "new_owners": totals.get("new_owners", 0),
    }


def _amount(one: Mapping[str, Any], millions: bool) -> dict[str, Any]:
    """One amount held against the sheet's, written in millions of the currency or in full."""
    shown = {name: words.amount(one[name], millions) for name in ("sheet", "read", "gap", "unexplained")}
    return {
        **one,
        **shown,
        "lines": [
            {
                "line": line["line"],
                "said": gettext(words.REASONS.get(line["why"], words.REASONS["not_read"])),
                "amount": words.amount(line["amount"], millions),
            }
            for line in one["lines"][:12]
        ],
        "equal": one["gap"] in ("0.00", "-0.00"),
        "wide": max(map(len, shown.values())) > 9,
        "label": words.amount_label(one["field"]),
        "hidden": one["more"] + max(0, len(one["lines"]) - 12),
    }


@require_GET
@in_cockpit
def to_fix(request: HttpRequest, room: Room, import_id: UUID) -> HttpResponseBase:
    """The rows that wait as a workbook, as they stood, with the reason in a last column."""
    waiting = sheets.blocking_rows(room.actor, room.territory, import_id)
    headers, cells = sheets.waiting_cells(room.actor, room.territory, import_id)
    found = [
        (line, cells.get(line, []), " ".join(words.said(p.message, p.data) for p in problems))
        for line, problems in waiting
    ]
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the answer closes it)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.xlsx"
        sheets.write_rows_to_fix(path, headers, found, gettext("Why"))
        file.write(path.read_bytes())
    file.seek(0)
    return FileResponse(
        file,
        as_attachment=True,
        filename=gettext("rows-to-fix") + ".xlsx",
        content_type=sheets.FORMATS["xlsx"],
    )
