"""A batch of messages taken in one transaction: decoded, judged, shown, kept, counted, or refused and kept.

Whatever is thrown between the first message and the commit leaves nothing behind, and the batch comes again;
what comes again is taken once.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from django.db import InterfaceError, OperationalError, transaction

from belvedere.domains.intake import progress
from belvedere.domains.intake.booking import Account, Books, Letter
from belvedere.domains.intake.columns import Columns, plain
from belvedere.domains.intake.events import PresentChanged
from belvedere.domains.intake.feeding import known_feeds, territory_of
from belvedere.domains.intake.forms import (
    EPOCH,
    MICROSECOND,
    MOST_BYTES,
    ReadingSet,
    Refusal,
    Written,
    decode,
    written,
)
from belvedere.domains.intake.judging import Value, judge
from belvedere.domains.intake.lasts import Heard, Lasts
from belvedere.domains.intake.pacing import Pace, Paces
from belvedere.domains.intake.states import Form, Outcome, Reason
from belvedere.domains.intake.uplinks import Uplinks
from belvedere.domains.intake.values import Message, Taken, address_of
from belvedere.domains.observations.public import Reading, Run, Stored, store
from belvedere.domains.twin.public import Feed, Present, Shown, apply_present
from belvedere.engines.transactions import announce

log = logging.getLogger(__name__)


def take(stream: str, messages: Sequence[Message]) -> Taken:
    """Take those messages of a stream that were not taken before; all of them or, when it raises, none.

    `stream` names the stream with its birth (see `engines.uplinks`). Messages may come in any order, in any
    batches, and several times.
    """
    uplinks = Uplinks(messages)
    with transaction.atomic():
        fresh = progress.fresh(stream, messages)
        if not fresh:
            return Taken()
        sitting = Sitting(stream, uplinks)
        sitting.hear(fresh)
        shown = sitting.keep()
        sitting.books.write()
        progress.add(stream, [message.seq for message in fresh])
        if shown:
            announce(PresentChanged(shown))
        return Taken(len(fresh), sitting.books.summary, sitting.flooding, shown)


def take_surely(stream: str, messages: Sequence[Message]) -> Taken:
    """`take`, whatever is in the messages: one that our own fault cannot take is refused as such, and kept.

    Raises:
        OperationalError, InterfaceError: when PostgreSQL is away; nothing was taken then.
    """
    try:
        return take(stream, messages)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        if len(messages) == 1:
            log.exception("message %s of %s could not be taken", messages[0].seq, stream)
            return _take_as_fault(stream, messages[0], error)
        half = len(messages) // 2
        one, other = take_surely(stream, messages[:half]), take_surely(stream, messages[half:])
        return Taken(
            one.messages + other.messages,
            one.sets + other.sets,
            one.flooding + other.flooding,
            one.shown + other.shown,
        )


def _take_as_fault(stream: str, message: Message, error: Exception) -> Taken:
    with transaction.atomic():
        if not progress.fresh(stream, [message]):
            return Taken()
        address = address_of(message.subject)
        territory_id = territory_of(address.territory) if address else None
        books = Books()
        account = books.account(territory_id, address.device if address else "", message.received_at)
        form = address.form or Form.SIMPLE if address else Form.SIMPLE
        account.messages, account.sets = 1, 1
        refusal = Refusal(Reason.FAULT, type(error).__name__)
        books.refused(Letter(stream, account, message, refusal, Written(form, message.payload, None)))
        books.write()
        progress.add(stream, [message.seq])
        return Taken(1, books.summary)


@dataclass(slots=True)
class _Accepted:
    """Sets of a message that are to be kept: whether each is late, and how many readings each has."""

    account: Account
    late: Sequence[bool]
    width: int
    heard: Heard | None

    def became(self, fates: Sequence[Stored]) -> None:
        """Count what became of the sets, when this became of their readings."""
        known = [fate is Stored.DUPLICATE for fate in fates] if Stored.DUPLICATE in fates else []
        outcomes = [
            Outcome.DUPLICATE
            if known and all(known[place * self.width : (place + 1) * self.width])
            else Outcome.LATE
            if is_late
            else Outcome.STORED
            for place, is_late in enumerate(self.late)
        ]
        for outcome in set(outcomes):
            self.account.count(outcome, many=outcomes.count(outcome))
        if self.heard is not None:
            self.heard.became(outcomes[-1])


@dataclass(slots=True)
class Sitting:
    """The judging of messages within one transaction."""

    stream: str
    uplinks: Uplinks = field(default_factory=Uplinks)
    books: Books = field(default_factory=Books)
    flooding: Counter[tuple[str, str]] = field(default_factory=Counter)
    _lasts: Lasts = field(default_factory=Lasts)
    _heard: Heard | None = None  # the message that is being judged, if it will be kept
    _accepted: list[_Accepted] = field(default_factory=list)
    _present: dict[int, Present] = field(default_factory=dict)  # the newest of each series
    _readings: list[Reading | Run] = field(default_factory=list)

    def hear(self, messages: Sequence[Message]) -> None:
        """Judge messages in the order of the stream."""
        addresses = [address_of(message.subject) for message in messages]
        pairs = {(one.territory, one.device) for one in addresses if one is not None}
        feeds = known_feeds(pairs)
        paces = Paces({feed.device_id for feed in feeds.values() if feed is not None})
        for message, address in zip(messages, addresses, strict=True):
            self._heard = None
            if address is None:
                account = self.books.account(None, "", message.received_at)
                self._refuse_whole(account, message, Form.SIMPLE, Refusal(Reason.NOT_ALLOWED))
                continue
            pair = (address.territory, address.device)
            feed = feeds[pair]
            self._heard = self._lasts.hear(feed.device_id, message) if feed else None
            territory_id = feed.territory_id if feed else territory_of(address.territory)
            account = self.books.account(territory_id, address.device, message.received_at)
            refusal = _at_the_door(message, address.form, feed)
            if refusal is not None or feed is None or address.form is None:
                refusal = refusal or Refusal(Reason.NOT_ALLOWED)
                self._refuse_whole(account, message, address.form or Form.SIMPLE, refusal)
                continue
            pace = paces.of(feed, message.received_at)
            if not pace.admits(feed, message.received_at):
                refusal = Refusal(Reason.TOO_MANY, f"{feed.per_minute}/min")
                self.flooding[pair] += 1
                self._refuse_whole(account, message, address.form, refusal)
                continue
            self._read(account, message, address.form, feed, pace)
        paces.write()

    def _read(self, account: Account, message: Message, form: Form, feed: Feed, pace: Pace) -> None:
        """A message that is let in."""
        account.messages += 1
        if form is Form.BATCH and (columns := plain(message.payload, feed, message.received_at)) is not None:
            pace.n += len(columns) - 1
            account.sets += len(columns)
            self._accept_columns(account, columns, message.received_at, pace)
            return
        if form is Form.UPLINK:
            if self.uplinks.is_repeated(message):
                self._heard_again(account)
                return
            sets = self.uplinks.sets(message, feed)
        else:
            sets = decode(form, message.payload, message.received_at)
        pace.n += len(sets) - 1
        account.sets += len(sets)
        for one in sets:
            self.judge(account, message, form, one, feed, pace)

    def _heard_again(self, account: Account) -> None:
        """A frame that was taken before."""
        account.sets += 1
        account.count(Outcome.DUPLICATE)
        if self._heard is not None:
            self._heard.became(Outcome.DUPLICATE)

    def judge(
        self,
        account: Account,
        message: Message,
        form: Form,
        told: ReadingSet | Refusal,
        feed: Feed,
        pace: Pace,
    ) -> None:
        """One set: to be kept, or refused as a whole."""
        judged = judge(told, feed, form) if isinstance(told, ReadingSet) else told
        if isinstance(judged, Refusal) or isinstance(told, Refusal):
            assert isinstance(judged, Refusal)
            if self._heard is not None:
                self._heard.refused(judged)
            kept = written(form, message.payload, judged.part)
            self.books.refused(Letter(self.stream, account, message, judged, kept))
            return
        is_late = pace.is_late(told.observed_at)
        self.accept(account, told.observed_at, message.received_at, judged, is_late=is_late)

    def accept(
        self,
        account: Account,
        observed_at: datetime,
        received_at: datetime,
        values: list[Value],
        *,
        is_late: bool,
    ) -> None:
        """A set that is to be kept."""
        self._accepted.append(_Accepted(account, (is_late,), len(values), self._heard))
        self._show(observed_at, values, received_at)
        order = _order(received_at)
        for value in values:
            self._readings.append(
                Reading(value.target.series_id, observed_at, value.number, value.value, order, received_at)
            )

    def _accept_columns(self, account: Account, columns: Columns, received_at: datetime, pace: Pace) -> None:
        late, width = pace.late_among(columns.times_us), len(columns.targets)
        self._accepted.append(_Accepted(account, late, width, self._heard))
        self._show(*columns.newest(), received_at)
        series_ids = np.tile([target.series_id for target in columns.targets], len(columns))
        times_us, numbers = np.repeat(columns.times_us, width), columns.numbers.ravel()
        self._readings.append(Run(series_ids, times_us, numbers, _order(received_at), received_at))

    def _show(self, observed_at: datetime, values: list[Value], received_at: datetime) -> None:
        present = self._present
        for value in values:
            series_id, unit = value.target.series_id, value.target.unit
            known = present.get(series_id)
            if known is None or (observed_at, received_at) > (known.observed_at, known.received_at):
                present[series_id] = Present(
                    series_id, value.number, value.value, observed_at, received_at, unit, value.note
                )

    def keep(self) -> tuple[Shown, ...]:
        """Show and keep what was accepted, and count what became of it; the present values that changed."""
        shown = apply_present(list(self._present.values()))
        fates = store(self._readings)
        at = 0
        for one in self._accepted:
            readings = len(one.late) * one.width
            one.became(fates[at : at + readings])
            at += readings
        self._lasts.write()
        return tuple(shown)

    def _refuse_whole(self, account: Account, message: Message, form: Form, refusal: Refusal) -> None:
        account.messages += 1
        account.sets += 1
        if self._heard is not None:
            self._heard.refused(refusal)
        kept = Written(form, message.payload, None)
        self.books.refused(Letter(self.stream, account, message, refusal, kept))


def _order(received_at: datetime) -> int:
    """What orders the readings told of one instant: the instant of arrival grows along a stream, and goes
    on growing when a stream is made anew."""
    return (received_at - EPOCH) // MICROSECOND


def _at_the_door(message: Message, form: Form | None, feed: Feed | None) -> Refusal | None:
    """What can be said without reading the payload."""
    if feed is None:
        return Refusal(Reason.UNKNOWN_DEVICE)
    if feed.revoked:
        return Refusal(Reason.REVOKED)
    if form is None:
        return Refusal(Reason.NOT_ALLOWED, message.subject[:100])
    if len(message.payload) > MOST_BYTES:
        return Refusal(Reason.TOO_LARGE, f"{len(message.payload)} B")
    return None
