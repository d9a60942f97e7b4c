"""The mean of each local hour of some days, as a table for what is computed by hours of the day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from belvedere.domains.observations.buckets import buckets

HOURS = 24
_HOUR = timedelta(hours=1)


def hourly(
    series_ids: Sequence[int], first: int, last: int, zone: ZoneInfo
) -> dict[int, npt.NDArray[np.float64]]:
    """By series the mean of each hour: days (from `first` to before `last`, as ordinals of local days) x 24;
    NaN where nothing was measured. Series without a number in that time are left out."""
    start, end = (datetime.fromordinal(day).replace(tzinfo=zone) for day in (first, last))
    told = buckets(series_ids, start, end, _HOUR, zone=zone)
    found: dict[int, npt.NDArray[np.float64]] = {}
    seconds = told.starts.astype("datetime64[s]").astype(np.int64)
    local = {at: datetime.fromtimestamp(at, zone) for at in np.unique(seconds).tolist()}
    for series_id, at, mean in zip(
        told.series_ids.tolist(), seconds.tolist(), told.means.tolist(), strict=True
    ):
        moment = local[at]
        day = moment.toordinal() - first
        if series_id not in found:
            found[series_id] = np.full((last - first, HOURS), np.nan)
        if 0 <= day < last - first:
            found[series_id][day, moment.hour] = mean
    return found
