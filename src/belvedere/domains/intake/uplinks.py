"""Frames as reading sets, of LoRaWAN devices and of rows that a source holds: decoded before the transaction
of their batch, since a decoder may take its time; each frame taken once, by whichever way and however often
it is told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from belvedere.domains.connections.public import (
    AS_TOLD,
    ONE_FRAME,
    Failed,
    Frame,
    decode,
    how_to_read,
    read_frame,
)
from belvedere.domains.intake.feeding import known_feeds
from belvedere.domains.intake.forms import FUTURE, MOST_BYTES, OLDEST, ReadingSet, Refusal, Values, shown
from belvedere.domains.intake.judging import Value, judge
from belvedere.domains.intake.states import Form, Reason
from belvedere.domains.intake.values import Message, address_of
from belvedere.domains.twin.public import Feed, Target

_FAULTS = frozenset({Reason.BAD_TIME.value, Reason.BAD_FORM.value})
_NUMBER = re.compile(r"\s*[-+]?\d{1,30}(\.\d{1,30})?\s*")
#: What a gateway says of a frame: alone it is no reading.
OF_THE_RADIO = frozenset({"rssi", "snr"})
_MARK = """
    INSERT INTO intake_frame AS f (device_id, mark, at)
    SELECT * FROM unnest(%s::uuid[], %s::bytea[], %s::timestamptz[])
    ON CONFLICT (device_id, mark) DO UPDATE SET at = excluded.at
    WHERE excluded.at NOT BETWEEN f.at - make_interval(secs => %s) AND f.at + make_interval(secs => %s)
    RETURNING device_id, mark
"""


@dataclass(frozen=True, slots=True)
class _Opened:
    """A frame, of which device, and what was made of it."""

    frame: Frame
    device_id: UUID
    told: Mapping[str, Any] | Failed


class Uplinks:
    """The uplinks of a batch by the number of their message, decoded."""

    def __init__(self, messages: Iterable[Message] = ()) -> None:
        self._opened: dict[int, _Opened] = {}
        self._repeated: set[int] | None = None
        wanted = [
            (message, (address.territory, address.device))
            for message in messages
            if message.subject.endswith(".uplink")
            and len(message.payload) <= MOST_BYTES
            and (address := address_of(message.subject)) is not None
            and address.form is Form.UPLINK
        ]
        if not wanted:
            return
        feeds = known_feeds({pair for _message, pair in wanted})
        readers = how_to_read({feed.device_id for feed in feeds.values() if feed is not None})
        for message, pair in wanted:
            feed, frame = feeds[pair], read_frame(message.payload)
            if feed is None or feed.revoked or frame is None or _is_foreign(frame, feed):
                continue
            told = decode(readers.get(feed.device_id, AS_TOLD), frame) if frame.terms is None else {}
            self._opened[message.seq] = _Opened(frame, feed.device_id, told)

    def sets(self, message: Message, feed: Feed) -> list[ReadingSet | Refusal]:
        """What an uplink says of its device: one set, or why there is none."""
        opened = self._opened.get(message.seq)
        if opened is None:
            frame = read_frame(message.payload)
            if frame is not None and _is_foreign(frame, feed):
                return [Refusal(Reason.NOT_ALLOWED, "a connection of somebody else")]
            # Known only since a moment, or of no known form; the former comes again by a replay.
            return [Refusal(Reason.BAD_FORM if frame is None else Reason.NO_DECODER)]
        return [_read(opened.told, opened.frame, message, feed)]

    def is_repeated(self, message: Message) -> bool:
        """Whether the frame was taken before. Notes all frames of the batch, in the caller's transaction."""
        if self._repeated is None:
            self._repeated = self._mark() if self._opened else set()
        return message.seq in self._repeated

    def _mark(self) -> set[int]:
        """The numbers of those that were told before."""
        repeated: set[int] = set()
        first: dict[tuple[UUID, bytes], int] = {}
        for seq, one in sorted(self._opened.items()):
            mark = one.frame.mark()
            if mark is not None:
                if (one.device_id, mark) in first:
                    repeated.add(seq)
                else:
                    first[one.device_id, mark] = seq
        pairs = sorted(first)
        instants = [self._opened[first[pair]].frame.t for pair in pairs]
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            now = cursor.fetchone()[0]
            cursor.execute(
                _MARK,
                [
                    [device for device, _mark in pairs],
                    [mark for _device, mark in pairs],
                    [instant or now for instant in instants],
                    ONE_FRAME.total_seconds(),
                    ONE_FRAME.total_seconds(),
                ],
            )
            fresh = {(device, bytes(mark)) for device, mark in cursor.fetchall()}
        return repeated | {seq for pair, seq in first.items() if pair not in fresh}


