"""Old readings, many at once: from files, or from whoever has them as a stream or as arrays.

Days that are over go straight to the lake, the others through `storing.put`. A load has a number of its own
below all messages: what a device said itself has the last word, and a second load corrects the first.
"""

# ruff: noqa: S608 (the only thing put into the question is a number of ours)
from __future__ import annotations

import csv
import hashlib
import math
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TextIO, TypeAlias
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import numpy.typing as npt
from django.db import connection, transaction
from psycopg.errors import UniqueViolation

from belvedere.domains.observations import lakehouse, partitions, settling
from belvedere.domains.observations.errors import BadFile
from belvedere.domains.observations.models import Load
from belvedere.domains.observations.packing import pack_numbers
from belvedere.domains.observations.storing import COPY, put
from belvedere.domains.observations.values import DAY_US, EPOCH, Numbers, Reading, day_of, microseconds
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_

#: The `seq` of the first load; that of a message is never below zero.
FIRST_SEQ = -1_000_000_000
BATCH = 20_000
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
Integers: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a text file has what: columns by name, or by their place (from 0) in a file without names.

    Times are ISO 8601 or seconds since 1970; those without zone are read in `zone` (at the end of summer
    time the first of the two hours). `key` tells series apart where a file has several: a column, or
    several whose texts are then joined by a slash.
    """

    time: str | int
    number: str | int
    key: str | int | tuple[str, ...] | None = None
    delimiter: str = ","
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load brought: its number, readings taken, lines without a number (empty, not a number)."""

    load_id: int
    rows: int
    empty: int


def load_file(
    file: Path, layout: Layout, series: int | Mapping[str, int], *, dry_run: bool = False
) -> Loaded:
    """Load a text file of numbers; `series` is one series, or the series of each key of the file.

    Nothing is kept unless the whole file can be read.

    Raises:
        BadFile: a column is missing, a time or a key cannot be read; with the line.
    """
    rows = empty = 0
    for reading in read_file(file, layout, series):
        rows += reading is not None
        empty += reading is None
    if dry_run:
        return Loaded(0, rows, empty)
    with file.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    readings = (one for one in read_file(file, layout, series) if one is not None)
    loaded = bulk(readings, name=file.name, sha256=sha256)
    return Loaded(loaded.load_id, loaded.rows, empty)


def bulk(rows: Iterable[Reading], *, name: str, sha256: str = "") -> Loaded:
    """Load readings as they come; their `seq` is replaced by that of the load.

    Not in a transaction: month after month is there when it is written. The same again changes nothing.
    """
    load = Load.objects.create(name=name[:200], sha256=sha256, began_at=now())
    seq, edge = FIRST_SEQ + load.pk, microseconds(now()) // DAY_US - settling.KEPT_HOT
    recent: list[Reading] = []
    count = 0
    with tempfile.TemporaryDirectory(dir=settling.work_folder()) as folder, _Months(Path(folder), seq) as old:
        for row in rows:
            count += 1
            if microseconds(row.observed_at) // DAY_US < edge:
                old.add(row)
                continue
            recent.append(
                Reading(row.series_id, row.observed_at, row.number, row.value, seq, row.received_at)
            )
            if len(recent) >= BATCH:
                _store(recent)
                recent = []
        _store(recent)
        old.close()
        for source, days in old.sources():
            settling.bring(source, days)
    return _done(load, count)


