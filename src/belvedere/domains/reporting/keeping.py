"""What the verbs of reporting share: finding, locking, the journal. Private to the domain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.reporting.errors import NoSuchRound, RoundIsClosed
from belvedere.domains.reporting.models import ReportingRound, RoundTask
from belvedere.domains.reporting.policies import Thing
from belvedere.domains.reporting.states import RoundState
from belvedere.duties.journal.public import Entry, record_many, signed
from belvedere.kernel.errors import N_

NONE_HERE = N_("There is no such reporting round, or it is not open to you.")
LONGEST_NOTE = 1000


def office_of(row: ReportingRound) -> Thing:
    return Thing(row.territory_id, row.body_id)


def owner_of(task: RoundTask) -> Thing:
    return Thing(task.round.territory_id, task.organisation_id)


def found_round(round_id: UUID, *, territory_id: UUID | None = None, lock: bool = False) -> ReportingRound:
    """The round; NoSuchRound without, or in another territory."""
    rows = ReportingRound.objects.select_for_update(of=("self",)) if lock else ReportingRound.objects.all()
    rows = rows.filter(pk=round_id)
    row = (rows if territory_id is None else rows.filter(territory_id=territory_id)).first()
    if row is None:
        raise NoSuchRound(NONE_HERE)
    return row


def found_task(task_id: UUID, *, territory_id: UUID | None = None) -> RoundTask:
    """The checklist with its round; NoSuchRound without, or in another territory."""
    rows = RoundTask.objects.select_related("round", "organisation").filter(pk=task_id)
    row = (rows if territory_id is None else rows.filter(round__territory_id=territory_id)).first()
    if row is None:
        raise NoSuchRound(NONE_HERE)
    return row


def locked_task(task_id: UUID) -> RoundTask:
    """The checklist, locked inside the transaction after its round: always in that order."""
    known = found_task(task_id)
    asked = found_round(known.round_id, lock=True)
    task = RoundTask.objects.select_for_update(of=("self",)).get(pk=task_id)
    task.round, task.organisation = asked, known.organisation
    return task


def still_open(row: ReportingRound) -> None:
    """Raise RoundIsClosed when nothing can change any more."""
    if row.state != RoundState.OPEN:
        raise RoundIsClosed(
            N_("This reporting round is closed and frozen. Change the measure itself, or wait for the next.")
        )


def entry(
    actor: Actor,
    verb: str,
    subject: tuple[str, UUID],
    territory_id: UUID,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Entry:
    """The journal's entry of an act: `subject` is "round" or "task" and its identifier."""
    return Entry(
        **signed(actor),
        verb=f"reporting.{verb}",
        subject=(f"reporting.{subject[0]}", str(subject[1])),
        territory_id=territory_id,
        before=before or {},
        after=after or {},
        reason=reason,
    )


def journal(*entries: Entry) -> None:
    record_many(entries)


def checked_note(text: str) -> str:
    """A note on one paragraph, as long as it may be."""
    return " ".join(text.split())[:LONGEST_NOTE]
