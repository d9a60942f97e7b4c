"""Things of the live territory, their series, their devices, and the books of messages."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from ninja import Schema
from pydantic import Field

from belvedere.domains.intake import public as intake
from belvedere.domains.twin import public as twin
from belvedere.faces.rest.schemas.shared import Geometry
from belvedere.kernel.clock import now


def age_of(instant: datetime | None) -> float | None:
    """Seconds since then."""
    return None if instant is None else round((now() - instant).total_seconds(), 1)


class PresentValueOut(Schema):
    """A present value: `number` in `unit`, or `value` for what is no number."""

    series: int
    term: str
    number: float | None
    value: Any
    unit: str = Field(description="UN/CEFACT code; C62 is a share or a count")
    observed_at: datetime | None
    age_s: float | None = Field(description="Seconds since it was observed")
    level: str = Field(description="normal, watch or alarm", examples=["watch"])

    @classmethod
    def of(cls, one: twin.Value | twin.AttributeView) -> Self:
        return cls(**cls._members(one))

    @staticmethod
    def _members(one: twin.Value | twin.AttributeView) -> dict[str, Any]:
        return {
            "series": one.series_id,
            "term": one.term,
            "number": one.number,
            "value": one.value,
            "unit": one.unit,
            "observed_at": one.observed_at,
            "age_s": age_of(one.observed_at),
            "level": twin.Level(one.level).name.lower(),
        }


class AttributeOut(PresentValueOut):
    """A value with all that is known of it."""

    name: str = Field(description="Its IRI")
    dataset: str
    kind: twin.AttributeKind
    value_kind: twin.ValueType
    received_at: datetime | None
    note: str = Field(description="What is odd about it, such as out_of_range; empty for nothing")
    labels: dict[str, str]
    series_url: str | None = Field(description="Its history, where it tells something over time")

    @classmethod
    def of_view(cls, one: twin.AttributeView, series_url: str | None) -> Self:
        return cls(
            **cls._members(one),
            name=one.name,
            dataset=one.dataset_id,
            kind=one.kind,
            value_kind=one.value_kind,
            received_at=one.received_at,
            note=one.note,
            labels=dict(one.labels),
            series_url=series_url,
        )


class ThingRow(Schema):
    id: int
    url: str
    kind: str
    names: dict[str, str]
    state: twin.State
    state_since: datetime
    longitude: float | None
    latitude: float | None
    owner_id: UUID | None
    place_id: UUID | None
    last_seen_at: datetime | None
    age_s: float | None = Field(description="Seconds since it was heard")
    main: PresentValueOut | None = Field(description="The value shown first")

    @classmethod
    def of(cls, dot: twin.Dot, url: str) -> Self:
        return cls(
            id=dot.id,
            url=url,
            kind=dot.kind,
            names=dict(dot.names),
            state=twin.State(dot.state),
            state_since=dot.state_since,
            longitude=dot.longitude,
            latitude=dot.latitude,
            owner_id=dot.owner_id,
            place_id=dot.place_id,
            last_seen_at=dot.last_seen_at,
            age_s=age_of(dot.last_seen_at),
            main=None if dot.main is None else PresentValueOut.of(dot.main),
        )


class ThingPage(Schema):
    total: int
    by_state: dict[str, int]
    next: str | None
    things: list[ThingRow]


class DeviceOut(Schema):
    """A device and its health. Its secret is known to nobody but itself."""

    id: UUID
    key: str
    thing_id: int
    kind: str
    owner_id: UUID | None
    expected_interval_s: int | None
    last_seen_at: datetime | None
    age_s: float | None
    silent: bool
    revoked_at: datetime | None
    battery_share: float | None = Field(description="0 to 1")
    signal_dbm: float | None
    fields: list[dict[str, Any]] = Field(description="How each field of its messages is read")

    @classmethod
    def of(cls, one: twin.DeviceView) -> Self:
        return cls(
            id=one.id,
            key=one.key,
            thing_id=one.entity_id,
            kind=one.kind,
            owner_id=one.owner_id,
            expected_interval_s=one.expected_interval_s,
            last_seen_at=one.last_seen_at,
            age_s=age_of(one.last_seen_at),
            silent=one.silent,
            revoked_at=one.revoked_at,
            battery_share=one.battery,
            signal_dbm=one.signal,
            fields=[
                {"field": f.name, "term": f.term, "unit": f.unit, "factor": f.factor, "offset": f.offset}
                for f in one.fields
            ],
        )


class DevicePage(Schema):
    total: int
    next: str | None
    devices: list[DeviceOut]


class ThingOut(Schema):
    """One thing with what it says now; devices only for who may know of them."""

    id: int
    territory: str
    urn: str
    types: list[str]
    kind: str
    names: dict[str, str]
    state: twin.State
    state_since: datetime
    owner_id: UUID | None
    place_id: UUID | None
    visibility: twin.Visibility
    geometry: Geometry | None
    last_seen_at: datetime | None
    age_s: float | None
    expected_interval_s: int | None
    created_at: datetime
    modified_at: datetime
    attributes: list[AttributeOut]
    devices: list[DeviceOut]


class PointOut(Schema):
    """A reading; `number` null and no value: nothing was told there (a gap of a chart)."""

    at: datetime
    number: float | None = None
    value: Any = None


class BucketOut(Schema):
    """The readings from `start` on, summed up."""

    start: datetime
    count: int
    avg: float
    min: float
    max: float
    sum: float


class SeriesOut(Schema):
    series: int
    thing_id: int
    term: str
    unit: str
    start: datetime
    end: datetime
    next: str | None = Field(default=None, description="The rest, where there are more than `limit`")
    points: list[PointOut] | None = None
    buckets: list[BucketOut] | None = None


class CountsOut(Schema):
    """received = stored + late + duplicate + refused."""

    messages: int
    received: int = Field(description="Readings in them")
    stored: int
    late: int = Field(description="Kept in the history only: the device had told something newer")
    duplicate: int
    refused: int
    reasons: dict[str, int] = Field(description="Refused readings by reason")
    balances: bool = Field(description="Whether each that was received has its outcome")

    @classmethod
    def counts(cls, line: intake.Line) -> dict[str, Any]:
        tally = line.tally
        return {
            "messages": tally.messages,
            "received": tally.received,
            "stored": tally.stored,
            "late": tally.late,
            "duplicate": tally.duplicate,
            "refused": tally.refused,
            "reasons": {reason.value: n for reason, n in line.reasons},
            "balances": tally.balances,
        }


class LedgerLine(CountsOut):
    start: datetime | None = Field(description="Of the hour or day; null by device")
    device: str | None = Field(description="Null for all devices together")

    @classmethod
    def of(cls, line: intake.Line) -> Self:
        return cls(**cls.counts(line), start=line.start, device=line.device_key)


class LedgerOut(Schema):
    start: datetime
    end: datetime
    by: intake.By
    whole: CountsOut
    lines: list[LedgerLine]


class RefusedOut(Schema):
    """A refused message as it came."""

    id: int
    device: str
    topic: str
    received_at: datetime
    reason: intake.Reason
    sentence: str = Field(description="The reason in words")
    detail: str
    state: intake.LetterState
    size: int
    text: str = Field(description="Its first 64 KiB, as text")
    whole: bool

    @classmethod
    def of(cls, one: intake.LetterView, sentence: str) -> Self:
        return cls(
            id=one.id,
            device=one.device_key,
            topic=one.subject.replace(".", "/"),
            received_at=one.received_at,
            reason=one.reason,
            sentence=sentence,
            detail=one.detail,
            state=one.state,
            size=one.size,
            text=one.text,
            whole=one.whole,
        )


class RefusedPage(Schema):
    next: str | None
    messages: list[RefusedOut]
