"""What was told, into the history: the readings that charts show too, and beside them what those cannot hold.

A value without an observedAt is kept at the instant at which it was said, and its reading has a number below
zero (`seq`): so that who asks what was observed knows it from those.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from belvedere.domains.context.past_sums import forget_sums
from belvedere.domains.observations.public import Reading, tell
from belvedere.domains.twin.public import Told
from belvedere.engines import wire
from belvedere.standards.ngsi_ld.documents import Instance, Kind, pack_sub

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DETAILS = wire.Statement(
    "INSERT INTO context_instance (series_id, observed_at, detail)"
    " SELECT n.s, n.o, n.d FROM json_to_recordset($1::json) AS n (s int8, o timestamptz, d jsonb)"
    " ON CONFLICT (series_id, observed_at) DO UPDATE SET detail = excluded.detail"
)


class _Row(msgspec.Struct, gc=False):
    s: int
    o: datetime
    d: dict[str, Any]


def remember(told: Sequence[Told], at: datetime) -> None:
    """Keep what was told at `at`, in the transaction of the verb."""
    if not told:
        return
    order = (at - _EPOCH) // _MICROSECOND
    readings, details = [], []
    # Of one instant what was told last.
    for one in {(one.series_id, one.at): one for one in told}.values():
        instance = one.instance
        value = instance.value
        number: float | None = None
        if instance.kind is Kind.PROPERTY and isinstance(value, int | float) and not isinstance(value, bool):
            number, value = float(value), None
        seq = order if instance.observed_at is not None else -order
        readings.append(Reading(one.series_id, one.at, number, value, seq, at))
        if detail := detail_of(instance):
            details.append(_Row(one.series_id, one.at, detail))
    if any(one.late for one in told):
        forget_sums()
    tell(readings, along=[(_DETAILS, [msgspec.json.encode(details)])] if details else ())


def detail_of(instance: Instance) -> dict[str, Any]:
    """What a reading does not say of an instance; empty for a plain property."""
    detail: dict[str, Any] = {}
    if instance.kind is not Kind.PROPERTY:
        detail["k"] = instance.kind.value
    if packed := pack_sub(instance):
        detail["s"] = packed
    if instance.instance_id:
        detail["i"] = instance.instance_id
    return detail
