"""The verb that takes a file of readings: each row judged as a message is, kept or refused, and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.connections import public as connections
from belvedere.domains.intake.booking import Letter
from belvedere.domains.intake.events import PresentChanged
from belvedere.domains.intake.forms import Refusal, Written, shown
from belvedere.domains.intake.judging import Value
from belvedere.domains.intake.known_values import Known
from belvedere.domains.intake.models import DeadLetter
from belvedere.domains.intake.pacing import Paces
from belvedere.domains.intake.states import Form, LetterState, Outcome, Reason
from belvedere.domains.intake.taking import Sitting
from belvedere.domains.intake.uplinks import foresee
from belvedere.domains.intake.values import Message
from belvedere.domains.territory.public import TerritoryView
from belvedere.engines.transactions import announce
from belvedere.kernel.errors import N_, Conflict


@dataclass(frozen=True, slots=True)
class FileTaken:
    """What became of the rows of a file, all of them."""

    rows: int
    stored: int
    late: int
    duplicate: int
    refused: Mapping[Reason, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was refused: its number in the file, the device it is of, why, and where that stands."""

    place: int
    device_key: str
    reason: Reason
    detail: str
    state: LetterState


def take_file(*, actor: Actor, territory: TerritoryView, file_id: UUID) -> FileTaken:
    """Take all rows of a file of readings, or none when it raises; for who manages the devices of its owner.

    The limit of messages a minute does not hold: whoever takes a file was looked at, not its devices.

    Raises:
        Conflict: it was taken already, or nobody said how it is read.
    """
    look = connections.look_into_file(actor=actor, territory=territory, file_id=file_id)
    if look.trouble is not None:
        raise look.trouble
    if not look.mapping.fields:
        raise Conflict(N_("Say first what its fields tell."), code="not_mapped")
    judged = [(one, _judged(one, look.at)) for one in look.rows]
    known = Known(
        (one.row.row.at or look.at, values) for one, values in judged if not isinstance(values, Refusal)
    )
    with transaction.atomic():
        taking = _Taking(territory, f"file:{file_id}", look.at)
        taking.hear(judged, known)
        shown_now = taking.sitting.keep()
        taking.sitting.books.write()
        taken = _told(taking.sitting.books.summary)
        connections.file_taken(
            actor=actor,
            territory=territory,
            file_id=file_id,
            at=look.at,
            counts={
                "rows": taken.rows,
                "stored": taken.stored,
                "late": taken.late,
                "duplicate": taken.duplicate,
                "refused": {reason.value: n for reason, n in taken.refused.items()},
            },
        )
        if shown_now:
            announce(PresentChanged(shown_now))
    return taken


def _judged(one: connections.LookedAt, at: datetime) -> list[Value] | Refusal:
    """What a row of a file would become if it were taken at `at`."""
    if one.frame is None:
        return Refusal(Reason.BAD_FORM, "no name")
    if one.is_foreign:
        return Refusal(Reason.NOT_ALLOWED, "a device of somebody else")
    if one.feed is None:
        return Refusal(Reason.UNKNOWN_DEVICE, shown(one.row.row.id))
    return foresee(one.frame, at, one.feed)


def refused_rows(actor: Actor, territory_id: UUID, file_id: UUID) -> list[RefusedRow]:
    """Those of a file that was taken, in the order of the file; for who may take it."""
    view = connections.file(actor, territory_id, file_id)
    if view.taken_at is None:
        return []
    rows = DeadLetter.objects.filter(
        territory_id=territory_id, received_at=view.taken_at, stream=f"file:{file_id}"
    )
    told = rows.order_by("seq", "pk").values_list("seq", "device_key", "reason", "detail", "state")
    return [
        RefusedRow(place, key, Reason(reason), detail, LetterState(state))
        for place, key, reason, detail, state in told
    ]


class _Taking:
    """The rows of one file, within one transaction."""

    def __init__(self, territory: TerritoryView, stream: str, at: datetime) -> None:
        self.sitting = Sitting(stream)
        self._territory, self._stream, self._at = territory, stream, at

    def hear(
        self, judged: Sequence[tuple[connections.LookedAt, list[Value] | Refusal]], known: Known
    ) -> None:
        paces = Paces({one.row.feed.device_id for one, _values in judged if one.row.feed is not None})
        for one, values in judged:
            account = self.sitting.books.account(self._territory.id, one.row.key, self._at)
            account.messages += 1
            account.sets += 1
            if isinstance(values, Refusal) or one.row.feed is None:
                assert isinstance(values, Refusal)
                self._refuse(one, values)
                continue
            observed_at = one.row.row.at or self._at
            if known.has(observed_at, values):
                account.count(Outcome.DUPLICATE)
                continue
            is_late = paces.of(one.row.feed, self._at).is_late(observed_at)
            self.sitting.accept(account, observed_at, self._at, values, is_late=is_late)
        paces.write()

    def _refuse(self, one: connections.LookedAt, refusal: Refusal) -> None:
        key = one.row.key
        subject = f"devices.{self._territory.slug}.{key}.{Form.UPLINK}" if key else self._stream
        payload = b"{}" if one.frame is None else connections.write_frame(one.frame)
        message = Message(subject, payload, one.row.row.place, self._at)
        account = self.sitting.books.account(self._territory.id, key, self._at)
        written = Written(Form.UPLINK, payload, None)
        self.sitting.books.refused(Letter(self._stream, account, message, refusal, written))


def _told(summary: Counter[tuple[Outcome, Reason | None]]) -> FileTaken:
    refused = {reason: n for (outcome, reason), n in summary.items() if outcome is Outcome.REFUSED and reason}
    return FileTaken(
        rows=sum(summary.values()),
        stored=summary[Outcome.STORED, None],
        late=summary[Outcome.LATE, None],
        duplicate=summary[Outcome.DUPLICATE, None],
        refused=dict(sorted(refused.items(), key=lambda pair: -pair[1])),
    )
