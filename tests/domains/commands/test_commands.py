"""Commands: who may, what stands against it, each done once whatever breaks in between."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from belvedere.domains.commands import actions
from belvedere.domains.commands import public as commands
from belvedere.domains.commands.errors import (
    BadCommand,
    ChangedMeanwhile,
    Interlocked,
    NoSuchCommand,
    WrongState,
)
from belvedere.domains.commands.models import Command, CommandStep
from belvedere.domains.commands.states import OPEN, TRANSITIONS, Act, State
from belvedere.domains.equipment import public as equipment
from belvedere.domains.equipment.public import EquipmentDraft, Facts
from belvedere.domains.twin.errors import NoSuchEntity
from belvedere.duties.journal.public import entries_in
from belvedere.kernel.clock import standing_at
from belvedere.kernel.errors import Refused
from tests.domains.commands.lamps import FakeDevice, Lamps, ask
from tests.people import People

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 1, 20, tzinfo=UTC)


class Death:
    """Lets so many statements pass, then no other."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self, execute: Any, *given: Any) -> Any:
        if self.left == 0:
            raise DatabaseError("killed")
        self.left -= 1
        return execute(*given)


def state(lamps: Lamps, command_id: object) -> State:
    return commands.command(lamps.lead, command_id).state  # type: ignore[arg-type]


def test_what_is_over_stays_over() -> None:
    for act, table in TRANSITIONS.items():
        for before, after in table.items():
            assert before in OPEN or before is State.EXPIRED, act
            assert before is not after


@pytest.mark.parametrize("name", ["reader", "finance", "neighbour", "stranger", "office", "elected"])
def test_who_commands_nothing(people: People, lamps: Lamps, name: str) -> None:
    with pytest.raises((Refused, NoSuchEntity)):
        ask(lamps, actor=people.actor(name))
    assert commands.tallies(lamps.lead, lamps.territory.id) == {}


def test_who_may_not_know_of_a_command_does_not_find_it(people: People, lamps: Lamps) -> None:
    made = ask(lamps, actor=people.actor("contributor"))
    assert commands.command(people.actor("reader"), made).may_cancel is False
    for name in ("neighbour", "stranger", "nobody"):
        with pytest.raises(NoSuchCommand):
            commands.command(people.actor(name), made)
        with pytest.raises(NoSuchCommand):
            commands.cancel_command(actor=people.actor(name), command_id=made)
    with pytest.raises(Refused):
        commands.cancel_command(actor=people.actor("reader"), command_id=made)


@pytest.mark.parametrize("value", [-1, 101, "", "nan", "x", None])
def test_a_value_out_of_bounds_is_refused(lamps: Lamps, value: object) -> None:
    with pytest.raises(BadCommand):
        ask(lamps, value)


def test_a_lamp_on_a_crossing_is_not_darkened_below_its_limit(people: People, lamps: Lamps) -> None:
    said = {"entity_id": lamps.ids[0], "kind_slug": "dim", "low": 60.0, "high": None, "why": "passage piéton"}
    here = lamps.territory.id
    with pytest.raises(Refused):
        commands.set_limit(actor=people.actor("contributor"), territory_id=here, **said)  # type: ignore[arg-type]
    commands.set_limit(actor=lamps.lead, territory_id=here, **said)  # type: ignore[arg-type]
    with pytest.raises(Interlocked) as refused:
        ask(lamps, 59)
    assert refused.value.data["why"] == "passage piéton"
    assert state(lamps, ask(lamps, 60)) is State.REQUESTED


def test_nothing_is_sent_to_what_somebody_works_on(lamps: Lamps) -> None:
    lamp = equipment.register_equipment(
        actor=lamps.lead,
        territory=lamps.territory,
        draft=EquipmentDraft(
            lamps.owner_id,
            Facts("luminaire", "Rue de la Gare 1", entity_id=lamps.ids[0]),
        ),
    )
    with standing_at(AT):
        equipment.put_under_maintenance(
            actor=lamps.lead,
            equipment_id=lamp,
            version=None,
            starts_at=AT - timedelta(hours=1),
            ends_at=AT + timedelta(hours=1),
            reason="ampoule",
        )
        with pytest.raises(Interlocked):
            ask(lamps)
        assert ask(lamps, which=1)


