"""Two processes that do the rounds of scenes and commands at the same time: everything is done once."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from queue import SimpleQueue
from typing import Any

from belvedere.domains.commands import public as commands
from belvedere.domains.commands.errors import ChangedMeanwhile
from belvedere.domains.commands.models import Command, CommandStep
from belvedere.domains.commands.states import State
from belvedere.domains.scenes import public as scenes
from belvedere.domains.scenes.public import SceneBody
from belvedere.duties.journal.models import EntryRow
from belvedere.kernel.clock import now, standing_at
from tests.apart import apart
from tests.domains.commands.lamps import FakeDevice, Lamps, set_up
from tests.domains.scenes.examples import ZONE, body, written
from tests.people import make_people, make_valbelle

__all__ = ["apart"]
#: Both scenes are for the same lamps, and both have something to say at the two hours in the middle.
FIRST = [100, 30, 70, 0]
SECOND = [20, 60]
HOURS = ("19T17:30", "19T23:00", "20T05:30", "20T08:30")
NIGHTS, TURNS = 4, 3
ROUNDS = 40
SILENT = "valbelle.lamp-3"


def instants() -> list[datetime]:
    return [
        datetime.fromisoformat(f"2026-01-{int(hour[:2]) + night}{hour[2:]}").replace(tzinfo=ZONE)
        for night in range(NIGHTS)
        for hour in HOURS
    ]


class Street:
    """The lamps. Each hears everything that is sent to it, and every process hears what it answers."""

    def __init__(self, lamps: Lamps) -> None:
        self.handed: Counter[str] = Counter()
        self.answers: tuple[SimpleQueue[tuple[str, bytes]], ...] = (SimpleQueue(), SimpleQueue())
        self._devices = {user: FakeDevice(user) for user in lamps.users}
        self._one = threading.Lock()

    def tell(self, user: str, payload: bytes) -> None:
        with self._one:
            self.handed[json.loads(payload)["id"]] += 1
            for answer in self._devices[user].hear(payload) if user != SILENT else ():
                for heard in self.answers:
                    heard.put((user, answer))


def works(number: int, street: Street, together: threading.Barrier) -> None:
    """One process, from the first hour to the last: nobody tells it that there is another."""
    for instant in instants():
        with standing_at(instant):
            together.wait(30)
            for _turn in range(TURNS):
                scenes.ask_due(instant)
                for one in commands.take_due():
                    street.tell(one.user, one.payload)
            together.wait(30)
            while not street.answers[number].empty():
                commands.hear(*street.answers[number].get())


def switched_on(lamps: Lamps, name: str, what: SceneBody) -> None:
    made = written(lamps, what, name=name)
    scenes.switch_scene(actor=lamps.lead, territory=lamps.territory, scene_id=made, on=True)


def test_two_processes_do_everything_once(apart: Callable[..., None]) -> None:
    made: list[Lamps] = []

    def prepare() -> None:
        made.append(street())
        with standing_at(datetime(2026, 1, 19, 15, tzinfo=ZONE)):
            switched_on(made[0], "A", body())
            switched_on(made[0], "B", body((("23:00", 20.0), ("05:30", 60.0))))

    apart(prepare)
    lamps, together = Street(made[0]), threading.Barrier(2)
    apart(lambda: works(0, lamps, together), lambda: works(1, lamps, together))
    apart(lambda: assert_once(made[0], lamps))


def assert_once(lamps: Lamps, street: Street) -> None:
    def values(lamp: int, why: str) -> list[Any]:
        rows = Command.objects.filter(entity_id=lamp, why=why).order_by("created_at", "pk")
        return list(rows.values_list("value", flat=True))

    for lamp in lamps.ids:
        assert values(lamp, "A") == FIRST * NIGHTS
        assert values(lamp, "B") == [60, *SECOND * NIGHTS]
    over = {State.DONE, State.CANCELLED, State.EXPIRED}
    for row in Command.objects.all():
        assert street.handed[str(row.pk)] == row.sends, "each sending by one process"
        assert row.sends <= 1 or row.user == SILENT, "what was answered is not sent again"
        assert row.state in over or row.user == SILENT
    steps = Counter(CommandStep.objects.values_list("command_id", "act"))
    assert steps and set(steps.values()) == {1}, "each step once, though both processes hear every answer"
    entries = EntryRow.objects.filter(verb__startswith="commands.").values_list("subject_id", "verb")
    told = Counter(entries)
    assert len(told) >= Command.objects.count() and set(told.values()) == {1}


def test_people_who_ask_the_same_lamps_at_once_never_wait_in_a_circle(apart: Callable[..., None]) -> None:
    """One of them is told that somebody was quicker; in a circle PostgreSQL would end one after a second."""
    made: list[Lamps] = []
    apart(lambda: made.append(street()))
    lamps = made[0]
    start, outcomes = threading.Barrier(2), Counter[str]()

    def asks(*which: int) -> None:
        for _turn in range(ROUNDS):
            # The first lamp keeps an open command, the others have none: some are replaced, some are new.
            others = Command.objects.filter(entity_id__in=lamps.ids[1:], finished_at=None)
            others.update(state=State.CANCELLED, finished_at=now(), next_at=None)
            start.wait(30)
            try:
                commands.request_commands(
                    actor=lamps.lead,
                    territory_id=lamps.territory.id,
                    entity_ids=[lamps.ids[one] for one in which],
                    kind_slug="dim",
                    value=40,
                )
                outcomes["asked"] += 1
            except ChangedMeanwhile:
                outcomes["too late"] += 1

    apart(lambda: asks(0, 1, 2), lambda: asks(2, 1))
    assert outcomes.total() == 2 * ROUNDS and outcomes["asked"] >= ROUNDS, outcomes

    def check() -> None:
        open_ones = Command.objects.exclude(state=State.CANCELLED)
        assert sorted(open_ones.values_list("entity_id", flat=True)) == sorted(lamps.ids)

    apart(check)


def street() -> Lamps:
    valbelle = make_valbelle()
    return set_up(make_people(valbelle), valbelle)
