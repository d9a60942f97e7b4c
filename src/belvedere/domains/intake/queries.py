"""Typed reads of the books, for administrators of the territory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Sum, Value

from belvedere.domains.access.public import Actor
from belvedere.domains.intake.errors import NoSuchLetter
from belvedere.domains.intake.models import DeadLetter, Ledger, Received
from belvedere.domains.intake.policies import require
from belvedere.domains.intake.states import Form, LetterState, Outcome, Reason
from belvedere.kernel.errors import N_

MOST_LETTERS = 201  # a page and one more


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of reading sets; `received` is counted on arrival, the others when their fate is known."""

    messages: int
    received: int
    stored: int
    late: int
    duplicate: int
    refused: int

    @property
    def balances(self) -> bool:
        """Whether every set that was received has its outcome."""
        return self.received == self.stored + self.late + self.duplicate + self.refused


@dataclass(frozen=True, slots=True)
class LedgerView:
    """The books of a period, by hour and by device. `reasons`: refused sets by reason, the most first."""

    whole: Tally
    hours: tuple[tuple[datetime, Tally], ...]
    devices: tuple[tuple[str, Tally], ...]
    reasons: tuple[tuple[Reason, int], ...]


@dataclass(frozen=True, slots=True)
class LetterView:
    """A refused set. `text`: its payload as it can be shown; `whole`: all of it is kept."""

    id: int
    device_key: str
    subject: str
    received_at: datetime
    form: Form
    part: int | None
    reason: Reason
    detail: str
    size: int
    whole: bool
    text: str
    state: LetterState
    done_at: datetime | None


def ledger(
    actor: Actor, territory_id: UUID, start: datetime, end: datetime, *, device_key: str = ""
) -> LedgerView:
    """What arrived from `start` until before `end` (whole hours of arrival, UTC) and what became of it.

    `device_key`: of that device alone, "" for all.
    """
    require(actor, territory_id)
    period: dict[str, object] = {"territory_id": territory_id, "hour__gte": start, "hour__lt": end}
    if device_key:
        period["device_key"] = device_key
    hours: dict[datetime, Counter[str]] = {}
    devices: dict[str, Counter[str]] = {}
    whole: Counter[str] = Counter()
    reasons: Counter[Reason] = Counter()

    def count(hour: datetime, key: str, what: str, n: int) -> None:
        for counter in (whole, hours.setdefault(hour, Counter()), devices.setdefault(key, Counter())):
            counter[what] += n

    for hour, key, outcome, reason, n, messages in booked(period):
        count(hour, key, outcome or "received", n)
        if messages:
            count(hour, key, "messages", messages)
        if reason and n:
            reasons[Reason(reason)] += n
    return LedgerView(
        tally_of(whole),
        tuple((hour, tally_of(counter)) for hour, counter in sorted(hours.items())),
        tuple((key, tally_of(counter)) for key, counter in sorted(devices.items())),
        tuple(reasons.most_common()),
    )


def booked(period: Mapping[str, object]) -> Iterable[tuple[datetime, str, str, str, int, int]]:
    """The rows of a period: hour, device, outcome ("" for what arrived), reason, sets, messages.

    One question, so that all of it is of one instant: what is taken meanwhile is in both sums or in none.
    """
    columns = ("hour", "device_key", "fate", "why", "many", "told")
    arrived = Received.objects.filter(**period).annotate(
        fate=Value(""), why=Value(""), many=F("sets"), told=F("messages")
    )
    fates = Ledger.objects.filter(**period, n__gt=0).annotate(
        fate=F("outcome"), why=F("reason"), many=F("n"), told=Value(0)
    )
    return arrived.values_list(*columns).union(fates.values_list(*columns), all=True)


def tally_of(counter: Counter[str]) -> Tally:
    """Counts by name as a tally."""
    return Tally(
        counter["messages"],
        counter["received"],
        counter[Outcome.STORED],
        counter[Outcome.LATE],
        counter[Outcome.DUPLICATE],
        counter[Outcome.REFUSED],
    )


def dead_letters(
    actor: Actor,
    territory_id: UUID,
    *,
    state: LetterState | None = LetterState.WAITING,
    reason: Reason | None = None,
    device_key: str = "",
    before: int | None = None,
    limit: int = 50,
) -> list[LetterView]:
    """Refused sets, the latest first; `before`: only those whose id is smaller (for the next page)."""
    require(actor, territory_id)
    rows = DeadLetter.objects.filter(territory_id=territory_id)
    if state is not None:
        rows = rows.filter(state=state)
    if reason is not None:
        rows = rows.filter(reason=reason)
    if device_key:
        rows = rows.filter(device_key=device_key)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return [_view(row) for row in rows.order_by("-pk")[: min(limit, MOST_LETTERS)]]


def dead_letter(actor: Actor, territory_id: UUID, letter_id: int) -> LetterView:
    """One of them."""
    require(actor, territory_id)
    row = DeadLetter.objects.filter(territory_id=territory_id, pk=letter_id).first()
    if row is None:
        raise NoSuchLetter(N_("This message is no longer kept. Open the page again."))
    return _view(row)


def waiting_letters(actor: Actor, territory_id: UUID) -> int:
    """How many refused sets wait for somebody."""
    require(actor, territory_id)
    return DeadLetter.objects.filter(territory_id=territory_id, state=LetterState.WAITING).count()


def totals() -> dict[tuple[str, str], int]:
    """Sets of all territories by outcome and reason, for the metrics of the platform."""
    rows = Ledger.objects.values("outcome", "reason").annotate(total=Sum(F("n")))
    return {(row["outcome"], row["reason"]): int(row["total"]) for row in rows}


def _view(row: DeadLetter) -> LetterView:
    payload = bytes(row.payload)
    return LetterView(
        id=row.pk,
        device_key=row.device_key,
        subject=row.subject,
        received_at=row.received_at,
        form=Form(row.form),
        part=row.part,
        reason=Reason(row.reason),
        detail=row.detail,
        size=row.size,
        whole=len(payload) == row.size,
        text=payload.decode("utf-8", "replace").replace("\x00", "\ufffd"),
        state=LetterState(row.state),
        done_at=row.done_at,
    )
