"""What a source holds, fetched and read into rows. Asks no database, so that a preview and the clock read
alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import msgspec

from belvedere.domains.connections.frames import Frame, write_frame
from belvedere.domains.connections.lists import (
    BAD_TIME,
    MOST_ROWS,
    NO_NAME,
    TWICE,
    ListMap,
    Row,
    Told,
    read_document,
    read_rows,
    too_many,
)
from belvedere.domains.connections.states import SourceForm
from belvedere.domains.twin.public import FORECAST, descriptions
from belvedere.engines.fetching import WHOLE_S, Fetched, Mark, fetch, origin
from belvedere.kernel.errors import N_, InvalidInput
from belvedere.standards import gbfs, gtfs_realtime

MOST_FRAME_BYTES = 100_000
LONGEST_KEY = 64
LONGEST_PREFIX = 24
SLUG_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")


@dataclass(frozen=True, slots=True)
class Way:
    """Where to ask and how to read what comes. `header` and `secret` are for the server of `url` alone;
    `whole_s`: the seconds that each answer may take."""

    form: SourceForm
    url: str
    header: str = ""
    secret: str = ""
    mark: Mark = field(default_factory=Mark)
    kind: str = ""
    languages: tuple[str, ...] = ()
    mapping: ListMap = field(default_factory=ListMap)
    whole_s: float = WHOLE_S

    def __repr__(self) -> str:
        return f"Way({self.form}, {self.url})"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came. `rows` None: nothing changed. `ttl_s`: for so long nothing new is to be expected.

    `document`: of a list, as it is before it is mapped.
    """

    rows: list[Row] | None
    mark: Mark
    ttl_s: int = 0
    document: Any = None


def ask(way: Way) -> Answer:
    """Fetch and read.

    Raises:
        AddressRefused, Unreachable, TooLarge: as `fetching.fetch`.
        InvalidInput: what came cannot be read at all.
    """
    return _READ[way.form](way)


def _fetch(way: Way, url: str, mark: Mark | None = None) -> Fetched:
    own = {way.header: way.secret} if way.header and origin(way.url) == origin(url) else {}
    return fetch(url, secret=own, mark=mark, whole_s=way.whole_s)


def _ask_list(way: Way) -> Answer:
    found = _fetch(way, way.url, way.mark)
    if found.body is None:
        return Answer(None, found.mark)
    document = read_document(found.body)
    rows = read_rows(document, way.mapping, kinds_of(way.kind)) if way.mapping.fields else []
    return Answer(rows, found.mark, 0, document)


def kinds_of(kind: str) -> Mapping[str, str]:
    """What the value of each term of a kind of things is."""
    known = descriptions().get(kind)
    if known is None:
        return {}
    return {term: FORECAST if one.forecast_of else str(one.kind) for term, one in known.attributes.items()}


def _ask_stations(way: Way) -> Answer:
    """The discovery file is asked each time too: addresses of feeds may change."""
    try:
        start = _json(_fetch(way, way.url))
        feeds = gbfs.feeds(start, way.languages)
        status = _json(_fetch(way, feeds[gbfs.STATUS]))
        found = gbfs.stations(_json(_fetch(way, feeds[gbfs.INFORMATION])), status)
    except gbfs.NotGbfs as error:
        raise InvalidInput(
            N_("This is not GBFS: “{what}” is missing or of another form. Give the address of gbfs.json."),
            what=str(error),
            field="url",
        ) from error
    if len(found) > MOST_ROWS:
        raise too_many(len(found))
    rows = [_row(place, one) for place, one in enumerate(found, 1)]
    return Answer(rows, Mark(), gbfs.ttl_s(status))


def _ask_alerts(way: Way) -> Answer:
    found = _fetch(way, way.url, way.mark)
    if found.body is None:
        return Answer(None, found.mark)
    try:
        told = gtfs_realtime.alerts(found.body)
    except gtfs_realtime.NotGtfsRealtime as error:
        raise InvalidInput(N_("This is no feed of GTFS Realtime: {why}."), why=str(error)) from error
    if len(told) > MOST_ROWS:
        raise too_many(len(told))
    rows = [_alert_row(place, one, way.languages) for place, one in enumerate(told, 1)]
    return Answer(_each_once(rows), found.mark)


