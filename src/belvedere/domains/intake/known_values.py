"""What the history holds already of days that are over: there the store cannot say whether a reading is new,
since it waits to be merged, and a file that is brought again would be counted as stored again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from belvedere.domains.intake.forms import EPOCH, MICROSECOND
from belvedere.domains.intake.judging import Value
from belvedere.domains.observations.public import series, values
from belvedere.kernel.clock import now

#: Of more recent days the store itself knows.
RECENT = timedelta(days=1)
#: Each series that is asked reads the lake. Beyond, what is there already is counted as late; none doubles.
MOST_SERIES = 200


class Known:
    """Old readings that a file tells and the history holds: the same value at the same instant."""

    def __init__(self, rows: Iterable[tuple[datetime, list[Value]]]) -> None:
        self._edge = now() - RECENT
        spans: dict[int, tuple[datetime, datetime, bool]] = {}
        for at, told in rows:
            if at >= self._edge:
                continue
            for one in told:
                first, last, _number = spans.get(one.target.series_id, (at, at, True))
                number = one.number is not None
                spans[one.target.series_id] = (min(first, at), max(last, at), number)
        self._held: dict[int, dict[int, Any]] = {
            series_id: _held(series_id, *span) for series_id, span in list(spans.items())[:MOST_SERIES]
        }

    def has(self, at: datetime, told: list[Value]) -> bool:
        """Whether all values of a set are there."""
        if at >= self._edge:
            return False
        instant = (at - EPOCH) // MICROSECOND
        return all(
            self._held.get(one.target.series_id, {}).get(instant)
            == (one.number if one.number is not None else _word(one.value))
            for one in told
        )


def _held(series_id: int, first: datetime, last: datetime, is_number: bool) -> dict[int, Any]:
    end = last + MICROSECOND
    if not is_number:
        return {
            (one.observed_at - EPOCH) // MICROSECOND: _word(one.value)
            for one in values(series_id, first, end)
        }
    points = series(series_id, first, end)
    times = points.times.astype("datetime64[us]").astype(np.int64)
    return dict(zip(times.tolist(), points.numbers.tolist(), strict=True))


def _word(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
