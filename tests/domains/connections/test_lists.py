"""Lists of other systems, read as a person said; odd rows say why and stop no other."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from belvedere.domains.connections.lists import (
    OWN_NAME,
    FieldMap,
    ListMap,
    instant,
    read_document,
    read_rows,
    value_at,
)
from belvedere.domains.connections.offers import guessed, offer, to_begin_with
from belvedere.domains.connections.sources.reading import key_of, kinds_of
from belvedere.domains.twin.public import forecast, forecast_or_none
from belvedere.kernel.errors import InvalidInput, TooLarge

AT = datetime(2026, 7, 1, 10, tzinfo=UTC)
KINDS = {"temperature": "number", "status": "text", "lit": "boolean"}
FIELDS = (FieldMap("t", "temperature", "CEL"), FieldMap("s", "status"), FieldMap("on", "lit"))


def rows(told: Any, **how: Any) -> list[Any]:
    document = read_document(told if isinstance(told, bytes) else json.dumps(told).encode())
    return read_rows(document, ListMap(**{"id": "id", "fields": FIELDS, **how}), KINDS)


def test_json_is_read_by_paths() -> None:
    told = {
        "data": {"list": [{"p": {"id": 7, "xy": [7.1, 46.2]}, "t": 21, "s": 3, "at": "2026-07-01T10:00Z"}]}
    }
    (row,) = rows(told, items="data.list", id="p.id", longitude="p.xy.0", latitude="p.xy.1", time="at")
    assert (row.id, row.at, row.point, row.fault) == ("7", AT, (7.1, 46.2), "")
    assert row.values == {"temperature": (21, "CEL"), "status": ("3", "")}


def test_csv_is_read_as_people_write_it() -> None:
    told = "id;t;s;on;wann\nA;21,5;ok;oui;01.07.2026 12:00\n\nB;;;non;01.07.2026 12:00:30\n".encode(
        "utf-8-sig"
    )
    one, other = rows(told, time="wann", zone="Europe/Zurich")
    assert (one.at, one.values["temperature"], one.values["lit"]) == (AT, (21.5, "CEL"), (True, ""))
    assert other.values == {"lit": (False, "")}
    assert rows("id,s\nA,Zürich".encode("cp1252"))[0].values["status"] == ("Zürich", "")


def test_an_object_of_objects_and_an_object_alone_are_rows() -> None:
    found = rows({"S1": {"t": 1}, "S2": {"t": 2}}, id=OWN_NAME)
    assert [(row.id, row.values["temperature"][0]) for row in found] == [("S1", 1), ("S2", 2)]
    (alone,) = rows({"t": 4, "inside": {"x": 1}}, id="")
    assert (alone.id, alone.values) == ("", {"temperature": (4, "CEL")})


def test_odd_rows_say_why_and_stop_no_other() -> None:
    told = [
        {"id": "a", "t": 1, "at": 1},
        {"t": 2},
        "x",
        {"id": "b", "at": "soon"},
        {"id": "a", "t": 3, "at": 1},
    ]
    found = {row.place: row for row in rows(told, time="at")}
    assert [bool(found[place].fault) for place in range(1, 6)] == [False, True, True, True, True]
    assert found[4].detail == "soon"
    not_numbers = rows(b'[{"id": 1, "t": NaN}, {"id": 2, "t": 1e999}, {"id": 3, "t": "n/a"}]')
    assert [row.values["temperature"][0] for row in not_numbers] == ["NaN", "inf", "n/a"]


@pytest.mark.parametrize("body", [b"{", b"<html>", b"word", b"", b"\xff\xfe\x00", b"[" * 90_000, b'{"a": 1'])
def test_what_is_no_list_is_refused_with_a_sentence(body: bytes) -> None:
    with pytest.raises(InvalidInput):
        read_rows(read_document(body), ListMap(fields=FIELDS), KINDS)


def test_a_list_that_is_too_long_or_not_there_is_refused() -> None:
    with pytest.raises(TooLarge):
        rows([{"id": n} for n in range(5001)])
    with pytest.raises(InvalidInput, match="no list at “data”"):
        rows({"data": 3}, items="data")


def test_what_can_be_chosen_is_offered_and_guessed() -> None:
    told = {"meta": {"n": 1}, "stations": [{"station_id": "x", "pos": {"lat": 46, "lon": 7}, "nom": "Gare"}]}
    found = offer(told, "stations")
    assert found.lists == (("stations", 1),)
    assert dict(found.fields) == {"station_id": "x", "pos.lat": "46", "pos.lon": "7", "nom": "Gare"}
    how = guessed(found, "stations", "Europe/Zurich")
    assert (how.items, how.id, how.name) == ("stations", "station_id", "nom")
    assert (how.longitude, how.latitude, how.time) == ("pos.lon", "pos.lat", "")


@pytest.mark.parametrize(
    "told", ["2026-07-01T12:00:00+02:00", "2026-07-01 12:00", "01/07/2026 12:00", 1782900000, "1782900000000"]
)
def test_times_are_read_however_they_are_written(told: Any) -> None:
    assert instant(told, "Europe/Zurich") == AT


def test_two_names_never_become_one_device() -> None:
    names = ["a b", "a-b", "a.b", "A-B", "ä", "é", "", "x" * 99, "x" * 98]
    keys = [key_of("p", name) for name in names]
    assert len(set(keys)) == len(names) - 1  # capitals are not told apart
    assert all(0 < len(key) <= 64 and key.isascii() and key == key.lower() for key in keys)
    assert key_of("", "24E124136A000001") == "24e124136a000001"


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(_json, st.text(max_size=8))
@settings(max_examples=200)
def test_nothing_that_is_json_brings_it_down(document: Any, path: str) -> None:
    value_at(document, path)
    how = guessed(offer(document), "", "UTC")
    try:
        found = read_rows(document, how, KINDS)
    except InvalidInput:
        return
    assert all(len(key_of("", row.id)) <= 64 for row in found)


WEATHER = {
    "latitude": 46.28,
    "hourly_units": {"time": "iso8601", "temperature_2m": "°C"},
    "hourly": {
        "time": ["2026-11-23T00:00", "2026-11-23T01:00", "2026-11-23T02:00", "2026-11-23T03:00"],
        "temperature_2m": [1.5, 0.4, None, -0.9],
        "odd": [1, 2],
    },
    "pairs": [[1.5, "2026-11-23T00:00:00Z"]],
    "nested": [[1, 2]],
}


def test_numbers_beside_their_times_are_a_forecast() -> None:
    fields = (FieldMap("hourly.temperature_2m", "temperatureForecast", "CEL"),)
    (row,) = read_rows(WEATHER, ListMap(zone="Europe/Zurich", fields=fields), kinds_of("weather"))
    value, unit = row.values["temperatureForecast"]
    told = forecast(value)
    assert unit == "CEL" and row.at is None and not row.fault
    assert told[0] == (datetime(2026, 11, 22, 23, tzinfo=UTC).timestamp(), 1.5)
    assert [number for _at, number in told][3] == -0.9 and math.isnan(told[2][1])


@pytest.mark.parametrize(
    ("source", "is_forecast"),
    [("pairs", True), ("hourly.odd", False), ("latitude", False), ("nested.0", False)],
)
def test_pairs_are_one_and_what_has_no_times_is_left_to_be_refused(source: str, is_forecast: bool) -> None:
    fields = (FieldMap(source, "temperatureForecast"),)
    (row,) = read_rows(WEATHER, ListMap(fields=fields), kinds_of("weather"))
    value, _unit = row.values["temperatureForecast"]
    assert (forecast_or_none(value) is not None) is is_forecast


def test_a_list_of_times_is_not_guessed_to_be_the_time() -> None:
    mapping, offered = to_begin_with(WEATHER, ListMap(), None, "UTC")
    assert mapping.time == "" and ("hourly.temperature_2m", "[1.5, 0.4, None, -0.9]") in offered.fields
