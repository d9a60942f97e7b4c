"""The clock of scenes: each thing is asked once for each moment, whatever breaks or runs beside it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from django.db import DatabaseError, connection, transaction

from belvedere.domains.commands import public as commands
from belvedere.domains.commands.models import Command
from belvedere.domains.equipment import public as equipment
from belvedere.domains.equipment.public import EquipmentDraft, Facts
from belvedere.domains.scenes import actions, reaching
from belvedere.domains.scenes import public as scenes
from belvedere.domains.scenes.errors import BadScene
from belvedere.domains.scenes.models import Scene
from belvedere.domains.scenes.public import OverrideBody, Reach, SheetBody, StepBody, when_of
from belvedere.kernel.clock import standing_at
from tests.domains.commands.lamps import FakeDevice, Lamps
from tests.domains.commands.test_commands import Death
from tests.domains.scenes.examples import ZONE, body, switched_on, written

pytestmark = pytest.mark.django_db


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def look(text: str) -> None:
    """A round at an hour of the clock on the wall."""
    with standing_at(at(text)):
        scenes.ask_due(at(text))


def asked(lamps: Lamps, which: int = 0) -> list[Any]:
    rows = Command.objects.filter(entity_id=lamps.ids[which]).order_by("created_at", "pk")
    return list(rows.values_list("value", flat=True))


@pytest.fixture
def evening(lamps: Lamps) -> Any:
    """A scene switched on in an afternoon of January."""
    with standing_at(at("2026-01-19T15:00")):
        return switched_on(lamps)


def test_a_night_is_asked_step_by_step_and_each_once(lamps: Lamps, evening: Any) -> None:
    for minute in ("15:00:01", "17:00", "17:16", "17:16:01", "19:00", "23:00", "23:00:01"):
        look(f"2026-01-19T{minute}")
    for minute in ("05:29", "05:31", "08:30", "12:00"):
        look(f"2026-01-20T{minute}")
    for which in range(3):
        assert asked(lamps, which) == [0, 100, 30, 70, 0]
    first = Command.objects.filter(entity_id=lamps.ids[0]).order_by("created_at").last()
    assert first is not None
    assert (first.asked_by_id, first.why, first.owner_id) == (None, "Rue de la Gare", lamps.owner_id)
    row = Scene.objects.get()
    assert row.next_at is not None and row.next_at.astimezone(ZONE).day == 20


def test_after_a_stop_only_what_holds_now_is_asked(lamps: Lamps, evening: Any) -> None:
    look("2026-01-19T15:01")
    look("2026-01-22T01:00")
    assert asked(lamps) == [0, 30]


def test_what_is_not_answered_expires_before_the_next_step(lamps: Lamps, evening: Any) -> None:
    look("2026-01-19T22:00")
    row = Command.objects.filter(entity_id=lamps.ids[0]).get()
    assert row.value == 100
    assert row.expires_at == at("2026-01-19T23:00")
    look("2026-01-19T23:00")
    later = Command.objects.filter(entity_id=lamps.ids[0], state="requested").get()
    assert later.expires_at == at("2026-01-20T01:00")


@pytest.mark.parametrize("after", range(0, 40, 3))
def test_cut_anywhere_each_lamp_is_asked_once(lamps: Lamps, evening: Any, after: int) -> None:
    instant = at("2026-01-19T18:00")
    with standing_at(instant):
        try:
            with transaction.atomic(), connection.execute_wrapper(Death(after)):
                scenes.ask_due(instant)
        except DatabaseError:
            assert asked(lamps) == []
        scenes.ask_due(instant)
        scenes.ask_due(instant)
    for which in range(3):
        assert asked(lamps, which) == [100]


def test_the_clock_put_back_repeats_nothing(lamps: Lamps, evening: Any) -> None:
    look("2026-01-19T18:00")
    Scene.objects.update(next_at=at("2026-01-19T17:00"))  # as a second process would see it
    look("2026-01-19T18:00:05")
    assert asked(lamps) == [100]


@pytest.mark.parametrize(
    ("eve", "steps", "values"),
    [
        # 25 October: 02:30 comes twice; 29 March: it does not come, and the jump stands for it.
        ("2026-10-24", ["T21:00", "T23:00"], [100, 30]),
        ("2026-03-28", ["T21:00", "T23:00"], [100, 30]),
    ],
)
def test_nights_when_the_clock_jumps(lamps: Lamps, eve: str, steps: list[str], values: list[int]) -> None:
    what = body((("sunset", 100.0), ("23:00", 30.0), ("02:30", 50.0), ("sunrise", 0.0)))
    with standing_at(at(f"{eve}T20:00")):
        switched_on(lamps, what)
    for one in steps:
        look(eve + one)
    instant = at(f"{eve}T23:00")
    for _quarter in range(20):
        instant += timedelta(minutes=15)
        with standing_at(instant):
            scenes.ask_due(instant)
    assert asked(lamps) == [*values, 50]


def test_a_change_is_asked_at_once_and_switching_off_asks_nothing(lamps: Lamps, evening: Any) -> None:
    look("2026-01-19T18:00")
    with standing_at(at("2026-01-19T18:05")):
        written(lamps, body((("sunset", 80.0), ("sunrise", 0.0))), scene_id=evening, expected=1)
    look("2026-01-19T18:05:01")
    assert asked(lamps) == [100, 80]
    with standing_at(at("2026-01-19T18:10")):
        scenes.switch_scene(actor=lamps.lead, territory=lamps.territory, scene_id=evening, on=False)
    look("2026-01-20T09:00")
    assert asked(lamps) == [100, 80]
    with standing_at(at("2026-01-20T09:30")):
        scenes.switch_scene(actor=lamps.lead, territory=lamps.territory, scene_id=evening, on=True)
    look("2026-01-20T09:30:01")
    assert asked(lamps) == [100, 80, 0]


def test_by_hand_until_a_time_and_the_programme_goes_on(lamps: Lamps, evening: Any) -> None:
    look("2026-01-19T23:00")
    with standing_at(at("2026-01-19T23:20")):
        scenes.switch_by_hand(
            actor=lamps.lead,
            territory=lamps.territory,
            scene_id=evening,
            value="90",
            until=at("2026-01-20T01:00"),
            reach=Reach(street="gare 1"),
            why="accident",
        )
    look("2026-01-19T23:20:01")
    look("2026-01-20T00:59")
    assert (asked(lamps), asked(lamps, 1)) == ([30, 90], [30])
    look("2026-01-20T01:00")
    look("2026-01-20T05:30")
    assert (asked(lamps), asked(lamps, 1)) == ([30, 90, 30, 70], [30, 70])


def test_what_was_switched_by_hand_is_taken_back(lamps: Lamps, evening: Any) -> None:
    look("2026-01-19T23:00")
    with standing_at(at("2026-01-19T23:20")):
        made = scenes.switch_by_hand(
            actor=lamps.lead,
            territory=lamps.territory,
            scene_id=evening,
            value=90,
            until=at("2026-01-20T04:00"),
        )
    look("2026-01-19T23:21")
    with standing_at(at("2026-01-20T00:10")):
        scenes.end_override(actor=lamps.lead, territory=lamps.territory, scene_id=evening, override_id=made)
    look("2026-01-20T00:10:01")
    look("2026-01-20T04:00")
    assert asked(lamps) == [30, 90, 30]


def test_an_event_keeps_its_street_lit(lamps: Lamps, evening: Any) -> None:
    event = OverrideBody(
        100.0, "2026-01-20", "2026-01-21", when_of("sunset"), when_of("02:00"), Reach(street="gare 2")
    )
    with standing_at(at("2026-01-19T16:00")):
        scenes.add_override(
            actor=lamps.lead, territory=lamps.territory, scene_id=evening, body=event, why="carnaval"
        )
    nights = ("2026-01-20T18:00", "2026-01-20T23:00", "2026-01-21T02:00", "2026-01-21T05:30")
    for one in nights:
        look(one)
    assert asked(lamps, 1) == [100, 30, 70]
    assert asked(lamps) == [100, 30, 70]
    events = [row.created_at.astimezone(ZONE) for row in Command.objects.filter(entity_id=lamps.ids[1])]
    assert sorted(f"{one:%d %H}" for one in events) == ["20 18", "21 02", "21 05"]
    look("2026-01-22T23:30")
    assert asked(lamps, 1)[-1] == 30


def test_an_event_far_off_is_not_forgotten_where_no_step_comes_before(lamps: Lamps) -> None:
    sheet = SheetBody((StepBody(when_of("22:00"), 50.0),), season=("12-01", "12-31"))
    event = OverrideBody(80.0, "2026-02-20", "2026-02-20", when_of("20:00"), when_of("23:00"))
    with standing_at(at("2026-01-19T15:00")):
        made = switched_on(lamps, msgspec.structs.replace(body(), sheets=(sheet,)))
        scenes.add_override(
            actor=lamps.lead, territory=lamps.territory, scene_id=made, body=event, why="fête"
        )
    instant, last = at("2026-01-19T15:00"), at("2026-02-21T12:00")
    while instant < last:
        with standing_at(instant):
            scenes.ask_due(instant)
        due = Scene.objects.get().next_at
        assert due is not None
        instant = due
    assert asked(lamps) == [50, 80, 50]


def test_more_things_than_a_scene_may_have_are_refused(lamps: Lamps, monkeypatch: pytest.MonkeyPatch) -> None:
    for room in (actions, reaching):
        monkeypatch.setattr(room, "MOST_THINGS", 2)
    monkeypatch.setattr(reaching, "PAGE", 1)
    with pytest.raises(BadScene) as refused:
        written(lamps)
    assert refused.value.data["field"] == "street"
    assert written(lamps, body(reach=Reach(street="gare 1")))


def test_a_crossing_is_not_dark_by_night_and_off_by_day(lamps: Lamps) -> None:
    commands.set_limit(
        actor=lamps.lead,
        territory_id=lamps.territory.id,
        entity_id=lamps.ids[0],
        kind_slug="dim",
        low=60.0,
        high=None,
        why="passage piéton",
    )
    with standing_at(at("2026-01-19T15:00")):
        switched_on(lamps, body((("sunset", 100.0), ("23:00", 0.0))))
    hours = ["19T15:01", "19T18:00", "19T23:00", "20T05:00", "20T07:40", "20T12:00"]
    for hour in hours:
        look(f"2026-01-{hour}")
    assert asked(lamps) == [0, 100, 60, 0]
    assert asked(lamps, 1) == [0, 100, 0]


def test_what_somebody_works_on_is_left_out(lamps: Lamps, evening: Any) -> None:
    lamp = equipment.register_equipment(
        actor=lamps.lead,
        territory=lamps.territory,
        draft=EquipmentDraft(lamps.owner_id, Facts("luminaire", "Gare 1", entity_id=lamps.ids[0])),
    )
    with standing_at(at("2026-01-19T16:00")):
        equipment.put_under_maintenance(
            actor=lamps.lead,
            equipment_id=lamp,
            version=None,
            starts_at=at("2026-01-19T16:00"),
            ends_at=at("2026-01-19T20:00"),
            reason="ampoule",
        )
    look("2026-01-19T18:00")
    assert (asked(lamps), asked(lamps, 1)) == ([], [100])
    look("2026-01-19T23:00")
    assert asked(lamps) == [30]


def test_a_scene_that_breaks_does_not_hold_up_the_others(lamps: Lamps, evening: Any) -> None:
    broken = Scene.objects.create(
        territory_id=lamps.territory.id,
        owner_id=lamps.owner_id,
        name="sans version",
        is_on=True,
        on_since=at("2026-01-19T15:00"),
        next_at=at("2026-01-19T15:00"),
    )
    with standing_at(at("2026-01-19T18:00")):
        counted = scenes.ask_due(at("2026-01-19T18:00"))
    assert (counted["faults"], counted["asked"]) == (1, 3)
    broken.refresh_from_db()
    assert broken.next_at == at("2026-01-19T18:01")


def test_the_saving_counts_what_lamps_have_done(lamps: Lamps, evening: Any) -> None:
    devices = [FakeDevice(user) for user in lamps.users]
    silent = devices.pop()
    instant, end = at("2026-01-19T16:00"), at("2026-01-20T12:00")
    while instant <= end:
        with standing_at(instant):
            scenes.ask_due(instant)
            for down in commands.take_due():
                for device in devices:
                    if device.user == down.user:
                        for answer in device.hear(down.payload):
                            commands.hear(device.user, answer)
        instant += timedelta(minutes=30)
    assert silent.done == [] and devices[0].done == [0, 100, 30, 70, 0]
    with standing_at(end):
        view = scenes.scene(lamps.lead, lamps.territory, evening)
        saving = scenes.saved_so_far(view, lamps.territory.zone)
        year = scenes.saves_a_year(view, lamps.territory.zone)
    assert saving is not None and year is not None
    # Sunset 17:16, sunrise 8:06: 14.83 h. Steps are done at the half hours: 17:30 100 %, 23:00 30 %,
    # 05:30 70 %, 08:30 off; the lamp that is silent burns as before.
    lit = 5.5 + 6.5 * 0.3 + 3 * 0.7
    assert (saving.lamps, saving.told) == (3, 2)
    assert saving.before_h == pytest.approx(3 * 14.83, abs=0.1)
    assert saving.after_h == pytest.approx(14.83 + 2 * lit, abs=0.1)
    assert saving.saved.kwh == pytest.approx(0.04 * (saving.before_h - saving.after_h))
    assert 0.3 < year.saved.share < 0.6
    assert json.loads(json.dumps(float(year.saved.money))) > 0
