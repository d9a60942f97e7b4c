"""Taking a whole import back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.sheets.drafts import find, require_importer
from belvedere.domains.plans.sheets.errors import ImportMoved
from belvedere.domains.plans.sheets.models import ImportState, SheetRow
from belvedere.domains.plans.sheets.present import records_of
from belvedere.domains.plans.sheets.taking import take_back, untouched
from belvedere.domains.territory.public import TerritoryView
from belvedere.duties.journal.public import record, signed
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_

UNDO_DAYS = 30


@dataclass(frozen=True, slots=True)
class Undone:
    removed: int
    restored: int
    kept: tuple[UUID, ...]  # changed since, left as they are


def undo(*, actor: Actor, territory: TerritoryView, import_id: UUID) -> Undone:
    """Take a whole import back: created measures go, changed ones become what they were.

    A measure that someone changed since stays as it is and is named.
    """
    require_importer(actor, territory)
    with transaction.atomic():
        draft = find(actor, territory, import_id, lock=True)
        if draft.taken_at is None or draft.state == ImportState.UNDONE:
            raise ImportMoved(N_("Nothing of this import is in the measures: there is nothing to undo."))
        if now() - draft.taken_at > timedelta(days=UNDO_DAYS):
            raise ImportMoved(
                N_(
                    "An import can be undone for {days} days; this one is older. Change "
                    "the measures one by one."
                ),
                days=UNDO_DAYS,
            )
        traces = list(draft.traces.filter(undone=False))
        same, touched = untouched(traces)
        present = records_of({t.measure_id for t in same if not t.created})
        take_back(actor=actor, territory=territory, traces=same, present=present)
        SheetRow.objects.filter(sheet_import=draft, taken=True).update(taken=False)
        draft.state, draft.undone_at = ImportState.UNDONE, now()
        draft.save()
        removed = sum(t.created for t in same)
        record(
            **signed(actor),
            verb="plans.undo_import",
            subject=("sheets.sheetimport", str(draft.pk)),
            territory_id=draft.territory_id,
            after={
                "removed": removed,
                "restored": len(same) - removed,
                "kept": [str(t.measure_id) for t in touched],
            },
        )
    return Undone(removed, len(same) - removed, tuple(t.measure_id for t in touched))
