"""Callers of the interface: anyone, and the holder of a token of a named person."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.test import Client

from belvedere.domains.access.public import Actor, create_token
from tests.people import People


class Caller:
    """Asks below /api/v1/."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/v1/{path}")

    def send(self, method: str, path: str, body: Any, version: int | str | None = None, key: str = "") -> Any:
        headers = {} if version is None else {"If-Match": version if version == "*" else f'"{version}"'}
        if key:
            headers["Idempotency-Key"] = key
        return self.client.generic(
            method.upper(), f"/api/v1/{path}", _json(body), content_type="application/json", headers=headers
        )


def _json(body: Any) -> str:
    import json

    return json.dumps(body)


def anyone() -> Caller:
    return Caller(Client())


def holder(people: People, name: str, scopes: Collection[str] = ("read", "write")) -> Caller:
    return holder_of(people.actor(name), scopes)


def holder_of(actor: Actor, scopes: Collection[str] = ("read", "write")) -> Caller:
    made = create_token(actor=actor, name="test", scopes=scopes, days=1)
    return Caller(Client(headers={"authorization": f"Bearer {made.plain}"}))
