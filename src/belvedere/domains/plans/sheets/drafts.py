"""Verbs on imports: bring a file, map its columns, decide on its rows, take it.

A draft is the file (kept under its own name in the home), a mapping and decisions; everything else is
computed
from them, so a draft can be resumed at any time and is compared with the measures as they are then.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.events import MeasuresImported
from belvedere.domains.plans.sheets import decisions as deciding
from belvedere.domains.plans.sheets import mapping as mapping_of
from belvedere.domains.plans.sheets import payers
from belvedere.domains.plans.sheets.asking import Question, questions
from belvedere.domains.plans.sheets.bulk import copy_in, quick
from belvedere.domains.plans.sheets.decisions import Decisions
from belvedere.domains.plans.sheets.errors import ImportMoved, NoSuchImport, Undecided, UnreadableFile
from belvedere.domains.plans.sheets.judging import Judge
from belvedere.domains.plans.sheets.known import KNOWN
from belvedere.domains.plans.sheets.mapping import Mapping
from belvedere.domains.plans.sheets.models import (
    ImportState,
    SheetImport,
    SheetMapping,
    SheetRow,
    SheetWord,
)
from belvedere.domains.plans.sheets.native import native_mapping
from belvedere.domains.plans.sheets.reading import Table, read
from belvedere.domains.plans.sheets.suggesting import suggest
from belvedere.domains.plans.sheets.taking import Taken, take_rows
from belvedere.domains.plans.sheets.totals import totals_of
from belvedere.domains.plans.sheets.verdicts import SURE, Judged, Verdict, counts
from belvedere.domains.plans.sheets.world import World
from belvedere.domains.territory.public import TerritoryView, territory_by_id
from belvedere.duties.journal.public import record, signed
from belvedere.engines.transactions import announce
from belvedere.kernel.clock import now, today
from belvedere.kernel.errors import N_, Refused
from belvedere.kernel.identifiers import fold, new_id

Told = Callable[[int], None]


def silent(percent: int) -> None:
    """Progress that nobody watches."""


def require_importer(actor: Actor, territory: TerritoryView) -> World:
    """The world of an actor who may import something here; Refused otherwise."""
    world = World.load(actor, territory)
    if not world.may_import:
        raise Refused(
            N_("Only managers of an organisation and administrators of the territory may import measures."),
            code="may_not_import",
        )
    return world


def folder() -> Path:
    path = Path(settings.MEDIA_ROOT) / "imports"
    path.mkdir(parents=True, exist_ok=True)
    return path


def file_of(draft: SheetImport) -> Path:
    return folder() / str(draft.pk)


def find(actor: Actor, territory: TerritoryView, import_id: UUID, *, lock: bool = False) -> SheetImport:
    """An import of the territory that the actor may see: its own, or any for an administrator."""
    rows = SheetImport.objects.select_for_update() if lock else SheetImport.objects.all()
    draft = rows.filter(pk=import_id, territory_id=territory.id).first()
    if draft is None or not (
        actor.governs(territory.id) or (actor.person_id and draft.by_id == actor.person_id)
    ):
        raise NoSuchImport(N_("There is no such import, or it is someone else’s."))
    return draft


# ------------------------------------------------------------------ bringing a file
def bring(
    *,
    actor: Actor,
    territory: TerritoryView,
    path: Path,
    file_name: str,
    sheet: str | None = None,
    mapping_name: str = "",
    change: Callable[[Mapping, Decisions], None] | None = None,
    then: Callable[[SheetImport, Checked], None] | None = None,
) -> UUID:
    """Read a file and keep it as a draft with a suggested (or saved) mapping, its rows judged.

    `change` decides on mapping and rows before they are judged; `then` goes on with the judged draft in the
    same transaction.
    """
    world = require_importer(actor, territory)
    table = read(path, sheet=sheet)
    mapping, decisions = _first_mapping(territory, table, mapping_name), Decisions()
    if change is not None:
        change(mapping, decisions)
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for chunk in iter(lambda: file.read(1 << 20), b""):
            digest.update(chunk)
    draft = SheetImport(
        id=new_id(),
        territory_id=territory.id,
        by_id=actor.person_id,
        file_name=Path(file_name).name[:255],
        sha256=digest.hexdigest(),
        size=path.stat().st_size,
        sheet=table.sheet[:120],
        mapping_name=mapping_name,
        description=_described(table),
        mapping=mapping_of.to_plain(mapping),
    )
    shutil.copyfile(path, file_of(draft))
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
            checked = _check(draft, table, mapping, decisions, world)
            if then is not None:
                then(draft, checked)
    except BaseException:
        file_of(draft).unlink(missing_ok=True)
        raise
    return draft.pk


def _described(table: Table) -> dict[str, Any]:
    return {
        "headers": table.headers,
        "header_lines": list(table.header_lines),
        "rows": len(table.rows),
        "sheets": [{"name": s.name, "rows": s.rows, "hidden": s.hidden} for s in table.sheets],
        "kind": table.kind.value,
        "encoding": table.encoding,
        "separator": table.separator,
        "total_line": table.total_line,
        "subtotal_lines": table.subtotal_lines,
        "note_lines": table.note_lines,
    }


def _first_mapping(territory: TerritoryView, table: Table, name: str) -> Mapping:
    if (own := native_mapping(table)) is not None:
        return own
    if name:
        return _saved(territory, table, name)
    saved = SheetMapping.objects.filter(territory_id=territory.id).order_by("-updated_at")
    for candidate in [mapping_of.from_plain(row.content) for row in saved[:50]] + list(KNOWN.values()):
        if table.headers and [fold(c.header) for c in candidate.columns] == [fold(h) for h in table.headers]:
            return mapping_of.adapt(candidate, table)
    return suggest(table, languages=territory.languages, currency=territory.currency)


def _saved(territory: TerritoryView, table: Table, name: str) -> Mapping:
    row = SheetMapping.objects.filter(territory_id=territory.id, name=name).first()
    saved = mapping_of.from_plain(row.content) if row is not None else KNOWN.get(name)
    if saved is None:
        known = sorted(
            {*KNOWN, *SheetMapping.objects.filter(territory_id=territory.id).values_list("name", flat=True)}
        )
        raise UnreadableFile(N_("There is no mapping “{name}”. Saved ones: {known}."), name=name, known=known)
    gone = mapping_of.missing(saved, table)
    if gone:
        raise UnreadableFile(
            N_("The mapping “{name}” reads columns this sheet does not have: {columns}."),
            name=name,
            columns=gone,
        )
    return mapping_of.adapt(saved, table)


# ------------------------------------------------------------------ checking
@dataclass(slots=True)
class Checked:
    """A draft judged against the present."""

    judge: Judge
    rows: list[Judged]
    questions: list[Question]


def _judge(draft: SheetImport, table: Table, mapping: Mapping, decisions: Decisions, world: World) -> Checked:
    zone = world.territory.zone
    if not mapping.native:
        payers.look(mapping, table, world)
    judge = Judge(table, mapping, decisions, world, source=draft.file_name, today=today(zone))
    return Checked(judge, judge.judge_all(), questions(mapping))


def _check(
    draft: SheetImport,
    table: Table,
    mapping: Mapping,
    decisions: Decisions,
    world: World,
    told: Told = silent,
) -> Checked:
    """Judge every row anew and keep the verdicts for the page."""
    checked = _judge(draft, table, mapping, decisions, world)
    told(60)
    SheetRow.objects.filter(sheet_import=draft, taken=False).delete()
    taken = set(SheetRow.objects.filter(sheet_import=draft).values_list("line", flat=True))
    copy_in(SheetRow, [_kept_row(draft, row) for row in checked.rows if row.line not in taken])
    draft.counts = counts([row for row in checked.rows if row.line not in taken])
    draft.totals = totals_of(table, mapping, checked.rows, checked.judge.context.money)
    draft.totals["merged"] = {
        code: sorted(words) for code, words in checked.judge.context.merged_words.items() if len(words) > 1
    }
    draft.totals["new_owners"] = len(checked.judge.context.new_owners)
    draft.totals["warnings"] = _warnings(checked.rows)
    draft.mapping, draft.decisions = mapping_of.to_plain(mapping), deciding.to_plain(decisions)
    draft.checked_at = now()
    draft.save()
    return checked


def _warnings(rows: Iterable[Judged]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in rows:
        for problem in row.problems:
            entry = found.setdefault(problem.code, {"rows": 0, "lines": [], "blocks": problem.blocks})
            entry["rows"] += 1
            if len(entry["lines"]) < 20:
                entry["lines"].append(row.line)
    return found


def _kept_row(draft: SheetImport, row: Judged) -> SheetRow:
    return quick(
        SheetRow,
        sheet_import_id=draft.pk,
        line=row.line,
        verdict=row.verdict.value,
        key=row.key[:120],
        title=row.title[:500],
        lines=row.lines if row.others else [],
        search=fold(f"{' '.join(map(str, row.lines))} {row.key} {row.title} {row.owner_name}"),
        problems=msgspec.to_builtins(row.problems),
        changes=msgspec.to_builtins(row.changes),
        groups=sorted({p.kind for p in row.problems}),
        measure_id=row.measure_id,
        version=row.version,
    )


def recheck(
    *,
    actor: Actor,
    territory: TerritoryView,
    import_id: UUID,
    change: Callable[[Mapping, Decisions], None] | None = None,
    told: Told = silent,
) -> Checked:
    """Apply `change` to a draft's mapping and decisions, and judge it again."""
    world = require_importer(actor, territory)
    with transaction.atomic():
        draft = open_draft(actor, territory, import_id)
        mapping, decisions = mapping_of.from_plain(draft.mapping), deciding.from_plain(draft.decisions)
        if change is not None:
            change(mapping, decisions)
        return _check(draft, read_file(draft), mapping, decisions, world, told)