def _is_foreign(frame: Frame, feed: Feed) -> bool:
    """Whether it came by a connection that does not speak for the device's owner."""
    return bool(frame.owner) and frame.owner != str(feed.owner_id)


def _read(
    told: Mapping[str, Any] | Failed, frame: Frame, message: Message, feed: Feed
) -> ReadingSet | Refusal:
    if frame.terms is not None:
        return _read_row(frame.terms, frame, message.received_at, feed)
    if isinstance(told, Failed):
        return Refusal(Reason(told.why.value), told.detail[:200])
    values: Values = [
        (name, _plain(target, told[name]), "")
        for name, target in feed.fields.items()
        if told.get(name) is not None
    ]
    # What a decoder tells beside the fields of the mapping is no fault: it tells all that the model can.
    if not any(name not in OF_THE_RADIO for name, _value, _unit in values):
        names = [name for name in told if name not in OF_THE_RADIO]
        return Refusal(Reason.UNKNOWN_FIELD, shown(", ".join(names))) if names else Refusal(Reason.NO_VALUES)
    return _dated(frame.t or message.received_at, values, message.received_at)


def _dated(at: datetime, values: Values, received_at: datetime) -> ReadingSet | Refusal:
    if at > received_at + FUTURE:
        return Refusal(Reason.FUTURE, shown(at.isoformat()))
    if at < OLDEST:
        return Refusal(Reason.TOO_OLD, shown(at.isoformat()))
    return ReadingSet(at, values)


def _read_row(
    terms: Mapping[str, tuple[Any, str]], frame: Frame, received_at: datetime, feed: Feed
) -> ReadingSet | Refusal:
    """A row of a list: it names attributes, whatever the device calls its fields."""
    if frame.fault:
        return Refusal(Reason(frame.fault) if frame.fault in _FAULTS else Reason.BAD_FORM, frame.detail[:200])
    names = {target.term: name for name, target in feed.fields.items()}
    values: Values = [
        (names[term], _plain(feed.fields[names[term]], value), unit)
        for term, (value, unit) in terms.items()
        if value is not None and term in names
    ]
    if not values:
        return Refusal(Reason.UNKNOWN_FIELD if terms else Reason.NO_VALUES, shown(", ".join(terms)))
    return _dated(frame.t or received_at, values, received_at)


def foresee(frame: Frame, received_at: datetime, feed: Feed) -> list[Value] | Refusal:
    """What a row would become if it came now; nothing is kept or counted."""
    if feed.revoked:
        return Refusal(Reason.REVOKED)
    if _is_foreign(frame, feed):
        return Refusal(Reason.NOT_ALLOWED, "a connection of somebody else")
    told = _read_row(frame.terms or {}, frame, received_at, feed)
    return told if isinstance(told, Refusal) else judge(told, feed, Form.UPLINK)


def _plain(target: Target, given: Any) -> Any:
    """Many decoders write numbers as text (`"13.25"`)."""
    if target.kind == "number" and isinstance(given, str) and _NUMBER.fullmatch(given):
        return float(given)
    return given
