"""GTFS Realtime 2.0, service alerts: what disturbs public transport, for how long, on which lines and stops.

Read from Protocol Buffers, or from JSON where a feed is written so. Trip updates and positions of vehicles in
the same feed are passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import DecodeError
from google.transit import gtfs_realtime_pb2

parse: Any = json_format.Parse
pb: Any = gtfs_realtime_pb2  # made at run time: what it holds has no types that can be told
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST_S = 4_102_444_800  # 2100; later is as good as without end
MOST_NAMED = 100
LONGEST_TEXT = 5000


class NotGtfsRealtime(ValueError):
    """The bytes are no feed of GTFS Realtime."""


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert. Texts by language, under "" where none is told; `begins`, `ends` None: since ever, open.

    `effect`, `cause`, `severity`: the words of the standard in small letters, as "no_service". `routes` and
    `stops`: their identifiers in the timetable; `agencies`: whole companies.
    """

    id: str
    titles: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    begins: datetime | None = None
    ends: datetime | None = None
    cause: str = ""
    effect: str = ""
    severity: str = ""
    routes: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()


def alerts(body: bytes) -> list[Alert]:
    """Every alert of a feed, in its order.

    Raises:
        NotGtfsRealtime: it cannot be read.
    """
    feed = pb.FeedMessage()
    try:
        if body.lstrip()[:1] == b"{":
            parse(body, feed, ignore_unknown_fields=True, max_recursion_depth=20)
        else:
            feed.ParseFromString(body)
    except (
        DecodeError,
        json_format.ParseError,
        UnicodeDecodeError,
        RecursionError,
        ValueError,
        OverflowError,
    ) as error:
        raise NotGtfsRealtime(str(error)[:100]) from error
    if not feed.header.gtfs_realtime_version:
        raise NotGtfsRealtime("no version")
    return [_alert(one.id, one.alert) for one in feed.entity if one.HasField("alert") and not one.is_deleted]


def _alert(name: str, told: Any) -> Alert:
    begins = [_instant(one.start) for one in told.active_period]
    ends = [_instant(one.end) for one in told.active_period]
    return Alert(
        id=name,
        titles=_texts(told.header_text),
        texts=_texts(told.description_text),
        url=next((text for text in _texts(told.url).values() if text.startswith("https://")), ""),
        begins=None if None in begins else min((one for one in begins if one), default=None),
        ends=None if None in ends else max((one for one in ends if one), default=None),
        cause=_word(pb.Alert.Cause.Name(told.cause)) if told.HasField("cause") else "",
        effect=_word(pb.Alert.Effect.Name(told.effect)) if told.HasField("effect") else "",
        severity=(
            _word(pb.Alert.SeverityLevel.Name(told.severity_level)) if told.HasField("severity_level") else ""
        ),
        routes=_named(name for one in told.informed_entity for name in (one.route_id, one.trip.route_id)),
        stops=_named(one.stop_id for one in told.informed_entity),
        agencies=_named(one.agency_id for one in told.informed_entity),
    )


def _texts(told: Any) -> dict[str, str]:
    """Texts by the first part of their language ("fr" of "fr-CH"), the first of each; markup is not text."""
    found: dict[str, str] = {}
    for one in told.translation:
        language = one.language.lower()
        if one.text.strip() and not language.endswith("-html"):
            text = one.text.strip().replace("\x00", "")[:LONGEST_TEXT]
            found.setdefault(language.partition("-")[0][:8], text)
    return found


def _instant(seconds: int) -> datetime | None:
    return EPOCH + timedelta(seconds=seconds) if 0 < seconds < LAST_S else None


def _word(name: str) -> str:
    return name.lower()


def _named(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.replace("\x00", "")[:100] for name in names if name))[:MOST_NAMED]