def test_what_is_dangerous_waits_for_somebody_else(people: People, lamps: Lamps) -> None:
    said = {"territory_id": lamps.territory.id, "entity_id": lamps.meter, "kind_slug": "valve"}
    with pytest.raises(BadCommand):
        commands.request_command(actor=lamps.lead, value="close", **said)  # type: ignore[arg-type]
    with standing_at(AT):
        made = commands.request_command(actor=lamps.lead, value="close", why="fuite", **said)  # type: ignore[arg-type]
        assert commands.take_due() == []
        with pytest.raises(WrongState):
            commands.confirm_command(actor=lamps.lead, command_id=made)
        with pytest.raises(Refused):  # may ask for it, but not confirm it
            commands.confirm_command(actor=people.actor("contributor"), command_id=made)
        assert commands.command(people.actor("administrator"), made).may_confirm
        commands.confirm_command(actor=people.actor("administrator"), command_id=made)
        assert [json.loads(one.payload)["value"] for one in commands.take_due()] == ["close"]
    verbs = [one.verb for one in entries_in(lamps.territory.id).rows]
    assert {"commands.request", "commands.confirm"} <= set(verbs)


def test_it_is_sent_again_under_the_same_id_until_it_is_answered(lamps: Lamps) -> None:
    with standing_at(AT):
        made = ask(lamps)
        (first,) = commands.take_due()
        assert commands.take_due() == []
    with standing_at(AT + timedelta(seconds=3)):
        (second,) = commands.take_due()
    assert first == second
    device = FakeDevice(first.user)
    with standing_at(AT + timedelta(seconds=4)):
        answers = [one for payload in (first.payload, second.payload) for one in device.hear(payload)]
        assert [commands.hear(device.user, one) for one in answers] == [True, True, False, False]
    assert device.done == [40.0]
    with standing_at(AT + timedelta(minutes=5)):
        assert commands.take_due() == []
    assert [one.act for one in commands.command(lamps.lead, made).steps] == [
        Act.REQUEST,
        Act.SEND,
        Act.ACKNOWLEDGE,
        Act.DO,
    ]


def test_killed_anywhere_nothing_is_lost_and_nothing_done_twice(
    lamps: Lamps,
) -> None:
    """Whoever sends dies after each possible statement; the device sees each id once, and all of them."""
    made = ask(lamps)
    device, at, crashes = FakeDevice("valbelle.lamp-1"), AT, 0
    Command.objects.update(created_at=AT, next_at=AT, expires_at=AT + timedelta(hours=9))
    for break_at in range(40):
        at += timedelta(minutes=2)
        try:
            with standing_at(at), transaction.atomic(), connection.execute_wrapper(Death(break_at)):
                for one in commands.take_due():
                    for answer in device.hear(one.payload):
                        commands.hear(one.user, answer)
        except DatabaseError:
            crashes += 1
            continue
        break
    assert crashes > 8
    assert device.done == [40.0]
    assert state(lamps, made) is State.DONE


def test_a_newer_command_takes_the_place_of_an_older_one(lamps: Lamps) -> None:
    with standing_at(AT):
        old = ask(lamps, 10)
        commands.take_due()
        new = ask(lamps, 90)
        assert [json.loads(one.payload)["id"] for one in commands.take_due()] == [str(new)]
    assert state(lamps, old) is State.CANCELLED


def test_of_two_who_ask_at_one_moment_one_is_told_so(lamps: Lamps, monkeypatch: pytest.MonkeyPatch) -> None:
    first = ask(lamps, 10)
    monkeypatch.setattr(actions, "OPEN", ())  # the one of somebody else is not seen yet
    with pytest.raises(ChangedMeanwhile):
        ask(lamps, 90)
    assert state(lamps, first) is State.REQUESTED


def test_nobody_answers_for_somebody_else(lamps: Lamps) -> None:
    made = ask(lamps)
    commands.take_due()
    said = json.dumps({"id": str(made), "answer": "done"}).encode()
    assert not commands.hear("valbelle.lamp-2", said)
    assert not commands.hear("valbelle.lamp-1", b'{"id": 3}')
    assert not commands.hear("valbelle.lamp-1", b"\xff")
    assert state(lamps, made) is State.SENT
    assert commands.hear("valbelle.lamp-1", said)


def test_a_silent_device_lets_it_expire_and_a_late_answer_is_the_truth(lamps: Lamps) -> None:
    with standing_at(AT):
        made = ask(lamps)
        commands.take_due()
    with standing_at(AT + timedelta(minutes=16)):
        assert commands.take_due() == []
        assert state(lamps, made) is State.EXPIRED
        assert commands.hear(
            "valbelle.lamp-1", json.dumps({"id": str(made), "answer": "failed", "words": "x\x00y"}).encode()
        )
    view = commands.command(lamps.lead, made)
    assert (view.state, view.told) == (State.FAILED, "x y")


def test_the_course_is_only_added_to(lamps: Lamps) -> None:
    ask(lamps)
    with pytest.raises(DatabaseError), transaction.atomic():
        CommandStep.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        CommandStep.objects.update(note="other")
