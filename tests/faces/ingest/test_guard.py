"""At the door: who is let in, who is sent away, and how long one that floods stays outside."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError

from belvedere.domains.twin.public import Grant
from belvedere.engines.devices import Guest, SignIn
from belvedere.faces.ingest import guard as module
from belvedere.faces.ingest.guard import FLOOD_MESSAGES, Guard

MADE = datetime(2026, 11, 22, 8, tzinfo=UTC)
LAMP, BIN = ("valbelle", "lamp"), ("valbelle", "bin")


class Door:
    """Guests, and who was sent away."""

    def __init__(self, *guests: Guest) -> None:
        self.present = list(guests)
        self.away: list[str] = []
        self.looked = 0

    async def guests(self) -> list[Guest]:
        self.looked += 1
        return list(self.present)

    async def send_away(self, guest: Guest) -> None:
        self.away.append(guest.user)
        self.present.remove(guest)


class Twin:
    """What the twin would say."""

    def __init__(self) -> None:
        self.version = 1
        self.since = {LAMP: MADE, BIN: MADE}

    def authenticate(self, user: str, password: str) -> Grant | None:
        if password == "broken":
            raise OperationalError("the server closed the connection")
        return Grant("valbelle", "lamp", (f"devices.{user}",)) if password == "right" else None


@pytest.fixture
def twin(monkeypatch: pytest.MonkeyPatch) -> Twin:
    twin = Twin()
    monkeypatch.setattr(module, "authenticate", twin.authenticate)
    monkeypatch.setattr(module, "feeds_version", lambda: twin.version)
    monkeypatch.setattr(module, "signed_in_since", lambda pairs: twin.since)
    monkeypatch.setattr(module.connection, "close", lambda: None)
    return twin


@pytest.fixture
def guard(twin: Twin) -> Iterator[Guard]:
    guard = Guard()
    yield guard
    guard.close()


def guest(user: str, minutes: int = 1) -> Guest:
    return Guest(user, MADE + timedelta(minutes=minutes), "server", 1)


def look(guard: Guard, door: Any) -> None:
    asyncio.run(guard._look(door))


@pytest.mark.parametrize(("password", "let_in"), [("right", True), ("wrong", False), ("broken", False)])
def test_who_is_let_in(guard: Guard, password: str, let_in: bool) -> None:
    found = asyncio.run(guard.judge(SignIn("valbelle.lamp", password)))
    assert (found is not None) is let_in
    assert guard.refused == (0 if let_in else 1)


def test_a_password_is_not_shown() -> None:
    assert "right" not in repr(SignIn("valbelle.lamp", "right"))


def test_those_without_a_right_are_sent_away_and_the_others_stay(guard: Guard, twin: Twin) -> None:
    door = Door(guest("valbelle.lamp"), guest("valbelle.bin"), guest("valbelle.gone"), guest("stranger"))
    look(guard, door)
    assert door.away == ["valbelle.gone", "stranger"]
    del twin.since[LAMP]
    look(guard, door)
    assert door.away == ["valbelle.gone", "stranger"]  # nothing says that anything changed
    twin.version = 2
    look(guard, door)
    assert door.away[2:] == ["valbelle.lamp"]
    assert guard.sent_away == 3


def test_who_signed_in_with_the_former_secret_is_sent_away(guard: Guard, twin: Twin) -> None:
    door = Door(guest("valbelle.lamp", minutes=-1), guest("valbelle.bin", minutes=1))
    look(guard, door)
    assert door.away == ["valbelle.lamp"]


def test_without_a_change_nobody_is_looked_at(guard: Guard) -> None:
    door = Door(guest("valbelle.lamp"))
    for _turn in range(5):
        look(guard, door)
    assert door.looked == 1


def test_one_that_floods_is_cut_off_for_a_minute(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: clock[0])
    door = Door(guest("valbelle.lamp"), guest("valbelle.bin"))
    look(guard, door)
    guard.note(Counter({LAMP: FLOOD_MESSAGES - 1, BIN: 1}))
    look(guard, door)
    assert door.away == []
    guard.note(Counter({LAMP: 1}))
    look(guard, door)
    assert door.away == ["valbelle.lamp"]
    assert guard.is_cut(LAMP) and not guard.is_cut(BIN)
    assert asyncio.run(guard.judge(SignIn("valbelle.lamp", "right"))) is None
    assert asyncio.run(guard.judge(SignIn("valbelle.bin", "right"))) is not None
    clock[0] += 61
    assert asyncio.run(guard.judge(SignIn("valbelle.lamp", "right"))) is not None


def test_a_little_too_much_now_and_then_cuts_nobody(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: clock[0])
    for _minute in range(5):
        guard.note(Counter({LAMP: FLOOD_MESSAGES - 1}))
        clock[0] += 61
    assert not guard.is_cut(LAMP)


def test_what_one_guard_cuts_off_stays_outside_at_the_others(twin: Twin) -> None:
    """The worker that takes messages sees the flood; the next knock may be answered by another one."""
    told: list[tuple[str, str]] = []
    one, other = Guard(told.append), Guard()
    one.note(Counter({LAMP: FLOOD_MESSAGES - 1, BIN: 1}))
    assert told == []
    one.note(Counter({LAMP: 1}))
    assert told == [LAMP]
    other.cut(LAMP)
    knocks = [SignIn("valbelle.lamp", "right"), SignIn("valbelle.bin", "right")]
    assert [asyncio.run(other.judge(knock)) is not None for knock in knocks] == [False, True]
    for guard in (one, other):
        guard.close()