#: Those of the standard in the words of the Smart Data Models.
_SEVERITIES = {"info": "informational", "warning": "medium", "severe": "high"}


def _alert_row(place: int, one: gtfs_realtime.Alert, languages: tuple[str, ...]) -> Row:
    if not one.id:
        return Row(place, "", fault=NO_NAME)
    text = next((one.texts[language] for language in (*languages, "") if language in one.texts), "")
    told: dict[str, Any] = {
        "category": "traffic",
        "subCategory": one.effect or "unknown_effect",
        "severity": _SEVERITIES.get(one.severity, "informational"),
        "validFrom": one.begins.isoformat() if one.begins else None,
        "validTo": one.ends.isoformat() if one.ends else None,
        "description": text or next(iter(one.texts.values()), None),
        "alertSource": one.url or None,
        "affectedRoutes": list(one.routes) or None,
        "affectedStops": list(one.stops) or None,
    }
    values: Told = {term: (value, "") for term, value in told.items() if value is not None}
    return Row(place, one.id[:200], one.titles, values=values, texts=one.texts)


def _each_once(rows: list[Row]) -> list[Row]:
    seen: set[str] = set()
    found = []
    for row in rows:
        found.append(Row(row.place, row.id, fault=TWICE) if row.id in seen and not row.fault else row)
        seen.add(row.id)
    return found


_READ: Mapping[SourceForm, Callable[[Way], Answer]] = {
    SourceForm.LIST: _ask_list,
    SourceForm.GBFS: _ask_stations,
    SourceForm.ALERTS: _ask_alerts,
}


def _json(found: Fetched) -> Any:
    try:
        return msgspec.json.decode(found.body or b"")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidInput(N_("This is not JSON: {why}."), why=str(error)[:100]) from error


def _row(place: int, one: gbfs.Station) -> Row:
    told = {
        "availableBikeNumber": one.vehicles,
        "freeSlotNumber": one.docks,
        "totalSlotNumber": one.capacity,
        "outOfServiceSlotNumber": one.docks_off,
        "status": None if one.is_open is None else "working" if one.is_open else "outOfService",
    }
    values: Told = {term: (value, "") for term, value in told.items() if value is not None}
    has_place = one.longitude is not None and one.latitude is not None
    point = (one.longitude or 0.0, one.latitude or 0.0) if has_place else None
    return Row(place, one.id, one.names, one.at, point, values)


def key_of(prefix: str, name: str) -> str:
    """The device that a row is of: its name in small letters, and a few digits of its digest where letters
    had to go, so that two never become one."""
    folded = name.casefold()
    plain = "".join(letter if letter in SLUG_LETTERS else "-" for letter in folded)
    whole = "-".join(part for part in (prefix, plain) if part).lstrip("-_")
    if plain == folded and whole and len(whole) <= LONGEST_KEY:
        return whole
    mark = sha256(name.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{whole[: LONGEST_KEY - 9]}-{mark}".lstrip("-_")


def frame_of(row: Row, owner_id: object, asked_at: datetime) -> Frame:
    """A row as the bus carries it. One without a time is of the moment it was asked for."""
    owner = str(owner_id or "")
    if row.fault:
        return Frame(t=asked_at, owner=owner, terms={}, fault="bad_time", detail=row.detail)
    frame = Frame(t=(row.at or asked_at).astimezone(UTC), owner=owner, terms=row.values)
    try:
        fits = len(write_frame(frame)) <= MOST_FRAME_BYTES
    except (UnicodeEncodeError, OverflowError, RecursionError, msgspec.MsgspecError):
        fits = False
    return frame if fits else Frame(t=asked_at, owner=owner, terms={}, fault="bad_form")


def may_be_told(row: Row) -> bool:
    """Whether the books of devices can say what is wrong with a row: it names its thing."""
    return not row.fault or row.fault == BAD_TIME