def read_file(draft: SheetImport) -> Table:
    """The file of a draft, read again."""
    path = file_of(draft)
    if not path.exists():
        raise UnreadableFile(N_("The file of this draft is no longer here. Bring it again."))
    return read(path, sheet=draft.sheet or None)


def open_draft(
    actor: Actor, territory: TerritoryView, import_id: UUID, *, queued: bool = False
) -> SheetImport:
    """An import that is still a draft, locked; `queued`: by the job that takes it."""
    draft = find(actor, territory, import_id, lock=True)
    if draft.state != (ImportState.TAKING if queued else ImportState.DRAFT):
        raise ImportMoved(N_("This import is no longer a draft. Open it again to see where it stands."))
    return draft


def discard(*, actor: Actor, territory: TerritoryView, import_id: UUID) -> None:
    """Throw a draft away, with its file; what was already taken of it stays and can still be undone."""
    with transaction.atomic():
        draft = open_draft(actor, territory, import_id)
        path = file_of(draft)
        if draft.traces.exists():
            SheetRow.objects.filter(sheet_import=draft, taken=False).delete()
            draft.state = ImportState.TAKEN
            draft.save()
        else:
            draft.delete()
        transaction.on_commit(lambda: path.unlink(missing_ok=True))


# ------------------------------------------------------------------ mappings and words
def save_mapping(*, actor: Actor, territory: TerritoryView, import_id: UUID, name: str) -> None:
    """Save a draft's mapping under a name, for the next file of the same form."""
    require_importer(actor, territory)
    draft = find(actor, territory, import_id)
    content = dict(draft.mapping)
    for column in content.get("columns", []):
        column["sample"] = []
    SheetMapping.objects.update_or_create(
        territory_id=territory.id, name=name.strip()[:120], defaults={"content": content}
    )
    SheetImport.objects.filter(pk=draft.pk).update(mapping_name=name.strip()[:120])


