"""THE DOOR of observations: the history of every series, hot in PostgreSQL, settled in the lake, read as one.

Words: reading (a value of a series at an instant), hot day, settled day (in the lake), late reading (of a
day that is not hot: it waits to be merged). Days are UTC days; instants are aware datetimes.
Events: ReadingsStored (within the transaction only).
`store` writes in the caller's transaction; `settle` and what reads do not need one.
Not for: what is true now (twin), messages and their counts (intake), who may read what (who asks).
"""

from belvedere.domains.observations.actions import keep
from belvedere.domains.observations.buckets import buckets
from belvedere.domains.observations.hourly import hourly
from belvedere.domains.observations.instances import Raw, raw, take_all_back, take_back
from belvedere.domains.observations.loading import Layout, Loaded, bulk, bulk_numbers, load_file
from belvedere.domains.observations.lttb import downsample, lttb
from belvedere.domains.observations.quality import measure, measure_soon
from belvedere.domains.observations.quality_reads import (
    FindingView,
    MeasuredView,
    findings,
    measured,
    measured_at,
)
from belvedere.domains.observations.quality_states import Oddity, Weight
from belvedere.domains.observations.reading import series, values
from belvedere.domains.observations.settling import settle, settle_due
from belvedere.domains.observations.states import Width
from belvedere.domains.observations.storing import quiet, store
from belvedere.domains.observations.telling import LOCK, tell
from belvedere.domains.observations.values import Buckets, Points, Reading, Run, Stored, Told

__all__ = [
    "LOCK",
    "Buckets",
    "FindingView",
    "Layout",
    "Loaded",
    "MeasuredView",
    "Oddity",
    "Points",
    "Raw",
    "Reading",
    "Run",
    "Stored",
    "Told",
    "Weight",
    "Width",
    "buckets",
    "bulk",
    "bulk_numbers",
    "downsample",
    "findings",
    "hourly",
    "keep",
    "load_file",
    "lttb",
    "measure",
    "measure_soon",
    "measured",
    "measured_at",
    "quiet",
    "raw",
    "series",
    "settle",
    "settle_due",
    "store",
    "take_all_back",
    "take_back",
    "tell",
    "values",
]
