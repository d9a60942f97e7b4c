"""The books of a batch: what was received, what became of it, what was refused and is kept."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from belvedere.domains.intake.forms import Refusal, Written
from belvedere.domains.intake.models import DeadLetter
from belvedere.domains.intake.states import Outcome, Reason
from belvedere.domains.intake.values import Booked, Message

KEPT_BYTES = 64 * 1024
#: Of messages over the measure of a device, so many are kept an hour; all are counted.
KEPT_TOO_MANY = 100

_RECEIVED = """
    INSERT INTO intake_received AS r (territory_id, device_key, hour, messages, sets)
    SELECT * FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[], %s::int8[], %s::int8[])
    ON CONFLICT (territory_id, hour, device_key) DO UPDATE
    SET messages = r.messages + excluded.messages, sets = r.sets + excluded.sets
"""
_LEDGER = """
    INSERT INTO intake_ledger AS l (territory_id, device_key, hour, outcome, reason, n)
    SELECT * FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[], %s::text[], %s::text[], %s::int8[])
    ON CONFLICT (territory_id, hour, device_key, outcome, reason) DO UPDATE SET n = l.n + excluded.n
"""
_UNDO = """
    UPDATE intake_ledger l SET n = l.n - u.n
    FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[], %s::text[], %s::text[], %s::int8[])
        AS u (territory_id, device_key, hour, outcome, reason, n)
    WHERE l.territory_id IS NOT DISTINCT FROM u.territory_id AND l.hour = u.hour
        AND l.device_key = u.device_key AND l.outcome = u.outcome AND l.reason = u.reason
"""
_TOO_MANY = """
    SELECT n FROM intake_ledger
    WHERE territory_id IS NOT DISTINCT FROM %s AND hour = %s AND device_key = %s
        AND outcome = 'refused' AND reason = 'too_many'
"""

Account = tuple[Booked, Outcome, str]


@dataclass(frozen=True, slots=True)
class Letter:
    """A refusal to keep, with what it was written as."""

    stream: str
    account: Booked
    message: Message
    refusal: Refusal
    written: Written


def hour_of(instant: datetime) -> datetime:
    """The hour of arrival, in UTC."""
    return instant.replace(minute=0, second=0, microsecond=0)


class Books:
    """Counts of one transaction, written at its end."""

    def __init__(self) -> None:
        self.messages: Counter[Booked] = Counter()
        self.sets: Counter[Booked] = Counter()
        self.outcomes: Counter[Account] = Counter()
        self._undone: Counter[Account] = Counter()
        self._letters: list[Letter] = []
        self._too_many: Counter[Booked] = Counter()

    def message(self, account: Booked, sets: int) -> None:
        """A message arrived, with so many sets."""
        self.messages[account] += 1
        self.sets[account] += sets

    def kept(self, account: Booked, outcome: Outcome) -> None:
        """A set was taken."""
        self.outcomes[account, outcome, ""] += 1

    def refused(self, letter: Letter) -> None:
        """A set was refused, and is kept unless its device sends without measure."""
        account, reason = letter.account, letter.refusal.reason
        self.outcomes[account, Outcome.REFUSED, reason.value] += 1
        if reason is Reason.TOO_MANY:
            if account not in self._too_many:
                self._too_many[account] = _counted_too_many(account)
            self._too_many[account] += 1
            if self._too_many[account] > KEPT_TOO_MANY:
                return
        self._letters.append(letter)

    def undone(self, account: Booked, reason: Reason, sets: int) -> None:
        """What was counted as one refused set of a message is judged anew, and holds so many sets."""
        self._undone[account, Outcome.REFUSED, reason.value] += 1
        self.sets[account] += sets - 1

    def recounted(self, account: Booked, reason: Reason) -> None:
        """A set that was refused is refused for another reason; its letter is there already."""
        self.outcomes[account, Outcome.REFUSED, reason.value] += 1

    @property
    def summary(self) -> Counter[tuple[Outcome, Reason | None]]:
        """Sets by outcome and reason, over all devices."""
        told: Counter[tuple[Outcome, Reason | None]] = Counter()
        for (_account, outcome, reason), n in self.outcomes.items():
            told[outcome, Reason(reason) if reason else None] += n
        return told

    def write(self) -> None:
        """Into the tables; rows in one order, so that two who write wait for each other."""
        with connection.cursor() as cursor:
            accounts = sorted(self.messages | self.sets, key=_order)
            cursor.execute(
                _RECEIVED,
                [
                    *_columns(accounts),
                    [self.messages[account] for account in accounts],
                    [self.sets[account] for account in accounts],
                ],
            )
            cursor.execute(_LEDGER, _counts(self.outcomes))
            if self._undone:
                cursor.execute(_UNDO, _counts(self._undone))
        if self._letters:
            DeadLetter.objects.bulk_create([_row(one) for one in self._letters], batch_size=500)


def _order(account: Booked) -> tuple[str, str, datetime]:
    return (str(account.territory_id or ""), account.device_key, account.hour)


def _columns(accounts: Sequence[Booked]) -> list[list[object]]:
    return [
        [account.territory_id for account in accounts],
        [account.device_key for account in accounts],
        [account.hour for account in accounts],
    ]


def _counts(counted: Counter[Account]) -> list[list[object]]:
    rows = sorted(counted.items(), key=lambda row: (_order(row[0][0]), row[0][1:]))
    return [
        *_columns([account for (account, _outcome, _reason), _n in rows]),
        [outcome.value for (_account, outcome, _reason), _n in rows],
        [reason for (_account, _outcome, reason), _n in rows],
        [n for _row, n in rows],
    ]


def _counted_too_many(account: Booked) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_TOO_MANY, [account.territory_id, account.hour, account.device_key])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _row(letter: Letter) -> DeadLetter:
    payload = letter.written.payload
    return DeadLetter(
        territory_id=letter.account.territory_id,
        device_key=letter.account.device_key,
        subject=letter.message.subject[:300].replace("\x00", "\ufffd"),
        stream=letter.stream,
        seq=letter.message.seq,
        part=letter.written.part,
        received_at=letter.message.received_at,
        form=letter.written.form.value,
        payload=payload[:KEPT_BYTES],
        size=len(payload),
        sha256=hashlib.sha256(payload).digest(),
        reason=letter.refusal.reason.value,
        detail=letter.refusal.detail[:300],
    )
