"""The door, called as a web server calls it, by people of Valbelle."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import msgspec
import pytest

ROOT = "/ngsi-ld/v1/"


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)


class Asker:
    """Somebody with a token (or nobody) who calls the door."""

    def __init__(self, token: str = "", tenant: str = "") -> None:
        from belvedere.faces.ngsi_ld.application import Door

        self.door = Door()
        self.token, self.tenant = token, tenant

    def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        content_type: str = "",
        query: str = "",
        **headers: str,
    ) -> Reply:
        path, _, found = path.partition("?")
        raw = b"" if body is None else body if isinstance(body, bytes) else msgspec.json.encode(body)
        if body is not None and not content_type:
            inside = isinstance(body, dict) and "@context" in body
            content_type = "application/ld+json" if inside else "application/json"
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": ROOT + path,
            "QUERY_STRING": query or found,
            "REMOTE_ADDR": "127.0.0.1",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "8000",
            "wsgi.input": BytesIO(raw),
            "wsgi.url_scheme": "http",
        }
        if raw:
            environ |= {"CONTENT_LENGTH": str(len(raw)), "CONTENT_TYPE": content_type}
        if self.token:
            environ["HTTP_AUTHORIZATION"] = f"Bearer {self.token}"
        if self.tenant:
            environ["HTTP_NGSILD_TENANT"] = self.tenant
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        told: list[Any] = []
        answer = b"".join(self.door(environ, lambda status, headers: told.append((status, headers))))
        return Reply(int(told[0][0][:3]), dict(told[0][1]), answer)


@pytest.fixture(autouse=True)
def _nobody_is_remembered() -> Iterator[None]:
    from belvedere.faces.ngsi_ld import callers

    callers.forget()
    yield
    callers.forget()


@pytest.fixture
def asks(people: Any) -> Callable[..., Asker]:
    """`asks("contributor")` is that person with a token that reads and writes; `asks("")` is the public."""
    from belvedere.domains.access.public import create_token

    def of(name: str, scopes: tuple[str, ...] = ("read", "write")) -> Asker:
        if not name:
            return Asker()
        return Asker(create_token(actor=people.actor(name), name="door", scopes=scopes, days=1).plain)

    return of
