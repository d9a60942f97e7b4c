"""Health endpoints: what they say, to whom."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.test import Client

from belvedere.faces.web import health


@pytest.fixture(autouse=True)
def _bus_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """No bus runs beside these tests; one that does is in test_up."""
    monkeypatch.setattr(health.bus, "is_ready", lambda home: True)


def test_alive_asks_nothing_of_the_engines(client: Client) -> None:
    # No database mark: any question to the database would fail this test.
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_ready(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True,
        "checks": {"database": True, "migrations": True, "bus": True},
        "ingest": "not running",
        "live": "not running",
        "exchange": "not running",
        "connections": "not running",
        "supervision": "not running",
        "commands": "not running",
        "duty": "not running",
        "scenes": "not running",
    }


@pytest.mark.django_db
def test_not_ready_without_bus(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.bus, "is_ready", lambda home: False)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": True, "migrations": True, "bus": False}


@pytest.mark.django_db
def test_not_ready_before_migrations(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrated", False)
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda self, targets: ["one more"])
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["migrations"] is False


def test_not_ready_without_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def cursor(self) -> Any:
            raise DatabaseError("gone")

        def close(self) -> None:
            pass

    monkeypatch.setattr(health, "connection", Broken())
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": False, "migrations": False, "bus": True}


@pytest.mark.parametrize(
    ("state", "status"), [("ready", 200), ("standing by", 200), ("waiting for PostgreSQL", 503), (None, 503)]
)
def test_the_door_is_ready_when_its_worker_is(
    client: Client, monkeypatch: pytest.MonkeyPatch, state: str | None, status: int
) -> None:
    """And asks no database: pages may be ready or not."""
    told = None if state is None else {"state": state}
    monkeypatch.setattr(health.pulse, "felt", lambda home, name: told if name == "ingest" else None)
    answer = client.get("/readyz/door")
    assert (answer.status_code, answer.json()["ready"]) == (status, status == 200)
    assert answer.json()["ingest"] == (state or "not running")


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/readyz/door", "/metrics"])
def test_nothing_is_changed_by_them(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer x", "Basic {token}", "{token}", "Bearer {other}"])
def test_metrics_do_not_exist_for_those_without_the_token(client: Client, given: str) -> None:
    token, other = settings.HOME.secret("metrics"), settings.HOME.secret("secret_key")
    answer = client.get("/metrics", headers={"Authorization": given.format(token=token, other=other)})
    assert answer.status_code == 404
    assert b"belvedere_requests_total" not in answer.content


@pytest.mark.django_db
def test_metrics_count_requests_by_view_never_by_path(client: Client) -> None:
    client.get("/healthz?person=anna")
    client.get("/no-such-place/anna/")
    token = settings.HOME.secret("metrics")
    told = client.get("/metrics", headers={"Authorization": f"Bearer {token}"})
    assert told.status_code == 200
    text = told.content.decode()
    assert 'belvedere_requests_total{method="GET",status="200",view="healthz"}' in text
    assert 'belvedere_request_seconds_count{view="healthz"}' in text
    assert "anna" not in text
