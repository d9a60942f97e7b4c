"""Verbs on refused messages: judge them again, or let them go. Nobody changes what a device said."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.connections.public import forget_files
from belvedere.domains.intake.errors import NoSuchLetter
from belvedere.domains.intake.events import PresentChanged
from belvedere.domains.intake.models import DeadLetter, Frame, Last
from belvedere.domains.intake.policies import require
from belvedere.domains.intake.replaying import Again
from belvedere.domains.intake.states import LetterState
from belvedere.duties.journal.public import record, signed
from belvedere.engines.transactions import announce
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, TooLarge

MOST_AT_ONCE = 1000
KEPT = timedelta(days=90)
FRAMES_KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay did: letters whose sets were taken, and those refused again (they go on waiting)."""

    taken: int
    refused: int


def replay(*, actor: Actor, territory_id: UUID, ids: Collection[int]) -> Replayed:
    """Judge refused messages with what is known of their devices today; what is taken leaves the refused."""
    require(actor, territory_id, acts=True)
    with transaction.atomic():
        rows = _locked(territory_id, ids)
        again = Again()
        again.hear(rows)
        shown = again.keep()
        done_at = now()
        for row in again.taken:
            row.state, row.done_at = LetterState.REPLAYED, done_at
        DeadLetter.objects.bulk_update(again.taken, ["state", "done_at"], batch_size=500)
        DeadLetter.objects.bulk_update(again.refused, ["reason", "detail"], batch_size=500)
        if again.taken:
            _journal(actor, territory_id, "replay_letters", len(again.taken))
        if shown:
            announce(PresentChanged(shown))
    return Replayed(len(again.taken), len(again.refused))


def dismiss(*, actor: Actor, territory_id: UUID, ids: Collection[int]) -> int:
    """Let refused messages go: they stay counted as refused. How many were."""
    require(actor, territory_id, acts=True)
    with transaction.atomic():
        rows = _locked(territory_id, ids)
        done_at = now()
        for row in rows:
            row.state, row.done_at = LetterState.DISMISSED, done_at
        DeadLetter.objects.bulk_update(rows, ["state", "done_at"], batch_size=500)
        if rows:
            _journal(actor, territory_id, "dismiss_letters", len(rows))
    return len(rows)


def forget(at: datetime) -> int:
    """Delete letters and last messages older than ninety days, whatever became of them; counts stay. Files of
    readings that nobody took go after a week."""
    forget_files(at)
    Last.objects.filter(received_at__lt=at - KEPT).delete()
    Frame.objects.filter(at__lt=at - FRAMES_KEPT).delete()
    return DeadLetter.objects.filter(received_at__lt=at - KEPT).delete()[0]


def _locked(territory_id: UUID, ids: Collection[int]) -> Sequence[DeadLetter]:
    """Those that wait, in order; somebody may have dealt with others meanwhile."""
    if len(ids) > MOST_AT_ONCE:
        raise TooLarge(N_("{most} messages at most are dealt with at once."), most=MOST_AT_ONCE)
    rows = DeadLetter.objects.select_for_update(of=("self",)).filter(territory_id=territory_id, pk__in=ids)
    found = list(rows.order_by("pk"))
    if len(found) < len(set(ids)):
        raise NoSuchLetter(N_("This message is no longer kept. Open the page again."))
    return [row for row in found if row.state == LetterState.WAITING]


def _journal(actor: Actor, territory_id: UUID, verb: str, many: int) -> None:
    record(
        **signed(actor),
        verb=f"intake.{verb}",
        subject=("territory.territory", str(territory_id)),
        territory_id=territory_id,
        after={"messages": many},
    )
