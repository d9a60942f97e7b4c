"""Refused sets judged again: what is taken moves from “refused” to its new outcome, in the hour it came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from belvedere.domains.intake.booking import Letter
from belvedere.domains.intake.feeding import known_feeds
from belvedere.domains.intake.forms import ReadingSet, Refusal, decode, written
from belvedere.domains.intake.judging import Value, judge
from belvedere.domains.intake.models import DeadLetter
from belvedere.domains.intake.pacing import Paces
from belvedere.domains.intake.states import Form, Outcome, Reason
from belvedere.domains.intake.taking import Sitting
from belvedere.domains.intake.uplinks import Uplinks
from belvedere.domains.intake.values import Message, address_of
from belvedere.domains.twin.public import Feed, Shown

Judged = tuple[ReadingSet, list[Value]]


@dataclass(slots=True)
class Again:
    """The judging of letters within one transaction.

    A letter of which nothing can be taken waits on, under its reason of today. One that holds a whole batch
    is taken when part of it can be; the other parts become letters of their own.
    """

    taken: list[DeadLetter] = field(default_factory=list)
    refused: list[DeadLetter] = field(default_factory=list)
    _uplinks: Uplinks = field(default_factory=Uplinks)
    _sitting: Sitting = field(default_factory=lambda: Sitting(""))

    def hear(self, rows: Sequence[DeadLetter]) -> None:
        """Judge letters with what is known now; limits of pace do not hold for them."""
        addresses = {row.pk: address_of(row.subject) for row in rows}
        pairs = {(one.territory, one.device) for one in addresses.values() if one is not None}
        feeds = known_feeds(pairs)
        self._uplinks = Uplinks(_message(row) for row in rows if len(row.payload) == row.size)
        paces = Paces({feed.device_id for feed in feeds.values() if feed is not None})
        for row in rows:
            address = addresses[row.pk]
            feed = feeds[address.territory, address.device] if address is not None else None
            refusal = _no_use(row, feed)
            if refusal is not None or feed is None:
                self._refuse(row, refusal or Refusal(Reason.UNKNOWN_DEVICE))
            else:
                self._judge(row, feed, paces)
        paces.write()

    def keep(self) -> tuple[Shown, ...]:
        """Write what was taken; the present values that changed."""
        shown = self._sitting.keep()
        self._sitting.books.write()
        return shown

    def _judge(self, row: DeadLetter, feed: Feed, paces: Paces) -> None:
        form, payload = Form(row.form), bytes(row.payload)
        sets = self._sets(row, feed, form)
        if form is Form.NGSILD and row.part is not None:
            sets = sets[row.part : row.part + 1]
        good: list[Judged] = []
        bad: list[Refusal] = []
        for told in sets:
            found = judge(told, feed, form) if isinstance(told, ReadingSet) else told
            if isinstance(found, Refusal):
                bad.append(found)
            elif isinstance(told, ReadingSet):
                good.append((told, found))
        if not good:
            self._refuse(row, bad[0])
            return
        books = self._sitting.books
        account = books.account(row.territory_id, row.device_key, row.received_at)
        books.undone(account, Reason(row.reason), len(sets))
        for told, values in good:
            is_late = paces.of(feed, row.received_at).is_late(told.observed_at)
            self._sitting.accept(account, told.observed_at, row.received_at, values, is_late=is_late)
        message = Message(row.subject, payload, row.seq, row.received_at)
        for refusal in bad:
            kept = written(form, payload, refusal.part)
            books.refused(Letter(row.stream, account, message, refusal, kept))
        self.taken.append(row)

    def _sets(self, row: DeadLetter, feed: Feed, form: Form) -> list[ReadingSet | Refusal]:
        if form is Form.UPLINK:
            return self._uplinks.sets(_message(row), feed)
        return decode(form, bytes(row.payload), row.received_at)

    def _refuse(self, row: DeadLetter, refusal: Refusal) -> None:
        if refusal.reason.value != row.reason:
            books = self._sitting.books
            account = books.account(row.territory_id, row.device_key, row.received_at)
            books.undone(account, Reason(row.reason), 1)
            account.count(Outcome.REFUSED, refusal.reason)
        row.reason, row.detail = refusal.reason.value, refusal.detail[:300]
        self.refused.append(row)


def _message(row: DeadLetter) -> Message:
    return Message(row.subject, bytes(row.payload), row.pk, row.received_at)


def _no_use(row: DeadLetter, feed: Feed | None) -> Refusal | None:
    """Why there is nothing to judge."""
    if len(row.payload) < row.size:
        return Refusal(Reason.TOO_LARGE, f"{row.size} B")
    if feed is None:
        return Refusal(Reason.UNKNOWN_DEVICE)
    if feed.revoked:
        return Refusal(Reason.REVOKED)
    address = address_of(row.subject)
    return Refusal(Reason.NOT_ALLOWED, row.subject) if address is None or address.form is None else None
