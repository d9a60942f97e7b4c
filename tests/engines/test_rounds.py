"""Work in rounds: one of two does it, the other goes on after it, what goes wrong is told and done again."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import DatabaseError

from belvedere.engines import pulse, rounds, turns
from belvedere.engines.home import Home
from belvedere.engines.postgres import EmbeddedPostgres
from belvedere.engines.rounds import Rounds
from tests.engines.waiting import until

pytestmark = pytest.mark.engines


class _Work(Rounds):
    name = "work"

    def __init__(self, home: Home, falls: list[Exception]) -> None:
        super().__init__(home)
        self.falls, self.stood_by = falls, threading.Event()

    def round(self) -> float:
        self.totals["rounds"] += 1
        if self.falls:
            raise self.falls.pop()
        return 0.01

    def stand_by(self) -> None:
        self.stood_by.set()


@pytest.fixture
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Home, Home]]:
    home = Home(tmp_path / "home")
    for name in ("IDLE_S", "BEAT_S"):
        monkeypatch.setattr(rounds, name, 0.01)
    monkeypatch.setattr(turns, "SURE_S", 0.0)
    with EmbeddedPostgres(home, durable=False) as engine:
        monkeypatch.setenv("BELVEDERE_DATABASE_URL", engine.url)
        yield home, Home(tmp_path / "other")


def test_one_works_the_other_goes_on_after_it(homes: tuple[Home, Home]) -> None:
    one, other = (_Work(home, []) for home in homes)
    one.start()
    until(lambda: one.totals["rounds"], "the first one works")
    other.start()
    assert other.stood_by.wait(30)
    assert other.totals["rounds"] == 0
    one.stop()
    until(lambda: other.totals["rounds"], "the other one goes on")
    assert not pulse.file_of(homes[0], "work").exists()
    other.stop()


def test_what_goes_wrong_is_told_and_the_next_round_comes(homes: tuple[Home, Home]) -> None:
    work = _Work(homes[0], [ValueError("a fault of ours"), DatabaseError("away for a moment")])
    work.start()
    until(lambda: work.totals["rounds"] >= 4, "rounds go on")
    file = pulse.file_of(homes[0], "work")
    until(
        lambda: file.exists() and json.loads(file.read_text())["state"] == "ready", "it says that it is well"
    )
    assert json.loads(file.read_text())["totals"]["faults"] == 1
    work.stop()
