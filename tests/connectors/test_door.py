"""Network servers call: with their secret, an uplink is kept before they hear so; nobody else gets in."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from belvedere.domains.access.public import Actor
from belvedere.domains.connections import doorkeeping
from belvedere.domains.connections.public import (
    NewKey,
    System,
    connect_webhook,
    connection,
    read_frame,
    remove_connection,
    rotate_key,
)
from belvedere.domains.territory.public import TerritoryView, territory_by_slug
from belvedere.engines import deposits
from belvedere.kernel.errors import Unavailable
from tests.connectors.test_reading import EUI, of_chirpstack, of_things_stack
from tests.faces.ngsi_ld.mutating import garbled
from tests.people import Valbelle

pytestmark = pytest.mark.django_db
Kept = list[tuple[str, bytes]]


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Kept:
    found: Kept = []
    monkeypatch.setattr(deposits, "put", lambda subject, payload: found.append((subject, payload)))
    monkeypatch.setattr(doorkeeping, "WRITE_EVERY_S", 0.0)
    return found


@pytest.fixture
def territory(valbelle: Valbelle) -> TerritoryView:
    return territory_by_slug("valbelle")


def made(territory: TerritoryView, system: System = System.CHIRPSTACK, owner: UUID | None = None) -> NewKey:
    return connect_webhook(
        actor=Actor.system(), territory=territory, system=system, name="Réseau", owner_id=owner
    )


def call(connection_id: UUID, secret: str, told: Any, kind: str = "chirpstack", **more: Any) -> Any:
    body = told if isinstance(told, bytes) else json.dumps(told)
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    address = f"/doors/{kind}/{connection_id}?event=up"
    return Client(enforce_csrf_checks=True).post(
        address, body, content_type="application/json", headers=headers, **more
    )


@pytest.mark.parametrize(
    ("system", "kind", "told"),
    [
        (System.CHIRPSTACK, "chirpstack", of_chirpstack()),
        (System.THINGS_STACK, "things-stack", of_things_stack()),
    ],
)
def test_an_uplink_is_kept_under_its_device(
    territory: TerritoryView, valbelle: Valbelle, kept: Kept, system: System, kind: str, told: Any
) -> None:
    key = made(territory, system, valbelle.montaigu.pk)
    assert call(key.connection_id, key.plain, told, kind).status_code == 204
    ((subject, payload),) = kept
    assert subject == f"devices.valbelle.{EUI}.uplink"
    frame = read_frame(payload)
    assert frame is not None
    assert (frame.data, frame.owner) == (b"\x01\x75\x5c", str(valbelle.montaigu.pk))
    view = connection(Actor.system(), territory.id, key.connection_id)
    assert (view.taken, view.refused, view.problem) == (1, 0, "")
    assert view.heard_at is not None


def test_nobody_calls_without_the_secret_of_this_very_connection(
    territory: TerritoryView, kept: Kept
) -> None:
    key, other = made(territory), made(territory)
    for secret in ("", "x", other.plain, key.plain + "x"):
        answer = call(key.connection_id, secret, of_chirpstack())
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert call(uuid4(), key.plain, of_chirpstack()).status_code == 404
    assert call(key.connection_id, key.plain, of_things_stack(), "things-stack").status_code == 404
    assert Client().get(f"/doors/chirpstack/{key.connection_id}").status_code == 405
    view = connection(Actor.system(), territory.id, key.connection_id)
    assert (view.taken, view.refused) == (0, 4)
    assert view.problem
    assert kept == []


def test_a_former_secret_and_a_removed_connection_open_nothing(territory: TerritoryView, kept: Kept) -> None:
    old = made(territory)
    new = rotate_key(actor=Actor.system(), territory=territory, connection_id=old.connection_id)
    assert call(old.connection_id, old.plain, of_chirpstack()).status_code == 401
    assert call(old.connection_id, new.plain, of_chirpstack()).status_code == 204
    remove_connection(actor=Actor.system(), territory=territory, connection_id=old.connection_id)
    assert call(old.connection_id, new.plain, of_chirpstack()).status_code == 404


def test_what_cannot_be_kept_is_answered_so(
    territory: TerritoryView, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = made(territory)
    join = {"deviceInfo": {"devEui": EUI}, "devAddr": "00112233"}
    assert call(key.connection_id, key.plain, {**join, "deviceInfo": {"devEui": ""}}).status_code == 204
    answer = call(key.connection_id, key.plain, b"protobuf\x00")
    assert (answer.status_code, answer.json()["code"]) == (422, "not_an_uplink")
    assert call(key.connection_id, key.plain, b"x" * 300_000).status_code == 413
    assert kept == []

    def away(_subject: str, _payload: bytes) -> None:
        raise Unavailable("away")

    monkeypatch.setattr(deposits, "put", away)
    assert call(key.connection_id, key.plain, of_chirpstack()).status_code == 503


def test_what_comes_within_a_second_is_counted_in_the_next(
    territory: TerritoryView, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorkeeping, "WRITE_EVERY_S", 3600.0)
    waiting: list[Any] = []

    class Later:
        def __init__(self, _seconds: float, work: Any, given: Any) -> None:
            self.start = lambda: waiting.append(lambda: work(*given))

    monkeypatch.setattr(doorkeeping.threading, "Timer", Later)
    monkeypatch.setattr(doorkeeping.connection, "close", lambda: None)
    key = made(territory)
    for _ in range(4):
        assert call(key.connection_id, key.plain, of_chirpstack()).status_code == 204
    assert connection(Actor.system(), territory.id, key.connection_id).taken == 1
    assert len(waiting) == 1
    waiting[0]()
    assert connection(Actor.system(), territory.id, key.connection_id).taken == 4


@pytest.mark.parametrize(
    ("system", "kind", "told"),
    [
        (System.CHIRPSTACK, "chirpstack", of_chirpstack(object={"temperature": 21.5})),
        (System.THINGS_STACK, "things-stack", of_things_stack(decoded_payload={"temperature": 21.5})),
    ],
)
def test_no_garbled_event_is_a_fault_of_ours(
    territory: TerritoryView, kept: Kept, system: System, kind: str, told: Any
) -> None:
    """What was taken can be read again by whoever takes it from the bus."""
    key = made(territory, system)
    answers = set()
    for body in garbled(7, told, 120):
        before = len(kept)
        status = call(key.connection_id, key.plain, body, kind).status_code
        assert status in (204, 422), body
        assert status == 204 or len(kept) == before, body
        answers.add((status, len(kept) - before))
    assert {(204, 1), (422, 0)} <= answers
    assert all(read_frame(payload) is not None for _subject, payload in kept)


@pytest.mark.parametrize("length", ["x", "-1", "", "999999999999"])
def test_a_length_that_is_none_is_no_fault_of_ours(territory: TerritoryView, kept: Kept, length: str) -> None:
    key = made(territory)
    answer = call(key.connection_id, key.plain, of_chirpstack(), CONTENT_LENGTH=length)
    assert answer.status_code in (400, 413, 422)
    assert kept == []
