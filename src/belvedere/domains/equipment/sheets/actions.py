"""Verbs on spreadsheets of equipment: bring one, say what its columns are, take it, let it go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Lower

from belvedere.domains.access.public import Actor
from belvedere.domains.equipment.actions import register_many
from belvedere.domains.equipment.errors import BadEquipment, NoSuchFile, NotNow
from belvedere.domains.equipment.kinds import kinds
from belvedere.domains.equipment.models import Contract, Equipment, SheetFile
from belvedere.domains.equipment.policies import Thing, may, require, visible, visible_contracts
from belvedere.domains.equipment.sheets.columns import FIELDS, suggest
from belvedere.domains.equipment.sheets.judging import Judged, Known, judge
from belvedere.domains.equipment.sheets.reading import read
from belvedere.domains.equipment.states import State
from belvedere.domains.territory.public import TerritoryView, owners_among
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, BelvedereError, Conflict, InvalidInput
from belvedere.kernel.identifiers import fold

KEPT = timedelta(days=7)
MOST_WAITING = 20
NO_SUCH_SHEET = N_("This file is no longer kept. Bring it again.")


@dataclass(frozen=True, slots=True)
class SheetView:
    """A spreadsheet that was brought. `columns`: the field of each, "" for none; `refused`: line and fault of
    the rows that were not taken."""

    id: UUID
    name: str
    owner_id: UUID
    headers: list[str]
    columns: list[str]
    kind: str
    brought_at: datetime
    taken_at: datetime | None
    taken: int
    refused: list[tuple[int, BelvedereError]]


def bring_sheet(*, actor: Actor, territory: TerritoryView, owner_id: UUID, name: str, content: bytes) -> UUID:
    """Keep a spreadsheet for a week; nothing of it is in the register until it is taken.

    Raises:
        RefusedFile, BadEquipment, TooLarge: it cannot be read as one.
    """
    require(actor, "register", Thing(territory.id, owner_id))
    if owners_among(territory.id, {owner_id}) != {owner_id}:
        raise InvalidInput(
            N_("The owner is not an organisation of this territory. Choose one of its organisations."),
            field="owner",
        )
    sheet = read(content, name)
    if SheetFile.objects.filter(territory_id=territory.id, taken_at=None).count() >= MOST_WAITING:
        raise Conflict(
            N_("{most} files wait here already. Take or remove one of them first."), most=MOST_WAITING
        )
    return SheetFile.objects.create(
        territory_id=territory.id,
        owner_id=owner_id,
        name=name.replace("\x00", "").strip()[:200] or "–",
        headers=sheet.headers,
        rows=sheet.rows,
        columns={"fields": suggest(sheet.headers), "kind": ""},
        brought_at=now(),
    ).pk


def map_columns(
    *, actor: Actor, territory: TerritoryView, sheet_id: UUID, columns: list[str], kind: str
) -> None:
    """Say what each column is, and which kind rows without one are."""
    row = _row(actor, territory.id, sheet_id)
    chosen = [one for one in columns if one]
    if len(columns) != len(row.headers) or not set(chosen) <= FIELDS.keys() or kind not in {"", *kinds()}:
        raise BadEquipment(N_("Choose what the columns are from the lists."))
    twice = sorted({one for one in chosen if chosen.count(one) > 1})
    if twice:
        raise BadEquipment(N_("Two columns cannot be the same: leave one of them out."), fields=twice)
    row.columns = {"fields": columns, "kind": kind}
    row.save(update_fields=["columns"])


def judged(*, actor: Actor, territory: TerritoryView, sheet_id: UUID) -> list[Judged]:
    """What each row would become if the file were taken now."""
    row = _row(actor, territory.id, sheet_id)
    return judge(row.rows, row.columns["fields"], _known(actor, territory, row))


def take_sheet(*, actor: Actor, territory: TerritoryView, sheet_id: UUID, only_good: bool) -> tuple[int, int]:
    """Register the rows, all of them or the good ones; gives how many were taken and refused.

    Raises:
        NotNow: it was taken already, has no good row, or not all are good and all were asked for.
    """
    with transaction.atomic():
        row = _row(actor, territory.id, sheet_id, lock=True)
        if row.taken_at is not None:
            raise NotNow(N_("This file was taken already."), code="taken_already")
        found = judge(row.rows, row.columns["fields"], _known(actor, territory, row))
        good = [one.draft for one in found if one.draft is not None]
        bad = [one for one in found if one.fault is not None]
        if bad and not only_good:
            raise NotNow(
                N_("Some rows have faults: nothing was taken. Mend the file, or take the good rows.")
            )
        if not good:
            raise NotNow(N_("No row can be taken. Say what the columns are, or mend the file."))
        register_many(actor=actor, territory=territory, drafts=good)
        row.taken_at, row.taken = now(), len(good)
        row.refused = [[one.line, one.fault.message, _plain(one.fault.data)] for one in bad if one.fault]
        bad_lines = {one.line for one in bad}
        row.rows = [[line, cells] for line, cells in row.rows if line in bad_lines]
        row.save()
    return len(good), len(bad)


def remove_sheet(*, actor: Actor, territory: TerritoryView, sheet_id: UUID) -> None:
    """Let the file go; what was taken of it stays."""
    _row(actor, territory.id, sheet_id).delete()


def forget_sheets(at: datetime) -> int:
    """Delete the files that were brought more than a week before; how many."""
    return SheetFile.objects.filter(brought_at__lt=at - KEPT).delete()[0]


def sheets(actor: Actor, territory_id: UUID) -> list[SheetView]:
    """The files of owners whose equipment the actor registers, the latest first; none older than a week."""
    rows = SheetFile.objects.filter(territory_id=territory_id, brought_at__gte=now() - KEPT).defer("rows")
    return [_view(row) for row in rows.order_by("-brought_at")[:50] if _may(actor, row)]


def sheet(actor: Actor, territory_id: UUID, sheet_id: UUID) -> SheetView:
    return _view(_row(actor, territory_id, sheet_id))


def refused_rows(actor: Actor, territory_id: UUID, sheet_id: UUID) -> list[tuple[list[str], BelvedereError]]:
    """The rows that were not taken, each with its cells and its fault."""
    row = _row(actor, territory_id, sheet_id)
    faults = {line: BadEquipment(message, **data) for line, message, data in row.refused}
    return [(cells, faults[line]) for line, cells in row.rows if line in faults]


def _may(actor: Actor, row: SheetFile) -> bool:
    return may(actor, "register", Thing(row.territory_id, row.owner_id)) is None


def _row(actor: Actor, territory_id: UUID, sheet_id: UUID, *, lock: bool = False) -> SheetFile:
    rows = SheetFile.objects.select_for_update(of=("self",)) if lock else SheetFile.objects.all()
    row = rows.filter(pk=sheet_id, territory_id=territory_id, brought_at__gte=now() - KEPT).first()
    if row is None or not _may(actor, row):
        raise NoSuchFile(NO_SUCH_SHEET)
    return row


def _known(actor: Actor, territory: TerritoryView, row: SheetFile) -> Known:
    own = Equipment.objects.filter(owner_id=row.owner_id).annotate(low=Lower("number"))
    seen = Equipment.objects.filter(visible(actor, territory.id)).exclude(state=State.REMOVED)
    others = seen.exclude(owner_id=row.owner_id).annotate(low=Lower("number"))
    mine = own.exclude(state=State.REMOVED)
    contracts: dict[str, UUID] = {}
    kept = Contract.objects.filter(visible_contracts(actor, territory.id), owner_id=row.owner_id)
    for pk, name, reference in kept.values_list("pk", "name", "reference"):
        contracts |= {fold(text): pk for text in (name, reference) if text}
    return Known(
        owner_id=row.owner_id,
        numbers=frozenset(own.values_list("low", flat=True)),
        parents={**dict(others.values_list("low", "pk")), **dict(mine.values_list("low", "pk"))},
        contracts=contracts,
        area=territory.bounds,
        kind=row.columns["kind"],
    )


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value if isinstance(value, int | list) else str(value) for key, value in data.items()}


def _view(row: SheetFile) -> SheetView:
    return SheetView(
        id=row.pk,
        name=row.name,
        owner_id=row.owner_id,
        headers=row.headers,
        columns=row.columns["fields"],
        kind=row.columns["kind"],
        brought_at=row.brought_at,
        taken_at=row.taken_at,
        taken=row.taken,
        refused=[(line, BadEquipment(message, **data)) for line, message, data in row.refused],
    )
