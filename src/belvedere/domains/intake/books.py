"""The books line by line: by hour, by day or by device, each line with its reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import StrEnum
from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.intake.policies import require
from belvedere.domains.intake.queries import Tally, booked, tally_of
from belvedere.domains.intake.states import Outcome, Reason


class By(StrEnum):
    """What a line of the books is."""

    HOUR = "hour"
    DAY = "day"
    DEVICE = "device"


@dataclass(frozen=True, slots=True)
class Line:
    """Counts of an hour (of UTC), a day (of the territory) or a device. `start` is None for a device,
    `device_key` None for an hour or a day of all devices."""

    start: datetime | None
    device_key: str | None
    tally: Tally
    reasons: tuple[tuple[Reason, int], ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a period in order, and the whole of which they are the parts."""

    whole: Line
    lines: tuple[Line, ...]


@dataclass(slots=True)
class _Counts:
    fates: Counter[str] = field(default_factory=Counter)
    reasons: Counter[Reason] = field(default_factory=Counter)

    def line(self, start: datetime | None, device_key: str | None) -> Line:
        return Line(start, device_key, tally_of(self.fates), tuple(self.reasons.most_common()))


def ledger_lines(
    actor: Actor,
    territory_id: UUID,
    start: datetime,
    end: datetime,
    *,
    by: By,
    zone: tzinfo,
    device_key: str | None = None,
    outcome: Outcome | None = None,
    reason: Reason | None = None,
) -> Lines:
    """What arrived from `start` until before `end` (whole hours of arrival) and what became of it.

    `zone` says where days begin. `device_key`: that device alone ("" for messages that name none).
    `outcome`, `reason`: only the lines in which there is some of it; each line stays whole, and so does the
    whole, so that the sums add up.
    """
    require(actor, territory_id)
    period: dict[str, object] = {"territory_id": territory_id, "hour__gte": start, "hour__lt": end}
    if device_key is not None:
        period["device_key"] = device_key
    whole, parts = _Counts(), dict[datetime | str, _Counts]()

    def counts_of(hour: datetime, key: str) -> tuple[_Counts, _Counts]:
        return whole, parts.setdefault(_part(by, hour, key, zone), _Counts())

    for hour, key, fate, why, n, messages in booked(period):
        for counts in counts_of(hour, key):
            counts.fates[fate or "received"] += n
            counts.fates["messages"] += messages
            if why:
                counts.reasons[Reason(why)] += n
    kept = {part: one for part, one in parts.items() if _has(one, outcome, reason)}
    lines = [
        one.line(None, part) if isinstance(part, str) else one.line(part, device_key)
        for part, one in sorted(kept.items(), key=lambda pair: str(pair[0]))
    ]
    return Lines(whole.line(None, device_key), tuple(lines))


def _part(by: By, hour: datetime, key: str, zone: tzinfo) -> datetime | str:
    if by is By.DEVICE:
        return key
    if by is By.HOUR:
        return hour
    return hour.astimezone(zone).replace(hour=0, minute=0, fold=0)


def _has(one: _Counts, outcome: Outcome | None, reason: Reason | None) -> bool:
    if reason is not None and not one.reasons[reason]:
        return False
    return outcome is None or one.fates[outcome.value] > 0


def as_rows(lines: Lines) -> Iterator[list[str | int]]:
    """Lines as a table: a head, then a row for each, every reason a column."""
    counts = ["messages", "received", "stored", "late", "duplicate", "refused"]
    yield ["start", "device", *counts, *(one.value for one in Reason)]
    for line in lines.lines:
        why = dict(line.reasons)
        start = line.start.isoformat() if line.start else ""
        yield [
            start,
            line.device_key or "",
            *(getattr(line.tally, name) for name in counts),
            *(why.get(one, 0) for one in Reason),
        ]
