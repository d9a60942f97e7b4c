"""Published examples of GBFS, and documents that are none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from belvedere.standards import gbfs
from tests.realdata import real_data


def published(name: str) -> Any:
    return json.loads(real_data(f"mobility/gbfs-{name}.json").read_text())


@pytest.mark.realdata
def test_the_published_examples_are_read() -> None:
    for version in ("2.2", "3.0"):
        found = gbfs.feeds(published(f"gbfs.{version}"), ("fr",))
        assert found[gbfs.STATUS] == "https://example.com/gbfs/station_status"
    status, information = published("station_status.3.0"), published("station_information.3.0")
    for one, station in zip(information["data"]["stations"], status["data"]["stations"], strict=False):
        station["station_id"] = one["station_id"]  # the examples name different stations
    first = gbfs.stations(information, status)[0]
    assert (first.id, first.names, first.vehicles, first.docks) == ("pga", {"en": "Parking garage A"}, 1, 3)
    assert (first.docks_off, first.is_open) == (1, True)
    assert first.at is not None


@pytest.mark.parametrize(
    "document",
    [
        None,
        3,
        [],
        {},
        {"data": 3},
        {"data": {}},
        {"data": {"feeds": [1, {"name": "x"}]}},
        {"data": {"fr": 3}},
    ],
)
def test_what_is_no_gbfs_is_named(document: Any) -> None:
    with pytest.raises(gbfs.NotGbfs):
        gbfs.feeds(document)
    with pytest.raises(gbfs.NotGbfs):
        gbfs.stations(document, document)


def test_odd_stations_are_left_out_and_odd_numbers_too() -> None:
    information = {"data": {"stations": [3, {"station_id": True}, {"station_id": "a", "lat": 999, "lon": 1}]}}
    status = {"data": {"stations": [{"station_id": "a", "num_docks_available": -1, "last_reported": "now"}]}}
    (one,) = gbfs.stations(information, status)
    assert (one.longitude, one.docks, one.at, one.is_open, one.names) == (None, None, None, None, {})
