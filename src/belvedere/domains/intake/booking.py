"""The books of a batch: what was received, what became of it, what was refused and is kept."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from belvedere.domains.intake.forms import EPOCH, Refusal, Written
from belvedere.domains.intake.models import DeadLetter
from belvedere.domains.intake.states import Outcome, Reason
from belvedere.domains.intake.values import Message

HOUR = timedelta(hours=1)
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

Fate = tuple[Outcome, Reason | None]


@dataclass(slots=True, eq=False)
class Account:
    """What is counted for a device in an hour of arrival."""

    territory_id: UUID | None
    device_key: str
    hour: datetime
    messages: int = 0
    sets: int = 0
    fates: dict[Fate, int] = field(default_factory=dict)
    undone: dict[Fate, int] = field(default_factory=dict)
    too_many: int | None = None  # those of the hour so far, when that was asked

    def count(self, outcome: Outcome, reason: Reason | None = None, *, many: int = 1) -> None:
        """So many more sets with this fate."""
        self.fates[outcome, reason] = self.fates.get((outcome, reason), 0) + many


@dataclass(frozen=True, slots=True)
class Letter:
    """A refusal to keep, with what it was written as."""

    stream: str
    account: Account
    message: Message
    refusal: Refusal
    written: Written


def hour_of(instant: datetime) -> datetime:
    """The hour of arrival, in UTC."""
    return instant.replace(minute=0, second=0, microsecond=0)


class Books:
    """Counts of one transaction, written at its end."""

    def __init__(self) -> None:
        self._accounts: dict[tuple[UUID | None, str, datetime], Account] = {}
        self._letters: list[Letter] = []
        self._hour = EPOCH  # that of the message before: most share it

    def account(self, territory_id: UUID | None, device_key: str, received_at: datetime) -> Account:
        """The account of a device in the hour of `received_at`."""
        if not timedelta() <= received_at - self._hour < HOUR:
            self._hour = hour_of(received_at)
        key = (territory_id, device_key, self._hour)
        found = self._accounts.get(key)
        if found is None:
            found = self._accounts[key] = Account(*key)
        return found

    def refused(self, letter: Letter) -> None:
        """A set was refused, and is kept unless its device sends without measure."""
        account, reason = letter.account, letter.refusal.reason
        account.count(Outcome.REFUSED, reason)
        if reason is Reason.TOO_MANY:
            if account.too_many is None:
                account.too_many = _counted_too_many(account)
            account.too_many += 1
            if account.too_many > KEPT_TOO_MANY:
                return
        self._letters.append(letter)

    def undone(self, account: Account, reason: Reason, sets: int) -> None:
        """What was counted as one refused set of a message is judged anew, and holds so many sets."""
        fate = (Outcome.REFUSED, reason)
        account.undone[fate] = account.undone.get(fate, 0) + 1
        account.sets += sets - 1

    @property
    def summary(self) -> Counter[Fate]:
        """Sets by outcome and reason, over all devices."""
        told: Counter[Fate] = Counter()
        for account in self._accounts.values():
            told.update(account.fates)
        return told

    def write(self) -> None:
        """Into the tables; rows in one order, so that two who write wait for each other."""
        accounts = sorted(self._accounts.values(), key=_order)
        with connection.cursor() as cursor:
            cursor.execute(
                _RECEIVED,
                [*_columns(accounts), [one.messages for one in accounts], [one.sets for one in accounts]],
            )
            cursor.execute(_LEDGER, _counts([(one, one.fates) for one in accounts]))
            if any(one.undone for one in accounts):
                cursor.execute(_UNDO, _counts([(one, one.undone) for one in accounts]))
        if self._letters:
            DeadLetter.objects.bulk_create([_row(one) for one in self._letters], batch_size=500)


def _order(account: Account) -> tuple[str, str, datetime]:
    return (str(account.territory_id or ""), account.device_key, account.hour)


def _columns(accounts: Sequence[Account]) -> list[list[object]]:
    return [
        [account.territory_id for account in accounts],
        [account.device_key for account in accounts],
        [account.hour for account in accounts],
    ]


def _counts(counted: Sequence[tuple[Account, dict[Fate, int]]]) -> list[list[object]]:
    rows = [
        (account, outcome.value, reason.value if reason else "", n)
        for account, fates in counted
        for (outcome, reason), n in sorted(fates.items(), key=lambda fate: (fate[0][0], fate[0][1] or ""))
    ]
    return [
        *_columns([row[0] for row in rows]),
        [row[1] for row in rows],
        [row[2] for row in rows],
        [row[3] for row in rows],
    ]


def _counted_too_many(account: Account) -> int:
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
