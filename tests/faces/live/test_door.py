"""The door for browsers: whom a ticket lets in, and how a page that takes nothing is let go."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from belvedere.engines import listening
from belvedere.engines.home import Home
from belvedere.engines.listening import Ticket
from belvedere.faces.live import hub as hubs
from belvedere.faces.live.door import Door
from tests.faces.live.hearing import BIRTH, HERE, MEMBER, NOW, Bus, events, state

OWN = "http://127.0.0.1:8000"


class Browser:
    """One request: what it was answered, and when it goes."""

    def __init__(self, *, takes: bool = True) -> None:
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.body = b""
        self.changed = asyncio.Event()
        self.leaves = asyncio.Event()
        self._takes = takes

    async def receive(self) -> dict[str, Any]:
        await self.leaves.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
        else:
            self.body += message["body"]
        self.changed.set()
        if self.body and not self._takes:
            await asyncio.Event().wait()

    async def until(self, words: bytes) -> None:
        async with asyncio.timeout(5):
            while words not in self.body:
                self.changed.clear()
                await self.changed.wait()


class Place:
    """A door with its bus, in a home of its own."""

    def __init__(self, folder: Path, *, most: int = 10) -> None:
        self.home = Home(folder)
        self.bus = Bus()
        self.door = Door(self.home, self.bus.hub, origins={OWN}, most=most)

    def ticket(self, valid_s: float = 300) -> str:
        return listening.sign(self.home, Ticket(HERE, MEMBER, NOW + valid_s))

    def ask(
        self, browser: Browser, path: str = "/events", *, origin: str = OWN, last: str = "", **asked: str
    ) -> Awaitable[None]:
        headers = [(b"origin", origin.encode())] + ([(b"last-event-id", last.encode())] if last else [])
        scope = {
            "type": "http",
            "method": asked.pop("method", "GET"),
            "path": path,
            "query_string": urlencode(asked).encode(),
            "headers": headers,
        }
        return self.door(scope, browser.receive, browser.send)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("belvedere.faces.live.door.time.time", lambda: NOW)


@pytest.fixture
def place(tmp_path: Path) -> Callable[..., Place]:
    return lambda **given: Place(tmp_path / "home", **given)


def status_of(place: Place, **asked: str) -> int:
    async def scene() -> int:
        browser = Browser()
        async with asyncio.timeout(5):
            await place.ask(browser, **asked)
        return browser.status

    return asyncio.run(scene())


def forged(ticket: str) -> str:
    """One letter of what it says is another."""
    return ticket[:-9] + ("A" if ticket[-9] != "A" else "B") + ticket[-8:]


def test_a_ticket_that_is_over_forged_or_not_ours_is_refused(
    place: Callable[..., Place], tmp_path: Path
) -> None:
    here = place()
    good = here.ticket()
    other = listening.sign(Home(tmp_path / "other"), Ticket(HERE, MEMBER, NOW + 300))
    for bad in ("", "x", "é", forged(good), good[:-4], here.ticket(0), here.ticket(-1), other):
        assert status_of(here, ticket=bad) == 403, bad
    assert here.door.refused == 8
    assert here.bus.hub.many == 0


@pytest.mark.parametrize("things", ["x", "1,-2", "1;2", "²", ",".join(map(str, range(301)))])
def test_things_are_numbers_and_not_too_many(place: Callable[..., Place], things: str) -> None:
    here = place()
    assert status_of(here, ticket=here.ticket(), things=things) == 422


def test_nothing_else_is_answered(place: Callable[..., Place]) -> None:
    here = place()
    assert status_of(here, path="/") == 404
    assert status_of(here, path="/healthz") == 200
    assert status_of(here, method="POST", ticket=here.ticket()) == 405
    here.bus.hub.close()
    assert status_of(here, path="/healthz") == 503
    assert status_of(here, ticket=here.ticket()) == 503


@pytest.mark.parametrize(
    ("path", "origin", "allowed"),
    [
        ("/events", OWN, True),
        ("/live/events", OWN, True),
        ("/events", "http://127.0.0.1:8001", False),
        ("/events", "https://127.0.0.1:8000", False),
        ("/events", "null", False),
    ],
)
def test_only_pages_of_the_platform_may_read(
    place: Callable[..., Place], path: str, origin: str, allowed: bool
) -> None:
    async def scene() -> None:
        here, browser = place(), Browser()
        asking = asyncio.ensure_future(here.ask(browser, path, origin=origin, ticket=here.ticket()))
        await browser.until(b"event: at")
        assert browser.headers.get(b"access-control-allow-origin") == (origin.encode() if allowed else None)
        assert browser.headers[b"content-type"].startswith(b"text/event-stream")
        assert b"origin" in browser.headers[b"vary"]
        browser.leaves.set()
        await asyncio.wait_for(asking, 5)
        assert here.bus.hub.many == 0

    asyncio.run(scene())


@pytest.mark.parametrize("by_header", [True, False])
def test_a_browser_resumes_by_its_header_or_its_address(place: Callable[..., Place], by_header: bool) -> None:
    async def scene() -> None:
        here, browser = place(), Browser()
        here.bus.states(state(1))
        here.bus.states(state(2))
        after = f"{BIRTH}-1"
        given = {"last": after} if by_header else {"after": after}
        asking = asyncio.ensure_future(here.ask(browser, ticket=here.ticket(), things="1,2", **given))
        await browser.until(b"event: at")
        assert browser.body.startswith(b"retry: ")
        assert [data for name, data, _id in events(browser.body) if name == "states"] == [[[2, "alarm"]]]
        here.bus.states(state(3))
        await browser.until(b"[[3,")
        browser.leaves.set()
        await asyncio.wait_for(asking, 5)

    asyncio.run(scene())


def test_what_is_no_position_is_told_like_one_of_another_stream(place: Callable[..., Place]) -> None:
    async def scene() -> None:
        here, browser = place(), Browser()
        asking = asyncio.ensure_future(here.ask(browser, ticket=here.ticket(), after="yesterday"))
        await browser.until(b"event: reset")
        browser.leaves.set()
        await asyncio.wait_for(asking, 5)

    asyncio.run(scene())


def test_one_that_takes_nothing_is_cut_not_waited_for(place: Callable[..., Place]) -> None:
    async def scene() -> None:
        here, stuck, quick = place(), Browser(takes=False), Browser()
        asking = asyncio.ensure_future(here.ask(stuck, ticket=here.ticket()))
        other = asyncio.ensure_future(here.ask(quick, ticket=here.ticket()))
        await stuck.until(b"retry")
        await quick.until(b"event: at")
        for turn in range(hubs.MOST_WAITING + 1):
            here.bus.states(state(turn))
            await quick.until(f"[[{turn},".encode())
            if asking.done():
                break
            here.bus.hub.beat()
        await asyncio.wait_for(asking, 5)
        assert here.bus.hub.many == 1 and not other.done()
        quick.leaves.set()
        await asyncio.wait_for(other, 5)

    asyncio.run(scene())


def test_when_all_places_are_taken_the_next_one_waits(place: Callable[..., Place]) -> None:
    async def scene() -> None:
        here, first, second = place(most=1), Browser(), Browser()
        asking = asyncio.ensure_future(here.ask(first, ticket=here.ticket()))
        await first.until(b"event: at")
        await here.ask(second, ticket=here.ticket())
        assert second.status == 503
        first.leaves.set()
        await asyncio.wait_for(asking, 5)

    asyncio.run(scene())
