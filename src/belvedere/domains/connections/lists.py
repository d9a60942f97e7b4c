"""What another system holds as a list, JSON or CSV, read row by row as a person said: which field names the
thing, which the time, which is which attribute.

Pure: bytes and a mapping in, rows out; a row that cannot be read says why and stops no other.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import msgspec

from belvedere.domains.twin.public import FORECAST
from belvedere.kernel.clock import instant_of
from belvedere.kernel.errors import N_, InvalidInput, TooLarge

MOST_ROWS = 5000
#: Of objects and lists in JSON, before it is read at all: each takes memory.
MOST_PARTS = 1_000_000
#: The name under which the rows of an object of objects find the name they had in it.
OWN_NAME = "@key"
#: What lists of times are called that stand beside lists of numbers.
TIMES = ("time", "times", "timestamp", "timestamps", "dates", "datetime")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WRITTEN = ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%Y-%m-%d")
_NUMBER = re.compile(r"[-+]?\d{1,30}(\.\d{1,30})?([eE][-+]?\d{1,3})?")
_COMMA = re.compile(r"[-+]?\d{1,30},\d{1,30}")
_YES, _NO = frozenset({"true", "1", "yes", "oui", "ja"}), frozenset({"false", "0", "no", "non", "nein"})
Told: TypeAlias = dict[str, tuple[Any, str]]  # term → value, unit


class FieldMap(msgspec.Struct, frozen=True):
    """That a field of the list is an attribute, and in which unit it comes ("" as it is kept)."""

    source: str
    term: str
    unit: str = ""


class ListMap(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where in the list is what: paths with dots, places in a list as numbers.

    `items`: the list itself, "" for the whole answer. `id` "": the answer tells of one thing. `time` "": of
    the moment it was read. `zone`: of times that name none.
    """

    items: str = ""
    id: str = ""
    name: str = ""
    longitude: str = ""
    latitude: str = ""
    time: str = ""
    zone: str = "UTC"
    fields: tuple[FieldMap, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it was understood. `values` by term, with units; `names`, and `texts` of an announcement, by
    language, "" where none is told.

    `fault`: why it is refused before anybody looks at its values, a msgid; `detail`: what is at fault.
    """

    place: int
    id: str
    names: Mapping[str, str] = field(default_factory=dict)
    at: datetime | None = None
    point: tuple[float, float] | None = None
    values: Told = field(default_factory=dict)
    fault: str = ""
    detail: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)


NO_NAME, TWICE, BAD_TIME = (
    N_("The row names no thing"),
    N_("Another row tells of this thing at this time"),
    N_("A time that cannot be read"),
)


def read_document(body: bytes, most: int = MOST_ROWS) -> Any:
    """JSON as it is, CSV as a list of objects.

    Raises:
        InvalidInput: neither. TooLarge: more than `most` lines, or objects without end.
    """
    head = body[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] in (b"{", b"["):
        parts = body.count(b"{") + body.count(b"[")
        if parts > MOST_PARTS:
            raise too_many(parts, most)
        try:
            # NaN and the like become words, so that only their own rows are refused.
            return json.loads(body, parse_constant=str)
        except (ValueError, RecursionError) as error:
            raise InvalidInput(N_("This is not JSON: {why}."), why=str(error)[:100]) from error
    if head[:1] == b"<":
        raise InvalidInput(N_("A web page came instead of data. Give the address of the data itself."))
    return _table(body, most)


def _table(body: bytes, most: int) -> list[dict[str, str]]:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("cp1252", "replace")
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t|", key=first.count)
    if "\x00" in text or not first.count(delimiter):
        raise InvalidInput(N_("This is neither JSON nor CSV with a first line of names."))
    try:
        lines = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restkey="")
        found = list(islice(lines, most + 1))
    except csv.Error as error:
        raise InvalidInput(N_("This CSV cannot be read: {why}."), why=str(error)[:100]) from error
    if len(found) > most:
        raise too_many(text.count("\n"), most)
    return found


def value_at(told: Any, path: str) -> Any:
    """What stands at a path; None where nothing does. A name may itself hold dots."""
    if path == "" or told is None:
        return told
    if isinstance(told, Mapping):
        if path in told:
            return told[path]
        before, _dot, after = path.partition(".")
        while after:
            if before in told:
                found = value_at(told[before], after)
                if found is not None:
                    return found
            more, _dot, after = after.partition(".")
            before = f"{before}.{more}"
        return None
    if isinstance(told, list):
        before, _dot, after = path.partition(".")
        if before.isascii() and before.isdigit() and len(before) < 6 and int(before) < len(told):
            return value_at(told[int(before)], after)
    return None


def items_at(document: Any, path: str, most: int = MOST_ROWS) -> list[Any]:
    """The rows of a list; of an object of objects each with its name; an object alone is one row.

    Raises:
        InvalidInput: there is no list. TooLarge: more rows than are read at once.
    """
    found = value_at(document, path)
    if isinstance(found, Mapping):
        found = named(found) or [found]
    if not isinstance(found, list):
        raise InvalidInput(N_("There is no list at “{path}” in the answer."), path=path[:80], field="items")
    if len(found) > most:
        raise too_many(len(found), most)
    return found


def too_many(rows: int, most: int = MOST_ROWS) -> TooLarge:
    """A list that is not read, rather than in part."""
    return TooLarge(N_("The list has {rows} rows; {most} at most are read."), rows=rows, most=most)


def named(told: Mapping[str, Any]) -> list[Any]:
    """The rows of an object of objects, each with its name there; none for any other object."""
    if len(told) < 2 or not all(isinstance(one, Mapping) for one in told.values()):
        return []
    return [{**one, OWN_NAME: name} for name, one in told.items()]


def read_rows(
    document: Any,
    how: ListMap,
    kinds: Mapping[str, str],
    *,
    most: int = MOST_ROWS,
    may_repeat: bool = False,
) -> list[Row]:
    """Every row, those of one thing in the order of their times.

    Args:
        kinds: what the value of a term is (number, text, boolean, object, forecast).
        may_repeat: two rows may tell of one thing at one time.
    """
    seen: set[tuple[str, datetime | None]] = set()
    rows = []
    for place, item in enumerate(items_at(document, how.items, most), 1):
        row = _row(place, item, how, kinds)
        if not row.fault and not may_repeat:
            if (row.id, row.at) in seen:
                row = _refused(place, row.id, TWICE)
            seen.add((row.id, row.at))
        rows.append(row)
    return sorted(rows, key=lambda row: (row.at or EPOCH, row.place))


def _refused(place: int, name: str, fault: str, detail: Any = "") -> Row:
    return Row(place, name, fault=fault, detail=_word(str(detail))[:100])


def _row(place: int, item: Any, how: ListMap, kinds: Mapping[str, str]) -> Row:
    if not isinstance(item, Mapping):
        return _refused(place, "", NO_NAME, item)
    name = _word(value_at(item, how.id)) if how.id else ""
    if how.id and not name:
        return _refused(place, "", NO_NAME)
    at = None
    if how.time:
        told = value_at(item, how.time)
        at = instant(told, how.zone)
        if at is None:
            return _refused(place, name, BAD_TIME, told)
    values: Told = {}
    for one in how.fields:
        kind = kinds.get(one.term, "number")
        told = value_at(item, one.source)
        value = _expected(item, one.source, how.zone) if kind == FORECAST else _value(told, kind)
        if value is not None:
            values[one.term] = (value, one.unit)
    label = _word(value_at(item, how.name)) if how.name else ""
    return Row(place, name, {"": label} if label else {}, at, _point(item, how), values)


def _word(told: Any) -> str:
    """A name, whether it is written as text or as a number."""
    if isinstance(told, list):  # texts by language, as some standards write them
        told = value_at(told, "0.text")
    if isinstance(told, bool) or not isinstance(told, str | int | float):
        return ""
    return str(told).encode("utf-8", "replace").decode().strip()[:200].replace("\x00", "")


def _value(told: Any, kind: str) -> Any:
    """As its attribute wants it; what cannot be made so stays, and is refused by name."""
    if isinstance(told, float) and not math.isfinite(told):
        return str(told)
    if not isinstance(told, str):
        return str(told) if kind == "text" and type(told) in (int, float) else told
    told = told.encode("utf-8", "replace").decode()
    text = told.strip()
    if not text or text.casefold() == "null":
        return None
    if kind == "number":
        if _COMMA.fullmatch(text):
            text = text.replace(",", ".")
        return float(text) if _NUMBER.fullmatch(text) else told
    if kind == "boolean" and text.casefold() in _YES | _NO:
        return text.casefold() in _YES
    return told


def _expected(item: Any, source: str, zone: str) -> Any:
    """A forecast: as its attribute wants it, in pairs, or numbers beside a list of their times."""
    told = value_at(item, source)
    if not isinstance(told, list) or not told:
        return told
    if isinstance(told[0], list):
        return {"values": told}
    beside = value_at(item, source.rpartition(".")[0])
    lists = beside if isinstance(beside, Mapping) else {}
    times: list[Any] = next((lists[name] for name in TIMES if isinstance(lists.get(name), list)), [])
    instants = [instant(one, zone) for one in times]
    if len(instants) != len(told) or None in instants:
        return {"values": told}  # refused by name
    numbers = (_value(one, "number") for one in told)
    pairs = zip(numbers, instants, strict=True)
    return {"values": [[number, int(at.timestamp())] for number, at in pairs if at is not None]}


def _point(item: Any, how: ListMap) -> tuple[float, float] | None:
    if not (how.longitude and how.latitude):
        return None
    told = [_value(value_at(item, path), "number") for path in (how.longitude, how.latitude)]
    if any(isinstance(one, bool) or not isinstance(one, int | float) for one in told):
        return None
    longitude, latitude = (float(one) for one in told)
    return (longitude, latitude) if abs(longitude) <= 180 and abs(latitude) <= 90 else None


def instant(told: Any, zone: str) -> datetime | None:
    """ISO 8601, seconds or milliseconds since 1970, or day first as people write it; else None."""
    try:
        if isinstance(told, int | float):
            return instant_of(told)
        text = told.strip()
        if _NUMBER.fullmatch(text) and math.isfinite(float(text)):
            return instant(float(text), zone)
        at = _written(text)
        return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    except (AttributeError, ValueError, OverflowError):
        return None


def _written(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        for form in WRITTEN:
            try:
                return datetime.strptime(text, form)  # noqa: DTZ007 (the zone is put to it by who asks)
            except ValueError:
                continue
        raise
