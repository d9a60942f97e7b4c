"""Sources are asked when they are due, by one process, and what they tell goes through the intake."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from belvedere.connectors import asking
from belvedere.domains.access.public import Actor
from belvedere.domains.connections import public as connections
from belvedere.domains.connections.models import Source
from belvedere.domains.connections.sources import reading as source_reading
from belvedere.domains.intake.public import LetterState, Message, Outcome, Reason, dead_letters, take
from belvedere.domains.territory.models import Organisation, Territory
from belvedere.domains.territory.public import TerritoryView, territory_by_slug
from belvedere.domains.twin.public import (
    DeviceDraft,
    EntityDraft,
    create_entity,
    entity_page,
    feeds,
    register_device,
)
from belvedere.engines import deposits
from belvedere.kernel.clock import now
from belvedere.kernel.errors import Conflict, InvalidInput, NotFound, Unavailable
from tests.domains.connections.answering import Server, answering
from tests.domains.intake.things import _database_goes_back_in_time
from tests.people import Valbelle

__all__ = ["_database_goes_back_in_time"]
pytestmark = pytest.mark.django_db
ME = Actor.system()
FIELDS = (
    connections.FieldMap("free", "availableSpotNumber"),
    connections.FieldMap("full", "occupancy", "P1"),
)
HOW = connections.ListMap("parks", "id", "name", "lon", "lat", "at", fields=FIELDS)


def park(name: str, **changed: Any) -> dict[str, Any]:
    told = {"id": name, "name": f"Parking {name}", "free": 12, "full": 75, "lon": 7.36, "lat": 46.23}
    return {**told, "at": "2026-11-22T08:00:00+00:00", **changed}


@dataclass
class Desk:
    territory: TerritoryView
    owner: UUID
    neighbour: UUID
    server: Server
    sets: Counter[Any] = field(default_factory=Counter)
    batches: int = 0

    def put(self, *parks: Any, **more: Any) -> None:
        self.server.put("/parks", json.dumps({"parks": parks}), **more)

    def connect(self, form: str = "list", path: str = "/parks", **changed: Any) -> UUID:
        draft = connections.SourceDraft(
            connections.SourceForm(form),
            "Parkings",
            self.server.url + path,
            "off-street-parking",
            60,
            **changed,
        )
        return connections.connect_source(
            actor=ME, territory=self.territory, owner_id=self.owner, draft=draft
        )

    def switched_on(self, how: connections.ListMap | None = HOW, **changed: Any) -> UUID:
        made = self.connect(**changed)
        given: dict[str, Any] = {"actor": ME, "territory": self.territory, "source_id": made}
        if how is not None:
            connections.map_source(**given, mapping=how)
        connections.look(**given)
        connections.switch_source(**given, on=True)
        return made

    def keep(self, messages: Any) -> None:
        """As the bus and its worker do."""
        taken = [
            Message(subject, payload, self.batches * 9999 + at, now())
            for at, (subject, payload) in enumerate(messages)
        ]
        self.batches += 1
        self.sets += take("stream@1", taken).sets

    def ask(self, source: UUID) -> Source:
        Source.objects.filter(pk=source).update(next_at=now())
        self.sets.clear()
        (due,) = connections.claim(asking.AT_ONCE)
        asking.ask_one(due)
        return Source.objects.get(pk=source)

    def say(self, key: str) -> dict[str, Any]:
        feed = feeds([("valbelle", key)])["valbelle", key]
        found = entity_page(ME, feed.entity_id).attributes
        return {one.term: one.number if one.number is not None else one.value for one in found}


@pytest.fixture
def desk(valbelle: Valbelle, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    settings.WEBHOOKS_PRIVATE = True
    with answering() as server:
        made = Desk(territory_by_slug("valbelle"), valbelle.montaigu.pk, valbelle.rochefort.pk, server)
        monkeypatch.setattr(deposits, "put_all", made.keep)
        yield made


def test_things_are_made_and_their_values_taken_once(desk: Desk) -> None:
    desk.put(park("a"), park("b", free="n/a"), park("c", at="soon"), park("", free=1))
    source = desk.switched_on()
    row = desk.ask(source)
    assert (row.rows, row.left_out, row.made, row.problem) == (4, 2, 2, "")
    assert desk.sets == {(Outcome.STORED, None): 1, (Outcome.REFUSED, Reason.NOT_A_NUMBER): 1}
    assert desk.say("parkings-a") == {"availableSpotNumber": 12, "occupancy": 0.75}
    thing = entity_page(ME, feeds([("valbelle", "parkings-a")])["valbelle", "parkings-a"].entity_id)
    assert (thing.names, thing.owner_id, thing.shape is not None) == ({"fr": "Parking a"}, desk.owner, True)
    desk.ask(source)
    assert desk.sets[Outcome.DUPLICATE, None] == 1
    desk.put(park("a", free=3, at="2026-11-22T08:05:00+00:00"), park("b", at="soon"))
    row = desk.ask(source)
    assert (row.made, desk.say("parkings-a")["availableSpotNumber"]) == (2, 3)
    assert desk.sets == {(Outcome.STORED, None): 1, (Outcome.REFUSED, Reason.BAD_TIME): 1}
    letters = dead_letters(ME, desk.territory.id, state=LetterState.WAITING, limit=9)
    assert {(one.reason, one.detail) for one in letters} >= {(Reason.BAD_TIME, "soon")}


def test_a_look_says_what_each_row_would_become_and_keeps_nothing(desk: Desk) -> None:
    desk.put(park("a"), park("b", at="soon"))
    made = desk.connect()
    given: dict[str, Any] = {"actor": ME, "territory": desk.territory, "source_id": made}
    first = connections.look(**given)
    assert (first.mapping.items, first.mapping.id, first.mapping.latitude) == ("parks", "id", "lat")
    with pytest.raises(Conflict, match="Read it once"):
        connections.map_source(**given, mapping=HOW)
        connections.switch_source(**given, on=True)
    found = connections.look(**given).rows
    assert [(one.is_new, one.row.row.fault != "") for one in found] == [(False, True), (True, False)]
    assert not feeds([("valbelle", "parkings-a")])
    assert desk.batches == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"fields": ()},
        {"fields": (connections.FieldMap("x", "nothing"),)},
        {"fields": (connections.FieldMap("x", "occupancy", "CEL"),)},
        {"fields": (*FIELDS, connections.FieldMap("y", "occupancy"))},
        {"zone": "Mars/Olympus"},
        {"id": "x" * 121},
    ],
)
def test_a_mapping_that_means_nothing_is_refused(desk: Desk, changed: dict[str, Any]) -> None:
    how = connections.ListMap(**{"items": "parks", "id": "id", "fields": FIELDS, **changed})
    with pytest.raises(InvalidInput):
        connections.map_source(actor=ME, territory=desk.territory, source_id=desk.connect(), mapping=how)


def test_it_speaks_for_no_device_of_somebody_else(desk: Desk) -> None:
    thing = EntityDraft(kind="off-street-parking", owner_id=desk.neighbour)
    entity = create_entity(actor=ME, territory=desk.territory, draft=thing)
    register_device(actor=ME, territory=desk.territory, draft=DeviceDraft("parkings-a", entity))
    desk.put(park("a"), park("b"))
    row = desk.ask(desk.switched_on())
    assert (row.left_out, row.made) == (1, 1)
    assert desk.say("parkings-a")["availableSpotNumber"] is None
    # Nor does the intake believe it, whoever writes to the bus.
    frame = connections.Frame(owner=str(desk.owner), terms={"availableSpotNumber": (1, "")})
    desk.sets.clear()
    desk.keep([("devices.valbelle.parkings-a.uplink", connections.write_frame(frame))])
    assert desk.sets == {(Outcome.REFUSED, Reason.NOT_ALLOWED): 1}


def test_what_it_does_not_know_it_leaves_out_unless_it_may_make_it(desk: Desk) -> None:
    desk.put(park("a"), park("b"))
    row = desk.ask(desk.switched_on(creates=False))
    assert (row.rows, row.left_out, row.made) == (2, 2, 0)


def test_nothing_new_is_not_read_twice_and_a_new_mapping_is(desk: Desk) -> None:
    desk.put(park("a"), headers={"ETag": '"1"'})
    source = desk.switched_on(HOW)
    desk.ask(source)
    assert desk.batches == 1
    row = desk.ask(source)
    assert (desk.batches, row.problem, desk.server.asked[-1][1]["if-none-match"]) == (1, "", '"1"')
    fields = (*FIELDS, connections.FieldMap("all", "totalSpotNumber"))
    desk.put(park("a", all=48, at="2026-11-22T08:10:00+00:00"), headers={"ETag": '"1"'})
    how = connections.ListMap("parks", "id", time="at", fields=fields)
    connections.map_source(actor=ME, territory=desk.territory, source_id=source, mapping=how)
    desk.ask(source)
    assert desk.say("parkings-a")["totalSpotNumber"] == 48


def test_a_source_is_claimed_once_and_again_when_who_asked_was_killed(desk: Desk) -> None:
    desk.put(park("a"))
    source = desk.switched_on()
    (first,) = connections.claim(4)
    assert connections.claim(4) == []
    Source.objects.filter(pk=source).update(next_at=now() - timedelta(seconds=1))  # the lease is over
    (second,) = connections.claim(4)
    asking.ask_one(first)  # comes back to life: it hands nothing on and settles nothing
    assert (desk.batches, Source.objects.get().heard_at) == (1, None)
    assert desk.sets == {}
    asking.ask_one(second)
    assert Source.objects.get().heard_at is not None
    assert desk.sets == {(Outcome.STORED, None): 1}


def test_failures_are_told_and_asked_again_ever_later(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.put(park("a"))
    source = desk.switched_on()

    def wait(row: Source) -> float:
        assert row.next_at and row.asked_at
        return (row.next_at - row.asked_at).total_seconds()

    desk.put(status=503)
    rows = [desk.ask(source) for _turn in range(4)]
    assert [wait(row) for row in rows] == [60, 120, 240, 480]
    assert (rows[-1].failures, rows[-1].problem) == (4, "The server answered {status}.")
    assert rows[-1].problem_data["status"] == "503"
    desk.put(status=429, headers={"Retry-After": "7200"})
    assert wait(desk.ask(source)) == 7200
    for body in ("<html>", "{", '{"parks": 3}', json.dumps({"parks": [park(str(n)) for n in range(5001)]})):
        desk.server.put("/parks", body)
        assert desk.ask(source).problem
    monkeypatch.setattr(source_reading, "read_rows", lambda *_: 1 / 0)
    desk.put(park("a"))
    assert desk.ask(source).problem == connections.FAULT
    monkeypatch.undo()

    def away(_messages: Any) -> None:
        raise Unavailable("The uplink could not be kept now.")

    monkeypatch.setattr(deposits, "put_all", away)
    row = desk.ask(source)
    assert (row.problem, row.etag) == ("The uplink could not be kept now.", "")
    monkeypatch.setattr(deposits, "put_all", desk.keep)
    row = desk.ask(source)
    assert (row.problem, row.failures, wait(row)) == ("", 0, 60)


def test_a_secret_is_kept_encrypted_and_sent(desk: Desk) -> None:
    desk.put(park("a"))
    source = desk.switched_on(header="X-Api-Key", secret="hush-hush")
    row = desk.ask(source)
    assert b"hush" not in bytes(row.secret or b"")
    assert desk.server.asked[-1][1]["x-api-key"] == "hush-hush"
    for header, secret in (("Host", "x"), ("X Key", "x"), ("X-Key", "a\r\nb"), ("X-Key", None)):
        with pytest.raises(InvalidInput):
            desk.connect(header=header, secret=secret)


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/", "ftp://x/"]
)
def test_no_source_is_inside(desk: Desk, settings: Any, url: str) -> None:
    settings.WEBHOOKS_PRIVATE = False
    draft = connections.SourceDraft(connections.SourceForm.LIST, "x", url, "off-street-parking", 60)
    with pytest.raises(InvalidInput):
        connections.connect_source(actor=ME, territory=desk.territory, owner_id=desk.owner, draft=draft)


def gbfs(desk: Desk, version: str) -> None:
    v3 = version.startswith("3")
    urls = [
        {"name": name, "url": f"{desk.server.url}/{name}"}
        for name in ("station_information", "station_status")
    ]
    data: Any = {"feeds": urls} if v3 else {"de": {"feeds": []}, "fr": {"feeds": urls}}
    at: Any = "2026-11-22T08:00:00Z" if v3 else int(datetime(2026, 11, 22, 8, tzinfo=UTC).timestamp())
    name: Any = [{"text": "Gare", "language": "fr"}, {"text": "Bahnhof", "language": "de"}] if v3 else "Gare"
    station = {"station_id": "S:1", "name": name, "lat": 46.2, "lon": 7.3, "capacity": 20}
    state = {
        "station_id": "S:1",
        "num_vehicles_available" if v3 else "num_bikes_available": 7,
        "num_docks_available": 13,
        "is_installed": True,
        "is_renting": False,
        "is_returning": False,
        "last_reported": at,
    }
    for path, told in (
        ("/gbfs.json", data),
        ("/station_information", {"stations": [station]}),
        ("/station_status", {"stations": [state, {"station_id": "gone"}]}),
    ):
        desk.server.put(path, json.dumps({"version": version, "last_updated": at, "ttl": 300, "data": told}))


@pytest.mark.parametrize("version", ["2.3", "3.0"])
def test_stations_of_gbfs_become_things(desk: Desk, version: str) -> None:
    gbfs(desk, version)
    source = desk.switched_on(None, form="gbfs", path="/gbfs.json")
    row = desk.ask(source)
    assert (row.kind, row.rows, row.made) == ("bike-hire", 1, 1)
    (key,) = (key for _slug, key in feeds([("valbelle", source_reading.key_of("parkings", "S:1"))]))
    assert desk.say(key) == {
        "availableBikeNumber": 7,
        "freeSlotNumber": 13,
        "totalSlotNumber": 20,
        "outOfServiceSlotNumber": None,
        "status": "outOfService",
    }
    names = {"fr": "Gare", "de": "Bahnhof"} if version == "3.0" else {"fr": "Gare"}
    assert entity_page(ME, feeds([("valbelle", key)])["valbelle", key].entity_id).names == names
    assert row.next_at and row.asked_at and (row.next_at - row.asked_at).total_seconds() == 300  # its ttl
    desk.server.put("/station_status", json.dumps({"data": {}}))
    assert "not GBFS" in desk.ask(source).problem


def test_a_source_belongs_to_somebody_of_its_territory(desk: Desk) -> None:
    beyond = Territory.objects.create(
        slug="beyond", names={"fr": "Ailleurs"}, country="CH", currency="CHF", languages=["fr"]
    )
    other = Organisation.objects.create(
        territory=beyond, kind="commune", names={"fr": "Ailleurs"}, search="ailleurs"
    )
    desk.owner = other.pk
    with pytest.raises(InvalidInput, match="another territory"):
        desk.connect()
    desk.owner = UUID(int=7)
    with pytest.raises(NotFound, match="no such organisation"):
        desk.connect()
    assert not Source.objects.exists()
