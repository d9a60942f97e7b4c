"""A gateway on loopback that keeps what it is asked, by any method, and answers what it is told to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.loopback import Quiet, serving


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Listener:
    url: str = ""
    status: int = 200
    answer: bytes = b'{"id": "x-1", "messages": [{"id": 77}]}'
    asked: list[Asked] = field(default_factory=list)

    @property
    def last(self) -> Asked:
        return self.asked[-1]

    def take(self, asked: Asked) -> int:
        """Keep what is asked; the status of the answer."""
        self.asked.append(asked)
        return self.status


@contextmanager
def listening(given: Listener | None = None) -> Iterator[Listener]:
    """Listens while the block runs."""
    kept = given or Listener()

    class Handler(Quiet):
        def _take(self) -> None:
            status = kept.take(Asked(self.command, self.path, self.heard, self.content()))
            with suppress(OSError):  # who asks may have died meanwhile
                self.send_response(status)
                self.send_header("Content-Length", str(len(kept.answer)))
                self.end_headers()
                self.wfile.write(kept.answer)

        do_GET = do_POST = do_PUT = _take  # noqa: N815 (names of http.server)

    with serving(Handler) as kept.url:
        yield kept


@pytest.fixture
def box(settings: Any) -> Iterator[Listener]:
    """A gateway of one's own, in a house where the operator allows addresses inside."""
    settings.WEBHOOKS_PRIVATE = True
    with listening() as found:
        yield found
