"""Signals begin when all who store readings know of their series, and what appears is found soon."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from belvedere.domains.automation import judging, watching
from belvedere.domains.automation.public import Judge
from belvedere.kernel.clock import standing_at
from tests.domains.automation.examples import container, rule
from tests.domains.automation.judged import minutes

pytestmark = pytest.mark.django_db


class Clock:
    """What the judge reads in place of the clock of the machine, in seconds."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = 1000.0
        monkeypatch.setattr(judging, "time", SimpleNamespace(monotonic=lambda: self.at))
        monkeypatch.setattr(watching, "FRESH_S", 0.5)

    def round(self, one: Judge, after: float) -> int:
        """A round so many seconds later; how many signals are followed then."""
        self.at += after
        with standing_at(minutes(self.at / 60)):
            one.round()
        return one.things


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_the_second_of_waiting_begins_when_the_series_are_committed(
    valbelle: Any, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    container(valbelle.montaigu.pk)
    rule(valbelle.montaigu.pk)
    one = Judge()

    def slow(watch: Any) -> Any:
        def watch_slowly(*arguments: Any) -> None:
            watch(*arguments)
            clock.at += 10.0

        return watch_slowly

    with monkeypatch.context() as slower:
        slower.setattr(one, "_watch", slow(one._watch))
        assert clock.round(one, 0.0) == 0
    assert clock.round(one, 0.9) == 0
    assert clock.round(one, 0.2) == 1


def test_what_appears_while_others_begin_waits_its_own_second(valbelle: Any, clock: Clock) -> None:
    container(valbelle.montaigu.pk, "PAV un")
    rule(valbelle.montaigu.pk)
    one = Judge()
    assert clock.round(one, 0.0) == 0
    container(valbelle.montaigu.pk, "PAV deux")
    assert clock.round(one, 1.1) == 1
    assert clock.round(one, 0.5) == 1
    assert clock.round(one, 0.6) == 2


def test_what_appears_unsaid_is_found_though_others_began_meanwhile(valbelle: Any, clock: Clock) -> None:
    container(valbelle.montaigu.pk, "PAV un")
    rule(valbelle.montaigu.pk)
    one = Judge()
    clock.round(one, 0.0)
    assert clock.round(one, 1.1) == 1
    container(valbelle.montaigu.pk, "PAV deux")  # its word was held back: another one had just been said
    clock.round(one, judging.AGAIN_S)
    assert clock.round(one, 1.1) == 2
