"""A server on loopback that answers what a test tells it to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.loopback import Quiet, serving


@dataclass
class Page:
    """What stands at a path. `hang`: it says its length, half of it, and then nothing until the end."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    hang: bool = False


@dataclass
class Server:
    url: str = ""
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def put(self, path: str, body: bytes | str = b"", status: int = 200, **more: Any) -> str:
        """Answer this there; the whole address."""
        told = body.encode() if isinstance(body, str) else body
        self.pages[path] = Page(told, status, **more)
        return f"{self.url}{path}"


@contextmanager
def answering() -> Iterator[Server]:
    """Listens while the block runs."""
    kept = Server()

    class Handler(Quiet):
        def do_GET(self) -> None:
            kept.asked.append((self.path, self.heard))
            page = kept.pages.get(self.path, Page(status=404))
            etag = page.headers.get("ETag")
            if etag and self.heard.get("if-none-match") == etag:
                page = Page(status=304)
            self.send_response(page.status)
            for name, value in page.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(page.body) * (2 if page.hang else 1)))
            self.end_headers()
            self.wfile.write(page.body)
            if page.hang:
                self.wfile.flush()
                kept.over.wait(20)

    with serving(Handler) as kept.url:
        try:
            yield kept
        finally:
            kept.over.set()
