"""A receiver on loopback that answers what it is told to, and keeps what it was sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.loopback import Quiet, serving


@dataclass
class Receiver:
    url: str = ""
    status: int = 204
    body: bytes = b""
    location: str = ""
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Listens while the block runs."""
    kept = Receiver()

    class Handler(Quiet):
        def do_POST(self) -> None:
            kept.received.append((self.heard, self.content()))
            self.send_response(kept.status)
            if kept.location:
                self.send_header("Location", kept.location)
            self.send_header("Content-Length", str(len(kept.body)))
            self.end_headers()
            self.wfile.write(kept.body)

    with serving(Handler) as url:
        kept.url = f"{url}/hook"
        yield kept