def bulk_numbers(series_ids: Integers, times_us: Integers, numbers: Numbers, *, name: str) -> Loaded:
    """Load arrays of one length: series, microseconds since 1970 and numbers; for millions at once.

    Quickest by series and time, into days that hold nothing yet.
    """
    load = Load.objects.create(name=name[:200], sha256="", began_at=now())
    seq, edge = FIRST_SEQ + load.pk, (microseconds(now()) // DAY_US - settling.KEPT_HOT) * DAY_US
    months = times_us.astype("datetime64[us]").astype("datetime64[M]")
    is_old = times_us < edge
    with lakehouse.writer() if is_old.any() else nullcontext():
        for month in np.unique(months[is_old]):
            chosen: Any = is_old & (months == month)
            chosen = slice(None) if chosen.all() else chosen  # millions are not copied in vain
            _bring_numbers(series_ids[chosen], times_us[chosen], numbers[chosen], seq)
    _store_numbers(series_ids[~is_old], times_us[~is_old], numbers[~is_old], seq)
    return _done(load, len(times_us))


def _bring_numbers(series_ids: Integers, times_us: Integers, numbers: Numbers, seq: int) -> None:
    """Readings of a month, straight to the lake."""
    days = [day_of(int(day) * DAY_US) for day in np.unique(times_us // DAY_US)]
    source = (
        "SELECT s AS series_id, make_timestamptz(us) AS observed_at, n AS number,"
        f" NULL::VARCHAR AS value, {seq}::BIGINT AS seq, 0::INTEGER AS delay_s FROM given"
    )
    next_series, next_time = np.diff(series_ids), np.diff(times_us)
    is_sorted = bool(np.all((next_series > 0) | ((next_series == 0) & (next_time > 0))))
    given = {"s": series_ids, "us": times_us, "n": numbers}
    settling.bring(source, days, is_sorted=is_sorted, given=given)


def _store_numbers(series_ids: Integers, times_us: Integers, numbers: Numbers, seq: int) -> None:
    """Readings of days that are hot: at once where none of them is known."""
    if len(times_us) == 0:
        return
    days = {day_of(int(day) * DAY_US) for day in np.unique(times_us // DAY_US)}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [partitions.STORE_LOCK])
        if partitions.hot_among(days) == days:
            with suppress(UniqueViolation), transaction.atomic():
                with cursor.copy(COPY.format(table=partitions.PARENT)) as copy:
                    copy.write(pack_numbers(series_ids, times_us, numbers, seq))
                return
    for start in range(0, len(times_us), BATCH):
        rows = [part[start : start + BATCH].tolist() for part in (series_ids, times_us, numbers)]
        instants = [EPOCH + timedelta(microseconds=us) for us in rows[1]]
        _store(
            [
                Reading(one, at, number, None, seq, at)
                for one, at, number in zip(rows[0], instants, rows[2], strict=True)
            ]
        )


def _store(rows: list[Reading]) -> None:
    if rows:
        with transaction.atomic():
            put(rows)


def _done(load: Load, rows: int) -> Loaded:
    load.rows, load.done_at = rows, now()
    load.save(update_fields=["rows", "done_at"])
    return Loaded(load.pk, rows, 0)


class _Months:
    """Readings of past days, kept in a file a month until all are there."""

    def __init__(self, folder: Path, seq: int) -> None:
        self._folder, self._seq = folder, seq
        self._files: dict[str, TextIO] = {}
        self._days: dict[str, set[int]] = {}

    def __enter__(self) -> _Months:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, row: Reading) -> None:
        """Note a reading."""
        at = microseconds(row.observed_at)
        month = f"{row.observed_at.astimezone(UTC):%Y-%m}"
        if month not in self._files:
            self._files[month] = (self._folder / f"{month}.csv").open("w", encoding="utf-8", newline="")
            self._days[month] = set()
        self._days[month].add(at // DAY_US)
        number = "" if row.number is None else repr(row.number)
        value = ""
        if row.value is not None:
            value = '"' + msgspec.json.encode(row.value).decode().replace('"', '""') + '"'
        delay = round((row.received_at - row.observed_at).total_seconds())
        delay = delay if abs(delay) < 2**31 else 0
        self._files[month].write(f"{row.series_id},{at},{number},{value},{self._seq},{delay}\n")

    def close(self) -> None:
        """No more readings come."""
        for file in self._files.values():
            file.close()

    def sources(self) -> Iterator[tuple[str, list[date]]]:
        """A query and the days of each month."""
        for month in sorted(self._days):
            days = [day_of(day * DAY_US) for day in sorted(self._days[month])]
            yield settling.from_csv(self._folder / f"{month}.csv"), days


def read_file(file: Path, layout: Layout, series: int | Mapping[str, int]) -> Iterator[Reading | None]:
    """The readings of a file, None for a line without a number.

    Raises:
        BadFile: as `load_file`.
    """
    zone = ZoneInfo(layout.zone)
    received = now()
    with file.open(encoding="utf-8-sig", newline="") as text:
        lines = csv.reader(text, delimiter=layout.delimiter)
        header = next(lines, []) if any(isinstance(one, str) for one in (layout.time, layout.number)) else []
        time, number = _place(layout.time, header), _place(layout.number, header)
        keys = layout.key if isinstance(layout.key, tuple) else () if layout.key is None else (layout.key,)
        places = [_place(key, header) for key in keys]
        for line in lines:
            if not line:
                continue
            try:
                at, told = _time(line[time], zone), line[number].strip()
                one = series if isinstance(series, int) else series["/".join(line[place] for place in places)]
            except (ValueError, IndexError, KeyError, OverflowError) as error:
                raise BadFile(
                    N_("Line {line} of {file} cannot be read: {reason}. Nothing was kept."),
                    line=lines.line_num,
                    file=file.name,
                    reason=str(error),
                ) from None
            found = _number(told)
            yield None if found is None else Reading(one, at, found, None, 0, received)


def _place(column: str | int, header: list[str]) -> int:
    if isinstance(column, int):
        return column
    if column not in header:
        raise BadFile(
            N_("There is no column “{column}”. The file has: {columns}."), column=column, columns=header
        )
    return header.index(column)


def _time(told: str, zone: ZoneInfo) -> datetime:
    told = told.strip()
    try:
        at = datetime.fromtimestamp(float(told), UTC)
    except ValueError:
        at = datetime.fromisoformat(told)
    if at.tzinfo is None:
        at = at.replace(tzinfo=zone)
    at = at.astimezone(UTC)
    if at < _EARLIEST or at > now() + timedelta(days=1):
        raise ValueError(f"{told} is before 1990 or to come")
    return at


def _number(told: str) -> float | None:
    try:
        number = float(told)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
