"""Closing a round: what is missing is said, then everything is frozen for good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.public import outlook, plan_reads, reported
from belvedere.domains.reporting.errors import RoundHasGaps
from belvedere.domains.reporting.events import RoundClosed
from belvedere.domains.reporting.findings import findings_of
from belvedere.domains.reporting.frozen import asked_from, fingerprint, freeze, measure_from, plain
from belvedere.domains.reporting.keeping import (
    checked_note,
    entry,
    found_round,
    journal,
    office_of,
    still_open,
)
from belvedere.domains.reporting.models import (
    ReportingRound,
    RoundLine,
    RoundSnapshot,
    RoundSnapshotLine,
    RoundTask,
)
from belvedere.domains.reporting.policies import require
from belvedere.domains.reporting.states import LineState, RoundState, TaskState
from belvedere.domains.territory.public import organisations_by_id, territory_by_id
from belvedere.engines.transactions import announce
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, InvalidInput

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Missing:
    """What a round would be closed without."""

    owners: int  # who have not handed in
    lines: int  # never answered
    findings: int  # gaps and contradictions

    def __bool__(self) -> bool:
        return bool(self.owners or self.lines or self.findings)


def close_round(*, actor: Actor, round_id: UUID, with_gaps: bool = False, reason: str = "") -> UUID:
    """Freeze the round; gives the identifier of its snapshot.

    Raises:
        RoundHasGaps: something is missing and `with_gaps` does not accept it; `data` counts what.
        InvalidInput: it is accepted, without a word why.
    """
    reason = checked_note(reason)
    with transaction.atomic():
        row = found_round(round_id, lock=True)
        require(actor, "run", office_of(row))
        still_open(row)
        lines = lines_of(row)
        missing = missing_of(row, lines)
        if missing and not with_gaps:
            raise RoundHasGaps(
                N_(
                    "{owners} owners have not handed in, {lines} measures were not answered and {findings} "
                    "findings are open. Remind them, or close with these gaps and say why."
                ),
                owners=missing.owners,
                lines=missing.lines,
                findings=missing.findings,
            )
        if missing and not reason:
            raise InvalidInput(
                N_("Say why the round is closed with gaps: it stands on the tables."), field="reason"
            )
        closed_at = now()
        row.state, row.closed_at = RoundState.CLOSED, closed_at
        row.save(update_fields=["state", "closed_at"])
        content = content_of(row, lines, missing=missing, reason=reason)
        kept = _keep(row, closed_at, content, lines)
        after = {
            "sha256": kept.sha256,
            "measures": len(lines),
            "owners_missing": missing.owners,
            "lines_missing": missing.lines,
            "findings": missing.findings,
        }
        journal(entry(actor, "close_round", ("round", row.pk), row.territory_id, after=after, reason=reason))
        announce(RoundClosed(row.pk, row.territory_id))
        return kept.pk


def _keep(
    row: ReportingRound, taken_at: datetime, content: dict[str, Any], lines: Sequence[dict[str, Any]]
) -> RoundSnapshot:
    kept = RoundSnapshot.objects.create(
        round=row, content=content, sha256=fingerprint(content, lines), taken_at=taken_at
    )
    RoundSnapshotLine.objects.bulk_create(
        RoundSnapshotLine(snapshot=kept, measure_id=UUID(line["measure"]["id"]), content=line)
        for line in lines
    )
    return kept


def lines_of(row: ReportingRound) -> list[dict[str, Any]]:
    """Every measure of the round as it stands now, with what its owner answered; JSON-safe, in order."""
    rows = list(RoundLine.objects.filter(task__round=row).order_by("position", "pk"))
    found = reported.reported(Actor.system(), row.territory_id, ids=[line.measure_id for line in rows])
    present = {measure.id: measure for measure in found}
    return [
        {
            "measure": plain(freeze(present[line.measure_id])),
            "opened": line.opened,
            "state": line.state,
            "note": line.note,
            "answered_at": line.answered_at.isoformat() if line.answered_at else None,
        }
        for line in rows
        if line.measure_id in present
    ]


def missing_of(row: ReportingRound, lines: Sequence[Mapping[str, Any]]) -> Missing:
    """What the round would be closed without now."""
    findings = 0
    for line in lines:
        state = LineState(line["state"])
        found = findings_of(
            measure_from(line["measure"]), row.as_of, opened=asked_from(line["opened"]), note=line["note"]
        )
        findings += len(found) if state is not LineState.TO_CONFIRM else 0
    return Missing(
        owners=RoundTask.objects.filter(round=row, state=TaskState.WAITING).count(),
        lines=sum(line["state"] == LineState.TO_CONFIRM for line in lines),
        findings=findings,
    )


def content_of(
    row: ReportingRound,
    lines: Sequence[Mapping[str, Any]],
    *,
    missing: Missing | None = None,
    reason: str = "",
) -> dict[str, Any]:
    """Everything beside the lines that the tables need years later; JSON-safe."""
    territory = territory_by_id(row.territory_id)
    asked = set(row.plans.values_list("plan_id", flat=True))
    plans = [plan for plan in plan_reads.plan_choices(Actor.system(), row.territory_id) if plan.id in asked]
    index = next(iter(outlook.prices(Actor.system(), row.territory_id).indexes), None)
    payers = {one["payer"] for line in lines for one in line["measure"].get("funding", ())}
    owners = {line["measure"]["owner"] for line in lines}
    names = organisations_by_id(UUID(one) for one in {*payers, *owners, str(row.body_id)})
    return {
        "schema": SCHEMA,
        "territory": dict(territory.names),
        "languages": list(territory.languages),
        "example": territory.is_example,
        "body": str(row.body_id),
        "name": row.name,
        "as_of": row.as_of.isoformat(),
        "opened_on": row.opened_on.isoformat(),
        "due": row.due.isoformat(),
        "closed_at": row.closed_at.isoformat() if row.closed_at else None,
        "questions": list(row.questions),
        "plans": [
            {
                "id": str(plan.id),
                "code": plan.code,
                "title": dict(plan.title),
                "type": plan.type,
                "generation": plan.generation,
                "currency": plan.money_kind.currency,
                "vat": plan.money_kind.vat.value,
                "price_base": plan.money_kind.price_base,
            }
            for plan in plans
        ],
        "organisations": {str(key): dict(body.names) for key, body in sorted(names.items())},
        "index": None
        if index is None
        else {
            "code": index.code,
            "names": dict(index.names),
            "source": index.source,
            "values": {month: str(value) for month, value in index.values},
        },
        "owners": _owners(row),
        "missing": None
        if missing is None
        else {"owners": missing.owners, "lines": missing.lines, "findings": missing.findings},
        "reason": reason,
    }


def _owners(row: ReportingRound) -> list[dict[str, Any]]:
    tasks = RoundTask.objects.filter(round=row).order_by("organisation_id")
    return [
        {
            "organisation": str(task.organisation_id),
            "handed_in_at": task.handed_in_at.isoformat() if task.handed_in_at else None,
            "note": task.note,
        }
        for task in tasks
    ]


__all__ = ["Missing", "close_round", "content_of", "lines_of", "missing_of"]
