"""Taking judged rows into the database, all in one transaction; and taking an import back.

The verbs on one measure (`plans.actions`) stay the way people change things; this is the same work for
thousands at a time: rights were asked row by row when the rows were judged, figures come from the same
functions, every measure has its own journal entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import F

from belvedere.domains.access.public import Actor
from belvedere.domains.plans import figures
from belvedere.domains.plans.models import Category, Measure, Plan, PlanNode
from belvedere.domains.plans.sheets.bulk import copy_in, quick
from belvedere.domains.plans.sheets.judging import Judge
from belvedere.domains.plans.sheets.models import SheetImport, SheetTrace
from belvedere.domains.plans.sheets.records import LISTS, Record, plain
from belvedere.domains.plans.sheets.rows import Keys, Parts, fill, measure_row, replace_parts, write_steps
from belvedere.domains.plans.sheets.verdicts import Judged, Verdict
from belvedere.domains.plans.writing import names_of_places
from belvedere.domains.territory.public import TerritoryView, create_organisations
from belvedere.duties.journal.public import Entry, record_many, signed
from belvedere.kernel.clock import today
from belvedere.kernel.identifiers import fold

Told = Callable[[int], None]
ALL_LISTS = frozenset(LISTS)


@dataclass(frozen=True, slots=True)
class Taken:
    created: int
    changed: int
    same: int


def keys_for(territory: TerritoryView, owners: dict[str, str], place_ids: Iterable[str] = ()) -> Keys:
    """What the names in records mean, with the organisations made meanwhile; `place_ids`: those named."""
    from belvedere.domains.territory.public import organisations

    labels = {str(view.id): " ".join(view.names.values()) for view in organisations(territory.id)}
    categories = {c.code: c for c in Category.objects.filter(territory_id=territory.id)}
    plans = {p.code: p for p in Plan.objects.filter(territory_id=territory.id)}
    nodes = {
        (node.plan.code, node.path): node
        for node in PlanNode.objects.filter(plan__territory_id=territory.id).select_related("plan")
    }
    return Keys(
        owners,
        labels,
        {code: c.pk for code, c in categories.items()},
        {code: " ".join(c.names.values()) for code, c in categories.items()},
        plans,
        nodes,
        {str(pk): " ".join(names) for pk, names in names_of_places(map(UUID, place_ids)).items()},
    )


def take_rows(
    *, actor: Actor, territory: TerritoryView, import_id: UUID, judge: Judge, rows: list[Judged], told: Told
) -> Taken:
    """Create and change the measures of `rows`. Call it inside a transaction."""
    owners = _make_owners(actor, territory, judge, rows)
    told(25)
    _make_words(territory, judge, rows)
    keys = keys_for(territory, owners, {place for r in rows if r.record for place in r.record.places})
    told(30)
    created = _create(actor, territory, import_id, keys, [r for r in rows if r.verdict is Verdict.CREATE])
    told(70)
    changed = _change(
        actor, territory, import_id, keys, [r for r in rows if r.verdict is Verdict.CHANGE], judge
    )
    _take_steps(judge, rows)
    told(95)
    return Taken(created, changed, sum(r.verdict is Verdict.SAME for r in rows))


def _make_owners(actor: Actor, territory: TerritoryView, judge: Judge, rows: list[Judged]) -> dict[str, str]:
    used = {r.record.owner for r in rows if r.record} | {
        aid.organisation for r in rows if r.record for aid in r.record.aids
    }
    listed = {listing.plan for r in rows if r.record for listing in r.record.listings}
    used |= {draft.owner for code, draft in judge.context.new_plans.items() if code in listed}
    wanted = [key for key in judge.context.new_owners if key in used]
    if not wanted:
        return {}
    made = create_organisations(
        actor=actor, territory_id=territory.id, drafts=[judge.context.new_owners[key] for key in wanted]
    )
    return {key: str(pk) for key, pk in zip(wanted, made, strict=True)}


def _make_words(territory: TerritoryView, judge: Judge, rows: list[Judged]) -> None:
    """New categories, new spellings of known ones, plans and axes of our own export."""
    language = territory.languages[0]
    used = {r.record.category for r in rows if r.record} - {""}
    known = {c.code: c for c in Category.objects.filter(territory_id=territory.id)}
    for code in sorted(used):
        spellings = sorted({fold(text)[:120] for text in judge.context.merged_words.get(code, ())})
        if code not in known:
            Category.objects.create(
                territory_id=territory.id,
                code=code,
                synonyms=spellings,
                names={language: judge.context.new_categories.get(code, code)},
            )
        elif more := sorted(set(spellings) - set(known[code].synonyms)):
            known[code].synonyms = [*known[code].synonyms, *more]
            known[code].save(update_fields=["synonyms"])
    _make_plans(territory, judge, rows)


def _make_plans(territory: TerritoryView, judge: Judge, rows: list[Judged]) -> None:
    listed = {listing.plan for r in rows if r.record for listing in r.record.listings}
    language = territory.languages[0]
    owners, made = dict(judge.world.codes), set()
    for code, draft in sorted(judge.context.new_plans.items()):
        if code not in listed:
            continue
        Plan.objects.create(
            territory_id=territory.id,
            type=draft.type,
            code=code,
            title={language: draft.title},
            owner_id=_owner_now(territory, draft.owner, judge, owners),
            generation=draft.generation,
            currency=draft.currency,
            vat=draft.vat,
            price_base=draft.price_base,
            **msgspec.structs.asdict(draft.facts),
        )
        made.add(code)
    for code in made:
        if previous := judge.context.new_plans[code].previous:
            before = Plan.objects.filter(territory_id=territory.id, code=previous).first()
            Plan.objects.filter(territory_id=territory.id, code=code).update(previous=before)
    if judge.native is None:
        return
    plans = {p.code: p for p in Plan.objects.filter(territory_id=territory.id)}
    for (plan, path), title in sorted(judge.native.nodes.items()):
        if plan in plans and not PlanNode.objects.filter(plan=plans[plan], path=path).exists():
            PlanNode.objects.create(
                plan=plans[plan],
                path=path,
                code=path.rsplit(".", 1)[-1][:40],
                title={language: title or path},
            )


def _owner_now(territory: TerritoryView, key: str, judge: Judge, owners: dict[str, str]) -> UUID:
    """The organisation that `key` stands for, when it was only just created."""
    if not key.startswith("new:"):
        return UUID(key)
    from belvedere.domains.territory.public import organisations

    draft = judge.context.new_owners[key]
    for view in organisations(territory.id):
        if (draft.code and view.code == draft.code) or (
            not draft.code and dict(view.names) == dict(draft.names)
        ):
            return view.id
    raise LookupError(key)


def _create(actor: Actor, territory: TerritoryView, import_id: UUID, keys: Keys, rows: list[Judged]) -> int:
    measures: list[Measure] = []
    parts = Parts()
    traces, entries, file, day = [], [], _file_name(import_id), today()
    for row in rows:
        assert row.record is not None
        measure = measure_row(row.record, territory.id, keys, version=_version(row))
        measures.append(measure)
        made = parts.add(measure.pk, row.record, keys, ALL_LISTS, measure)
        parts.figures.append(figures.work_out(measure.pk, made, day=day))
        traces.append(_trace(import_id, row, measure.pk, measure.version, None))
        after = {"title": measure.title, "import": str(import_id), "file": file, "line": row.line}
        if row.record.cost is not None:
            after["cost"] = str(row.record.cost)
        entries.append(_entry(actor, territory, measure.pk, "create_measure", {}, after))
    copy_in(Measure, measures)
    parts.write()
    # Federal aid hangs on the deadlines of the listings: who is federal is known once the rows are there.
    figures.refresh({row.measure_id for row in parts.listings if row.start_deadline or row.claim_deadline})
    copy_in(SheetTrace, traces)
    record_many(entries)
    return len(measures)


def _take_steps(judge: Judge, rows: list[Judged]) -> None:
    """The links between generations, once every listing of the file is there."""
    wanted = []
    for row in rows:
        if row.record is None or row.verdict not in (Verdict.CREATE, Verdict.CHANGE):
            continue
        present = judge.world.present.get(row.measure_id) if row.measure_id else None
        if row.record.id is not None and row.record.steps != (present[0].steps if present else ()):
            wanted.append((row.record.id, row.record.steps))
    if wanted:
        write_steps(wanted)


def _version(row: Judged) -> int:
    """A measure that comes back from an export keeps its version, so that exports stay alike."""
    return row.version if row.version and row.measure_id else 1


def _change(
    actor: Actor, territory: TerritoryView, import_id: UUID, keys: Keys, rows: list[Judged], judge: Judge
) -> int:
    if not rows:
        return 0
    by_id = {row.measure_id: row for row in rows if row.measure_id is not None}
    traces, entries, replaced, file = [], [], [], _file_name(import_id)
    measures = list(Measure.objects.select_for_update(of=("self",)).filter(pk__in=list(by_id)))
    for measure in measures:
        row = by_id[measure.pk]
        assert row.record is not None
        before = judge.world.present[measure.pk][0]
        fill(measure, row.record, keys)
        measure.version += 1
        replaced.append((measure.pk, before, row.record))
        traces.append(_trace(import_id, row, measure.pk, measure.version, before))
        entries.append(_change_entry(actor, territory, measure.pk, row, import_id, file))
    _save(measures)
    replace_parts(replaced, keys)
    figures.refresh([measure.pk for measure in measures])
    copy_in(SheetTrace, traces)
    record_many(entries)
    return len(measures)


_SAVED = [
    "external_id",
    "title",
    "description",
    "kind",
    "phase_scheme",
    "phase",
    "category",
    "owner",
    "implementation",
    "published",
    "is_example",
    "search",
    "version",
]


def _file_name(import_id: UUID) -> str:
    return SheetImport.objects.values_list("file_name", flat=True).get(pk=import_id)


def _save(measures: list[Measure]) -> None:
    Measure.objects.bulk_update(measures, _SAVED, batch_size=1000)


def _trace(import_id: UUID, row: Judged, measure_id: UUID, version: int, before: Record | None) -> SheetTrace:
    return quick(
        SheetTrace,
        sheet_import_id=import_id,
        measure_id=measure_id,
        line=row.line,
        created=before is None,
        version=version,
        before=None if before is None else plain(before),
    )


def _entry(
    actor: Actor,
    territory: TerritoryView,
    measure_id: UUID,
    verb: str,
    before: dict[str, Any],
    after: dict[str, Any],
) -> Entry:
    return Entry(
        **signed(actor),
        verb=f"plans.{verb}",
        subject=("plans.measure", str(measure_id)),
        territory_id=territory.id,
        before=before,
        after=after,
    )


def _change_entry(
    actor: Actor, territory: TerritoryView, measure_id: UUID, row: Judged, import_id: UUID, file: str
) -> Entry:
    before = {change.field: change.before for change in row.changes}
    after: dict[str, Any] = {change.field: change.after for change in row.changes}
    after |= {"import": str(import_id), "file": file, "line": row.line}
    return _entry(actor, territory, measure_id, "import_measure", before, after)


# ------------------------------------------------------------------ taking back
def untouched(traces: list[SheetTrace]) -> tuple[list[SheetTrace], list[SheetTrace]]:
    """Which traced measures are as the import left them, and which were changed since."""
    versions = dict(
        Measure.objects.filter(pk__in=[t.measure_id for t in traces]).values_list("pk", "version")
    )
    same = [t for t in traces if versions.get(t.measure_id) == t.version]
    return same, [t for t in traces if t.measure_id in versions and versions[t.measure_id] != t.version]


def take_back(
    *, actor: Actor, territory: TerritoryView, traces: list[SheetTrace], present: dict[UUID, Any]
) -> None:
    """Delete what the traces created, restore what they changed. Call it inside a transaction."""
    created = [t.measure_id for t in traces if t.created]
    _delete(created)
    from belvedere.domains.plans.sheets.records import from_plain

    old = {t.measure_id: from_plain(t.before) for t in traces if not t.created}
    keys = keys_for(territory, {}, {place for record in old.values() for place in record.places})
    measures = list(Measure.objects.select_for_update(of=("self",)).filter(pk__in=list(old)))
    replaced = []
    for measure in measures:
        before = old[measure.pk]
        fill(measure, before, keys)
        measure.version += 1
        replaced.append((measure.pk, present[measure.pk][0], before))
    _save(measures)
    replace_parts(replaced, keys)
    write_steps([(pk, before.steps) for pk, now, before in replaced if now.steps != before.steps])
    figures.refresh([measure.pk for measure in measures])
    record_many(
        _entry(
            actor,
            territory,
            t.measure_id,
            "undo_import",
            {"line": t.line},
            {"import": str(t.sheet_import_id), "removed": t.created},
        )
        for t in traces
    )
    SheetTrace.objects.filter(pk__in=[t.pk for t in traces]).update(undone=True, version=F("version"))


def _delete(ids: list[UUID]) -> None:
    for start in range(0, len(ids), 5000):
        Measure.objects.filter(pk__in=ids[start : start + 5000]).delete()