def remember(territory: TerritoryView, field: str, word: str, target: str) -> None:
    """Keep what a word means, for the next imports of the territory."""
    if target and target != deciding.NEW:
        SheetWord.objects.update_or_create(
            territory_id=territory.id, field=field, word=word[:300], defaults={"target": target[:60]}
        )


# ------------------------------------------------------------------ taking
def take(
    *,
    actor: Actor,
    territory: TerritoryView,
    import_id: UUID,
    only_sure: bool = False,
    told: Told = silent,
    queued: bool = False,
) -> Taken:
    """Take the whole file, or its sure rows while the others wait; one transaction, all or nothing."""
    world = require_importer(actor, territory)
    with transaction.atomic():
        draft = open_draft(actor, territory, import_id, queued=queued)
        table = read_file(draft)
        told(5)
        mapping, decisions = mapping_of.from_plain(draft.mapping), deciding.from_plain(draft.decisions)
        checked = _judge(draft, table, mapping, decisions, world)
        told(20)
        return _take(actor, territory, draft, checked, only_sure, told)


def take_at_once(
    *,
    actor: Actor,
    territory: TerritoryView,
    path: Path,
    file_name: str,
    mapping_name: str = "",
    sheet: str | None = None,
    only_sure: bool = False,
    change: Callable[[Mapping, Decisions], None] | None = None,
) -> tuple[UUID, Taken]:
    """Bring a file and take it in the same transaction: nothing is kept unless it can be taken."""
    taken: list[Taken] = []

    def then(draft: SheetImport, checked: Checked) -> None:
        taken.append(_take(actor, territory, draft, checked, only_sure, silent))

    made = bring(
        actor=actor,
        territory=territory,
        path=path,
        file_name=file_name,
        mapping_name=mapping_name,
        sheet=sheet,
        change=change,
        then=then,
    )
    return made, taken[0]


