"""Alerts of public transport: a recorded feed, odd ones, and bytes that are none."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from belvedere.standards.gtfs_realtime import NotGtfsRealtime, alerts
from tests.realdata import real_data


@pytest.mark.realdata
def test_a_recorded_feed_is_read_and_survives_being_cut() -> None:
    body = real_data("mobility/bibus-brest-gtfs-rt-alerts.pb").read_bytes()
    found = alerts(body)
    assert len(found) == 12
    first = found[0]
    assert (first.routes, first.cause, first.effect) == (("45",), "construction", "detour")
    assert first.titles[""].startswith("L 45 Prolongation")
    assert (first.begins, first.ends) == (
        datetime(2021, 9, 14, 16, tzinfo=UTC),
        datetime(2021, 12, 24, 17, tzinfo=UTC),
    )
    for end in range(0, len(body), 97):
        try:
            alerts(body[:end])
        except NotGtfsRealtime:
            continue


def test_json_texts_by_language_and_open_ends() -> None:
    text = {"translation": [
        {"text": " Ligne 3 ", "language": "fr-CH"},
        {"text": "Linie 3", "language": "de"},
        {"text": "<b>Ligne</b>", "language": "fr-html"},
    ]}  # fmt: skip
    alert = {
        "activePeriod": [{"start": 100, "end": 200}, {"start": 300}],
        "informedEntity": [{"routeId": "3"}, {"routeId": "3", "stopId": "S"}, {"agencyId": "A"}],
        "headerText": text,
        "severityLevel": "SEVERE",
        "unheardOf": 1,
    }
    entities = [{"id": "a", "alert": alert}, {"id": "b", "isDeleted": True, "alert": alert}, {"id": "c"}]
    body = json.dumps({"header": {"gtfsRealtimeVersion": "2.0"}, "entity": entities}).encode()
    (found,) = alerts(body)
    assert (found.titles, found.severity, found.effect) == ({"fr": "Ligne 3", "de": "Linie 3"}, "severe", "")
    assert (found.routes, found.stops, found.agencies, found.ends) == (("3",), ("S",), ("A",), None)
    assert found.begins == datetime(1970, 1, 1, 0, 1, 40, tzinfo=UTC)


@given(
    st.binary(max_size=200) | st.text(max_size=80).map(lambda text: b"{" + text.encode("utf-8", "replace"))
)
@settings(max_examples=300)
def test_bytes_that_are_no_feed_are_refused(body: bytes) -> None:
    try:
        assert alerts(body) == []
    except NotGtfsRealtime:
        return
