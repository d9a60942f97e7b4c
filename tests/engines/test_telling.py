"""Changes told from code that must not wait: in order, through outages, and never in its way."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import pytest

from belvedere.engines import changes, listening, telling
from belvedere.engines.changes import StateChange, Told
from belvedere.engines.home import Home
from belvedere.engines.listening import Ticket
from belvedere.engines.telling import Teller
from belvedere.kernel.audiences import Audience
from belvedere.kernel.errors import InvalidInput, Unavailable
from tests.engines.waiting import until

HERE, THERE = UUID(int=1), UUID(int=2)


class Bus:
    """What reached it; away for the first so many tries."""

    def __init__(self, away: int = 0, error: Exception | None = None) -> None:
        self.away = away
        self.error = error or Unavailable("away")
        self.heard: list[Told] = []
        self.free = threading.Event()
        self.free.set()

    def say(self, messages: Sequence[Told]) -> None:
        assert self.free.wait(10)
        if self.away:
            self.away -= 1
            raise self.error
        self.heard += messages


def message(thing: int) -> Told:
    (told,) = changes.told(HERE, states=[StateChange(thing, "bin", None, "public", "normal", "alarm")])
    return told


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "FIRST_DELAY_S", 0.001)
    monkeypatch.setattr(telling, "MOMENT_S", 0.001)


@pytest.mark.parametrize("error", [Unavailable("away"), TimeoutError()])
def test_what_is_told_arrives_in_order_after_an_outage(error: Exception) -> None:
    bus = Bus(away=3, error=error)
    teller = Teller(bus.say)
    for thing in range(5):
        teller.tell([message(thing)])
    until(lambda: len(bus.heard) == 5, "all was told")
    assert bus.heard == [message(thing) for thing in range(5)]


def test_resets_of_a_territory_are_one_and_too_many_changes_too() -> None:
    bus = Bus()
    bus.free.clear()
    teller = Teller(bus.say)
    teller.tell([message(0)])
    until(lambda: teller._saying, "the first one is being said")
    for _turn in range(10):
        teller.tell([changes.reset(HERE), changes.reset(THERE)])
    bus.free.set()
    until(lambda: len(bus.heard) >= 3, "all was told")
    assert bus.heard == [message(0), changes.reset(HERE), changes.reset(THERE)]

    crowded = Bus()
    crowded.free.clear()
    teller = Teller(crowded.say)
    teller.tell([message(0)])
    until(lambda: teller._saying, "the first one is being said")
    for thing in range(telling.MOST_WAITING + 1):
        teller.tell([message(thing)])
    crowded.free.set()
    teller.close(10)
    assert crowded.heard == [message(0), changes.reset(HERE)]


def test_what_comes_one_after_the_other_is_said_once_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "MOMENT_S", 60.0)
    said: list[Sequence[Told]] = []
    teller = Teller(said.append)
    teller.tell([changes.reset(HERE)])
    until(lambda: bool(said), "the first is said at once")
    for _turn in range(100):
        teller.tell([changes.reset(HERE)])
    teller.close(10)
    assert said == [[changes.reset(HERE)]] * 2


def test_at_the_end_what_waits_is_said_unless_it_takes_too_long() -> None:
    bus = Bus()
    teller = Teller(bus.say)
    teller.tell([changes.reset(HERE)])
    teller.close(10)
    assert bus.heard == [changes.reset(HERE)]
    gone = Bus(away=10**9)
    teller = Teller(gone.say)
    teller.tell([changes.reset(HERE)])
    teller.close(0.01)
    assert gone.heard == []
    gone.away = 0


def test_who_has_nothing_to_say_for_a_while_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "IDLE_S", 0.001)
    bus, left = Bus(), threading.Semaphore(0)
    teller = Teller(bus.say, left.release)
    for turn in (1, 2):
        teller.tell([message(turn)])
        assert left.acquire(timeout=10)
        assert len(bus.heard) == turn


def test_a_process_on_the_bus_tells_by_itself_and_without_a_bus_nobody_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELVEDERE_HOME", str(tmp_path))
    telling.tell([changes.reset(HERE)])
    assert not list(tmp_path.iterdir())
    heard: list[Told] = []
    telling.use(heard.extend)
    try:
        telling.tell([changes.reset(HERE)])
        telling.tell([])
    finally:
        telling.use(None)
    assert heard == [changes.reset(HERE)]


def test_many_changes_go_in_messages_of_a_sound_size() -> None:
    rows = [StateChange(n, "bin", HERE, "shared", "normal", "watch") for n in range(changes.MOST_ROWS + 1)]
    told = list(changes.told(HERE, states=rows))
    assert [len(changes.understood(one.payload).states) for one in told] == [changes.MOST_ROWS, 1]
    assert changes.understood(told[1].payload).states == [rows[-1]]
    assert told[0].subject == f"live.{HERE}"


def test_a_ticket_says_what_was_signed_until_it_is_over(tmp_path: Path) -> None:
    home = Home(tmp_path)
    ticket = Ticket(HERE, Audience(shared=True, owners=frozenset(UUID(int=n) for n in range(40))), 1000.0)
    text = listening.sign(home, ticket)
    assert text.isascii() and len(text) < 1100
    assert listening.read(home, text, 999.9) == ticket
    assert listening.read(home, text, 1000.0) is None
    assert listening.read(Home(tmp_path / "other"), text, 0.0) is None


def test_where_browsers_listen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path)
    for name in ("BELVEDERE_ADDRESS", listening.ADDRESS, listening.URL):
        monkeypatch.delenv(name, raising=False)
    assert listening.url(home, "town.example", secure=False) == ""  # it never ran here
    host, port = listening.address(home)
    assert host == "127.0.0.1"
    assert listening.url(home, "town.example", secure=False) == f"http://town.example:{port}"
    assert listening.url(home, "town.example", secure=True) == ""
    monkeypatch.setenv("BELVEDERE_ADDRESS", "0.0.0.0:8000")
    assert listening.address(home) == ("0.0.0.0", port)
    monkeypatch.setenv(listening.ADDRESS, "[::1]:8001")
    assert listening.address(home) == ("::1", 8001)
    assert listening.url(home, "[::1]", secure=False) == "http://[::1]:8001"
    monkeypatch.setenv(listening.URL, "https://town.example/live/")
    assert listening.url(home, "town.example", secure=True) == "https://town.example/live"
    for bad in ("8001", "here:", "here:x", "here:70000"):
        monkeypatch.setenv(listening.ADDRESS, bad)
        with pytest.raises(InvalidInput):
            listening.address(home)
