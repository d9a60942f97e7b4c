"""The live territory through the interface: things, series, devices and the books, as JSON and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from belvedere.domains.observations import public as observations
from belvedere.domains.twin import public as twin
from belvedere.kernel.clock import standing_at
from tests.faces.rest.asking import Caller, anyone, holder
from tests.faces.rest.things import bin_of, tell
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon(feeds_anew: None) -> Iterator[None]:
    with standing_at(NOON):
        yield


def rows(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def test_things_are_listed_page_by_page_and_filtered(valbelle: Valbelle, people: People) -> None:
    bins = [bin_of(valbelle, f"bac-{at}", visibility=twin.Visibility.PUBLIC) for at in range(3)]
    east = bin_of(
        valbelle, "bac-est", visibility=twin.Visibility.PUBLIC, shape=None, owner_id=valbelle.rochefort.pk
    )
    tell({"fillingLevel": 0.97}, key="bac-1")
    path, seen = "territories/valbelle/things?limit=2", []
    while path:
        answer = anyone().get(path).json()
        assert (answer["total"], answer["by_state"]) == (4, {"alarm": 1, "normal": 3})
        seen += [row["id"] for row in answer["things"]]
        path = (answer["next"] or "").partition("/api/v1/")[2]
    assert seen == [one.thing_id for one in [*bins, east]]

    def ids(query: str) -> list[int]:
        return [row["id"] for row in anyone().get(f"territories/valbelle/things?{query}").json()["things"]]

    assert ids("state=alarm") == [bins[1].thing_id]
    assert ids("kind=streetlight") == []
    assert ids(f"owner={valbelle.rochefort.pk}") == [east.thing_id]
    assert ids("q=EST") == [east.thing_id]
    assert ids("box=7.3,46.2,7.4,46.3") == seen[:3]
    assert ids("box=7.4,46.2,7.5,46.3") == []
    alarm = anyone().get("territories/valbelle/things?state=alarm").json()["things"][0]
    assert (alarm["main"]["number"], alarm["main"]["level"], alarm["age_s"]) == (0.97, "alarm", 360)
    for bad in ("box=7,46", "box=8,46,7,47", "state=odd", "kind=A", "limit=0", "after=-1"):
        answer = anyone().get(f"territories/valbelle/things?{bad}")
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input"), bad


def test_a_thing_tells_what_it_says_and_how_old_that_is(valbelle: Valbelle, people: People) -> None:
    made = bin_of(valbelle, visibility=twin.Visibility.PUBLIC)
    tell({"fillingLevel": 0.82, "temperature": 500, "batteryLevel": 0.3})
    whole = holder(people, "contributor").get(f"things/{made.thing_id}").json()
    said = {one["term"]: one for one in whole["attributes"]}
    level = said["fillingLevel"]
    assert (level["number"], level["level"], level["age_s"]) == (0.82, "watch", 360)
    assert said["temperature"]["note"] == "out_of_range"
    assert whole["geometry"] == {"type": "Point", "coordinates": [7.36, 46.23]}
    assert level["series_url"].endswith(f"/api/v1/things/{made.thing_id}/series/{made.series_id}")
    assert [one["battery_share"] for one in whole["devices"]] == [0.3]
    assert "secret" not in str(whole)
    assert anyone().get(f"things/{made.thing_id}").json()["devices"] == []


def test_an_attribute_kept_closer_than_its_thing_is_not_told(valbelle: Valbelle, people: People) -> None:
    from belvedere.domains.twin.models import Attribute

    made = bin_of(valbelle, visibility=twin.Visibility.PUBLIC)
    tell({"fillingLevel": 0.82, "temperature": 12})
    Attribute.objects.filter(pk=made.series_id).update(visibility=twin.Visibility.OWN)
    path = f"things/{made.thing_id}/series/{made.series_id}"
    for caller, status in ((anyone(), 404), (holder(people, "reader"), 200)):
        whole = caller.get(f"things/{made.thing_id}").json()
        told = "fillingLevel" in {one["term"] for one in whole["attributes"]}
        assert (told, caller.get(path).status_code) == (status == 200, status)
        assert caller.get(f"{path}.csv").status_code == status


def filled(valbelle: Valbelle) -> str:
    """Four days of hours with a gap of a night; the path of the series."""
    made = bin_of(valbelle, visibility=twin.Visibility.PUBLIC)
    with transaction.atomic():
        observations.store(
            [
                observations.Reading(
                    made.series_id, NOON - timedelta(hours=hour), hour / 100, None, 500 - hour, NOON
                )
                for hour in range(1, 97)
                if not 30 < hour < 40
            ]
        )
    tell({"fillingLevel": 0.5})
    return f"things/{made.thing_id}/series/{made.series_id}"


def test_a_series_as_it_came_summed_up_and_as_a_chart(valbelle: Valbelle, people: People) -> None:
    path = filled(valbelle)
    whole = anyone().get(path).json()
    assert (whole["unit"], len(whole["points"]), whole["points"][0]["number"]) == ("C62", 88, 0.96)
    assert whole["points"][-1] == {"at": "2026-11-22T11:54:00Z", "number": 0.5}
    some = anyone().get(f"{path}?start=2026-11-22T00:00:00Z&end=2026-11-22T06:00:00%2B00:00").json()
    assert [one["number"] for one in some["points"]] == [0.12, 0.11, 0.1, 0.09, 0.08, 0.07]
    assert [one["number"] for one in anyone().get(f"{path}?last_n=2").json()["points"]] == [0.01, 0.5]
    days = anyone().get(f"{path}?width=1d&start=2026-11-20T00:00:00%2B01:00").json()["buckets"]
    assert [one["start"] for one in days] == [f"2026-11-{day}T23:00:00Z" for day in (19, 20, 21)]
    assert [(one["count"], one["min"], one["max"]) for one in days][1:] == [(17, 0.14, 0.3), (14, 0.01, 0.5)]
    for one in days:
        assert one["avg"] == pytest.approx(one["sum"] / one["count"])
    chart = anyone().get(f"{path}?n=20").json()["points"]
    assert len(chart) < 25
    assert [one for one in chart if one.get("number") is None]  # where nothing was told, no line


def test_a_long_series_comes_in_pages_and_whole_as_a_table(valbelle: Valbelle, people: People) -> None:
    path = filled(valbelle)
    whole = [(one["at"], one["number"]) for one in anyone().get(path).json()["points"]]
    next_path, seen = f"{path}?limit=30", []
    while next_path:
        answer = anyone().get(next_path)
        found = answer.json()
        assert bool(found.get("next")) == ("Link" in answer)
        seen += [(one["at"], one["number"]) for one in found["points"]]
        next_path = found.get("next", "").partition("/api/v1/")[2]
    assert seen == whole
    table = rows(anyone().get(f"{path}.csv"))
    assert [(one["at"].replace("+00:00", "Z"), float(one["number"])) for one in table] == whole
    summed = rows(anyone().get(f"{path}.csv?width=6h"))
    buckets = anyone().get(f"{path}?width=6h").json()["buckets"]
    assert [float(one["sum"]) for one in summed] == [one["sum"] for one in buckets]
    assert sum(int(one["count"]) for one in summed) == len(whole)


def test_text_over_time(valbelle: Valbelle, people: People) -> None:
    made = bin_of(valbelle, visibility=twin.Visibility.PUBLIC)
    tell({"fillingLevel": 0.1, "status": "ok"}, {"fillingLevel": 0.1, "status": "lidOpen"})
    said = {one["term"]: one for one in anyone().get(f"things/{made.thing_id}").json()["attributes"]}
    path = said["status"]["series_url"].partition("/api/v1/")[2]
    assert [one["value"] for one in anyone().get(path).json()["points"]] == ["ok", "lidOpen"]
    assert [one["value"] for one in rows(anyone().get(f"{path}.csv"))] == ["ok", "lidOpen"]
    assert anyone().get(f"{path}?n=5").status_code == 422


@pytest.mark.parametrize(
    "query",
    [
        "start=2026-11-22T00:00:00",
        "start=2026-11-22T00:00:00Z&end=2026-11-21T00:00:00Z",
        "width=1s&start=2020-01-01T00:00:00Z",
        "width=1y",
        "width=1h&n=10",
        "n=2",
        "last_n=0",
        "start=1020-01-01T00:00:00Z",
    ],
)
def test_a_wrong_question_about_a_series_is_told(query: str, valbelle: Valbelle) -> None:
    answer = anyone().get(f"{filled(valbelle)}?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input"), answer.content
    assert answer.json()["errors"]


def test_series_of_another_thing_is_not_read_through_this_one(valbelle: Valbelle) -> None:
    shown = bin_of(valbelle, visibility=twin.Visibility.PUBLIC)
    hidden = bin_of(valbelle, "bac-2")
    tell({"fillingLevel": 0.1})
    tell({"fillingLevel": 0.1}, key="bac-2", first=9)
    assert anyone().get(f"things/{shown.thing_id}/series/{hidden.series_id}").status_code == 404
    assert anyone().get(f"things/{hidden.thing_id}/series/{hidden.series_id}").status_code == 404
    assert anyone().get(f"things/{shown.thing_id}/series/{shown.series_id}").status_code == 200


def test_devices_are_told_without_secrets_to_those_who_may_know_them(
    valbelle: Valbelle, people: People
) -> None:
    made = bin_of(valbelle)
    bin_of(valbelle, "bac-2", owner_id=valbelle.rochefort.pk)
    tell({"fillingLevel": 0.1, "batteryLevel": 0.5})

    def keys(caller: Caller, query: str = "") -> list[str]:
        answer = caller.get(f"territories/valbelle/devices{query}")
        assert "secret" not in answer.content.decode()
        return sorted(one["key"] for one in answer.json()["devices"])

    assert keys(holder(people, "governor")) == ["bac-1", "bac-2"]
    assert keys(holder(people, "reader")) == ["bac-1"]
    assert keys(holder(people, "neighbour")) == ["bac-2"]
    assert keys(holder(people, "governor"), "?silent=true") == []
    assert keys(holder(people, "governor"), f"?owner={valbelle.rochefort.pk}") == ["bac-2"]
    first = holder(people, "governor").get("territories/valbelle/devices?limit=1").json()
    assert (first["total"], len(first["devices"])) == (2, 1)
    second = holder(people, "governor").get(first["next"].partition("/api/v1/")[2]).json()
    assert (len(second["devices"]), second["next"]) == (1, None)
    one = holder(people, "reader").get(f"devices/{made.device_id}").json()
    assert (one["key"], one["battery_share"], one["thing_id"]) == ("bac-1", 0.5, made.thing_id)


def told_all_sorts(valbelle: Valbelle) -> None:
    bin_of(valbelle)
    bin_of(valbelle, "bac-2")
    tell({"fillingLevel": 0.1}, {"lvl": 1}, b"{", minutes=100)
    tell({"t": "2026-11-22T07:00:00Z", "fillingLevel": 0.3}, {"fillingLevel": 0.2}, first=10)
    tell({"t": "2026-11-22T07:00:00Z", "fillingLevel": 0.3}, first=12)
    tell({"fillingLevel": 0.4}, {"fillingLevel": 0.5}, key="bac-2", first=20)


def test_the_books_add_up_line_by_line(valbelle: Valbelle, people: People) -> None:
    told_all_sorts(valbelle)
    governor = holder(people, "governor")
    book = governor.get("territories/valbelle/ledger").json()
    whole = book["whole"]
    assert {name: whole[name] for name in ("received", "stored", "late", "duplicate", "refused")} == {
        "received": 8,
        "stored": 4,
        "late": 1,
        "duplicate": 1,
        "refused": 2,
    }
    assert whole["reasons"] == {"unknown_field": 1, "not_json": 1}
    for by, size in (("hour", 2), ("day", 1), ("device", 2)):
        answer = governor.get(f"territories/valbelle/ledger?by={by}").json()
        assert len(answer["lines"]) == size and answer["whole"] == whole
        for name in ("messages", "received", "stored", "late", "duplicate", "refused"):
            assert sum(line[name] for line in answer["lines"]) == whole[name]
        assert all(line["balances"] for line in answer["lines"])
    days = governor.get("territories/valbelle/ledger?by=day").json()["lines"]
    assert [day["start"] for day in days] == ["2026-11-22T00:00:00+01:00"]
    one = governor.get("territories/valbelle/ledger?device=bac-2").json()
    assert (one["whole"]["received"], [line["device"] for line in one["lines"]]) == (2, ["bac-2"])
    refused = governor.get("territories/valbelle/ledger?reason=not_json").json()["lines"]
    assert [(line["start"], line["refused"]) for line in refused] == [("2026-11-22T10:00:00Z", 2)]
    late = governor.get("territories/valbelle/ledger?by=device&outcome=late").json()["lines"]
    assert [line["device"] for line in late] == ["bac-1"]
    before = "territories/valbelle/ledger?end=2026-11-22T11:00:00Z"
    assert governor.get(before).json()["whole"]["received"] == 3
    for bad in ("start=2020-01-01T00:00:00Z", "by=year", "end=2026-11-22T11:00:00", "device=A%20B"):
        assert governor.get(f"territories/valbelle/ledger?{bad}").status_code == 422, bad


def test_the_books_as_a_table_say_the_same(valbelle: Valbelle, people: People) -> None:
    told_all_sorts(valbelle)
    governor = holder(people, "governor")
    for by in ("hour", "day", "device"):
        table = rows(governor.get(f"territories/valbelle/ledger.csv?by={by}"))
        lines = governor.get(f"territories/valbelle/ledger?by={by}").json()["lines"]
        assert [int(row["received"]) for row in table] == [line["received"] for line in lines]
        for row in table:
            fates = [int(row[name]) for name in ("stored", "late", "duplicate", "refused")]
            assert int(row["received"]) == sum(fates)
            assert int(row["refused"]) == int(row["unknown_field"]) + int(row["not_json"])


def test_refused_messages_come_as_they_were(valbelle: Valbelle, people: People) -> None:
    told_all_sorts(valbelle)
    governor = holder(people, "governor")
    first = governor.get("territories/valbelle/refused?limit=1").json()
    second = governor.get(first["next"].partition("/api/v1/")[2]).json()
    assert [one["text"] for one in first["messages"] + second["messages"]] == ["{", '{"lvl": 1}']
    assert second["next"] is None
    assert first["messages"][0]["topic"] == "devices/valbelle/bac-1"
    only = governor.get("territories/valbelle/refused?reason=unknown_field&device=bac-1").json()
    assert [one["reason"] for one in only["messages"]] == ["unknown_field"]
    assert governor.get("territories/valbelle/refused?state=dismissed").json()["messages"] == []
    # Bytes of anybody are read by administrators of the territory: not by those of one organisation.
    for who in ("administrator", "elected"):
        assert holder(people, who).get("territories/valbelle/refused").status_code == 403
        assert holder(people, who).get("territories/valbelle/ledger").status_code == 403


def test_things_of_an_unpublished_territory_are_for_those_who_work_there(
    valbelle: Valbelle, people: People
) -> None:
    made = bin_of(valbelle, visibility=twin.Visibility.PUBLIC)
    tell({"fillingLevel": 0.1})
    valbelle.territory.published = False
    valbelle.territory.save()
    for path in (
        f"things/{made.thing_id}",
        f"things/{made.thing_id}/series/{made.series_id}",
        "territories/valbelle/things",
    ):
        assert anyone().get(path).status_code == 404
        assert holder(people, "nobody").get(path).status_code == 404
        assert holder(people, "reader").get(path).status_code == 200