def _take(
    actor: Actor, territory: TerritoryView, draft: SheetImport, checked: Checked, only_sure: bool, told: Told
) -> Taken:
    if checked.questions:
        raise Undecided(
            N_("Nothing was taken: {count} questions about the columns are open. Answer them first."),
            count=len(checked.questions),
        )
    rows = _to_take(draft, checked.rows, only_sure)
    result = take_rows(
        actor=actor, territory=territory, import_id=draft.pk, judge=checked.judge, rows=rows, told=told
    )
    _close(draft, rows, checked.rows, result, actor)
    return result


def _to_take(draft: SheetImport, judged: list[Judged], only_sure: bool) -> list[Judged]:
    """The rows to take. Refuses what changed since the preview, and a whole file with rows to fix."""
    kept = {
        r.line: r
        for r in SheetRow.objects.filter(sheet_import=draft).only("line", "version", "verdict", "taken")
    }
    moved = [
        row.line
        for row in judged
        if (seen := kept.get(row.line)) is not None
        and not seen.taken
        and seen.verdict != Verdict.LEFT_OUT
        and (row.version != seen.version)
    ]
    if moved:
        raise ImportMoved(
            N_(
                "Measures were changed since you looked, on lines {lines}. Nothing was "
                "taken: look at these lines again."
            ),
            lines=moved[:20],
            code="changed_since_preview",
        )
    waiting = [row for row in judged if not (row.line in kept and kept[row.line].taken)]
    to_fix = sum(row.verdict is Verdict.FIX for row in waiting)
    if to_fix and not only_sure:
        raise Undecided(
            N_("{count} rows are still to be fixed. Fix or leave them out, or take the sure rows only."),
            count=to_fix,
        )
    return [row for row in waiting if row.verdict in SURE]


def _close(draft: SheetImport, rows: list[Judged], judged: list[Judged], result: Taken, actor: Actor) -> None:
    lines = [row.line for row in rows]
    for start in range(0, len(lines), 5000):
        SheetRow.objects.filter(sheet_import=draft, line__in=lines[start : start + 5000]).update(taken=True)
    waiting = SheetRow.objects.filter(sheet_import=draft, taken=False, verdict=Verdict.FIX).exists()
    draft.state = ImportState.DRAFT if waiting else ImportState.TAKEN
    before = draft.counts.get("taken", {})
    draft.counts = {
        **(counts([row for row in judged if row.verdict not in SURE])),
        "taken": {
            "created": before.get("created", 0) + result.created,
            "changed": before.get("changed", 0) + result.changed,
            "same": before.get("same", 0) + result.same,
        },
    }
    draft.taken_at, draft.message = now(), {}
    draft.save()
    if not (result.created or result.changed):
        return
    record(
        **signed(actor),
        verb="plans.import_measures",
        subject=("sheets.sheetimport", str(draft.pk)),
        territory_id=draft.territory_id,
        after={
            "file": draft.file_name,
            "sha256": draft.sha256,
            "created": result.created,
            "changed": result.changed,
        },
    )
    told = MeasuresImported(draft.pk, draft.territory_id, result.created, result.changed)
    announce(told)


def territory_of(import_id: UUID) -> TerritoryView:
    """The territory of an import, for the command line; NotFound when there is none."""
    territory_id = SheetImport.objects.filter(pk=import_id).values_list("territory_id", flat=True).first()
    if territory_id is None:
        raise NoSuchImport(N_("There is no such import, or it is someone else’s."))
    return territory_by_id(territory_id)
