"""Disruptions of public transport are things while they last, and end when the feed tells them no more."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from belvedere.domains.connections import public as connections
from belvedere.domains.connections.models import Announced, Source
from belvedere.domains.twin.models import Entity
from belvedere.domains.twin.public import entity_page, remove_entity
from tests.domains.connections.test_sources import ME, Desk, desk
from tests.domains.intake.things import _database_goes_back_in_time

__all__ = ["_database_goes_back_in_time", "desk"]
pytestmark = pytest.mark.django_db


def put(desk: Desk, *alerts: dict[str, Any]) -> None:
    told = {"header": {"gtfsRealtimeVersion": "2.0"}, "entity": list(alerts)}
    desk.server.put("/alerts", json.dumps(told))


def alert(name: str, fr: str, de: str = "", **more: Any) -> dict[str, Any]:
    texts = [{"text": fr, "language": "fr"}, *([{"text": de, "language": "de"}] if de else [])]
    told = {
        "headerText": {"translation": texts},
        "descriptionText": {"translation": texts},
        "effect": "DETOUR",
    }
    told |= {"activePeriod": [{"start": 1782900000}], "informedEntity": [{"routeId": "3", "stopId": "S"}]}
    return {"id": name, "alert": {**told, **more}}


def said(entity: int) -> dict[str, Any]:
    return {one.term: one.value for one in entity_page(ME, entity).attributes}


def test_disruptions_begin_change_and_end(desk: Desk) -> None:
    put(
        desk,
        alert("a", "Déviation", "Umleitung", severityLevel="WARNING"),
        alert("b", "Grève"),
        alert("a", "x"),
    )
    source = desk.switched_on(None, form="gtfs_alerts", path="/alerts")
    row = desk.ask(source)
    assert (row.rows, row.left_out, row.made, desk.batches) == (3, 1, 2, 1)
    first, second = Entity.objects.order_by("pk")
    assert (first.names, first.kind, first.owner_id) == (
        {"fr": "Déviation", "de": "Umleitung"}, "alert", desk.owner,
    )  # fmt: skip
    assert first.state == "watch"
    told = said(first.pk)
    assert told["description"] == {"fr": "Déviation", "de": "Umleitung"}
    assert (told["subCategory"], told["affectedRoutes"], told["affectedStops"]) == ("detour", ["3"], ["S"])
    assert told["validFrom"].startswith("2026-07-01T10:00")
    assert "validTo" not in told

    modified = Entity.objects.get(pk=first.pk).modified_at
    desk.ask(source)
    assert Entity.objects.get(pk=first.pk).modified_at == modified  # nothing new, nothing written
    put(desk, alert("a", "Déviation levée", severityLevel="INFO"))
    desk.ask(source)
    assert Entity.objects.get(pk=first.pk).names == {"fr": "Déviation levée"}
    assert Entity.objects.get(pk=first.pk).state == "normal"
    assert "validTo" in said(second.pk)
    Announced.objects.filter(entity=second).update(gone_at=row.created_at - timedelta(days=31))
    desk.ask(source)
    assert list(Entity.objects.all()) == [first]


def test_what_a_person_took_away_does_not_come_back(desk: Desk) -> None:
    put(desk, alert("a", "Déviation"))
    source = desk.switched_on(None, form="gtfs_alerts", path="/alerts")
    desk.ask(source)
    remove_entity(actor=ME, entity_id=Entity.objects.get().pk)
    put(desk, alert("a", "Déviation prolongée"))
    assert desk.ask(source).problem == ""
    put(desk)
    assert desk.ask(source).problem == ""
    assert not Entity.objects.exists()


def test_a_look_says_what_is_new(desk: Desk) -> None:
    put(desk, alert("a", "Déviation"))
    source = desk.switched_on(None, form="gtfs_alerts", path="/alerts")
    desk.ask(source)
    put(desk, alert("a", "Déviation"), alert("b", "Grève"), alert("", "?"))
    found = connections.look(actor=ME, territory=desk.territory, source_id=source).rows
    assert [(one.is_new, bool(one.row.row.fault)) for one in found] == [
        (False, False), (True, False), (False, True),
    ]  # fmt: skip
    desk.server.put("/alerts", b"\x00\x01 no feed")
    assert "no feed of GTFS Realtime" in desk.ask(source).problem
    assert Source.objects.get().failures == 1
