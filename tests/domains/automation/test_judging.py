"""From values to alarms: whatever the batches, the restarts and the faults."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection

from belvedere.domains.automation import public as automation
from belvedere.domains.automation.models import Inbox, WatchedSeries
from belvedere.domains.automation.public import Judge
from belvedere.domains.twin import public as twin
from belvedere.domains.twin.models import Device
from belvedere.kernel.clock import standing_at
from belvedere.kernel.severity import Severity
from belvedere.science.alarms.conditions import Level, Side, Timing
from belvedere.science.alarms.watching import Watch
from tests.domains.automation.examples import FULL, SYSTEM, container, draft, rule
from tests.domains.automation.judged import (
    Said,
    judge,
    minutes,
    only_alarm,
    say,
    series,
    timeline,
)

pytestmark = pytest.mark.django_db
KIND = automation.Watched(kind="waste-container")


def body(*clauses: automation.Clause, **members: Any) -> automation.Body:
    return automation.Body(watched=KIND, clauses=clauses or FULL.clauses, **members)


@pytest.fixture
def bin_(valbelle: Any) -> int:
    """A container of Montaigu."""
    return container(valbelle.montaigu.pk)


def test_a_value_raises_and_another_clears(valbelle: Any, bin_: int) -> None:
    made, one = rule(valbelle.montaigu.pk), Judge()
    assert judge(one, 0) == 0 and one.things == 1
    say([(series(bin_), 1, 0.95)])
    assert Inbox.objects.count() == 1
    assert judge(one, 1) == 1 and Inbox.objects.count() == 0
    alarm = only_alarm()
    assert (alarm.state, alarm.rule_id, alarm.owner_id) == ("raised", made.id, valbelle.montaigu.pk)
    assert alarm.values == [
        {
            "attribute": "fillingLevel",
            "number": 0.95,
            "text": "",
            "unit": "C62",
            "at": minutes(1).isoformat(),
            "series_id": series(bin_),
        }
    ]
    say([(series(bin_), 2, 0.85)])  # above where it clears
    assert judge(one, 2) == 0
    say([(series(bin_), 3, 0.5)])
    assert judge(one, 3) == 1
    assert timeline() == [(bin_, "raise", 1), (bin_, "clear", 3)]


def test_nothing_is_kept_where_nothing_is_watched(
    valbelle: Any, bin_: int, django_assert_max_num_queries: Any
) -> None:
    from belvedere.domains.automation import watching
    from belvedere.domains.observations.events import ReadingsStored

    rule(valbelle.montaigu.pk, on=False)
    judge(Judge(), 0)
    say([(series(bin_), 1, 0.95)])
    assert not WatchedSeries.objects.exists() and not Inbox.objects.exists()
    with django_assert_max_num_queries(1):  # and none within half a second of the last
        watching.take_in(ReadingsStored([]))


def test_what_is_wrong_already_raises_when_the_rule_begins(valbelle: Any, bin_: int) -> None:
    say([(series(bin_), -60, 0.95)])
    one = Judge()
    made = rule(valbelle.montaigu.pk)
    assert judge(one, 0) == 1
    assert timeline() == [(bin_, "raise", 0)], "not before there was a rule"
    automation.switch_rule(actor=SYSTEM, rule_id=made.id, on=False)
    assert judge(one, 1) == 1 and only_alarm().why_cleared == "rule_off"
    automation.switch_rule(actor=SYSTEM, rule_id=made.id, on=True)
    assert judge(one, 2) == 1 and only_alarm().times == 2


def test_a_changed_rule_holds_from_now_on(valbelle: Any, bin_: int) -> None:
    made, one = rule(valbelle.montaigu.pk), Judge()
    judge(one, 0)
    say([(series(bin_), 1, 0.95)])
    judge(one, 1)

    def save(level: float, **members: Any) -> None:
        clause = automation.Clause("fillingLevel", automation.Level(Side.ABOVE, level))
        automation.save_rule(
            actor=SYSTEM,
            territory=twin_territory(),
            draft=draft(valbelle.montaigu.pk, body(clause, **members)),
            rule_id=made.id,
        )

    save(0.93, for_s=120)  # still so, yet not long enough: it is left until that is known
    judge(one, 2)
    assert only_alarm().state == "raised"
    say([(series(bin_), 3, 0.9)])
    judge(one, 3)
    assert only_alarm().why_cleared == "rule_changed"
    save(0.99)
    judge(one, 4)
    say([(series(bin_), 5, 0.95)])
    assert judge(one, 5) == 0


def twin_territory() -> Any:
    from belvedere.domains.territory.public import territory_by_slug

    return territory_by_slug("valbelle")


def test_silence_and_delays_by_the_clock(valbelle: Any, bin_: int) -> None:
    silent = automation.Clause("fillingLevel", automation.Silence(600))
    rule(valbelle.montaigu.pk, body(silent, closing=automation.Closing.BY_ITSELF), name="Muet")
    rule(valbelle.montaigu.pk, body(for_s=300, clear_for_s=60), name="Plein 5 min")
    one = Judge()
    judge(one, 0)
    say([(series(bin_), 1, 0.95)])
    assert judge(one, 5.9) == 0
    assert judge(one, 6) == 1
    assert judge(Judge(), 10.9) == 0
    assert judge(one, 11) == 1, "silent; read anew by who takes over"
    say([(series(bin_), 12, 0.5)])
    assert judge(one, 12) == 2  # heard again, and closed by itself
    assert judge(one, 13.5) == 1
    acts = [(act, at) for _thing, act, at in timeline()]
    assert acts == [("raise", 6), ("raise", 11), ("clear", 12), ("close", 12), ("clear", 13)]


def test_words_and_several_conditions_at_once(valbelle: Any) -> None:
    clauses = (
        automation.Clause("status", automation.Says(("defectiveLamp", "brokenLantern"))),
        automation.Clause("powerConsumption", automation.Level(Side.BELOW, 5)),
    )
    watched = automation.Watched(kind="streetlight")
    with standing_at(minutes(0)):
        number = twin.create_entity(
            actor=SYSTEM,
            territory=twin_territory(),
            draft=twin.EntityDraft(
                kind="streetlight", names={"fr": "L1"}, owner_id=valbelle.montaigu.pk, shape=None
            ),
        )
        twin.register_device(actor=SYSTEM, territory=twin_territory(), draft=twin.DeviceDraft("l1", number))
    rule(valbelle.montaigu.pk, automation.Body(watched=watched, clauses=clauses))
    one = Judge()
    judge(one, 0)
    status, power = series(number, "status"), series(number, "powerConsumption")
    say([(status, 1, "ok"), (power, 1, 0.0)])
    say([(status, 2, "defectiveLamp"), (power, 2, 80.0)])
    assert judge(one, 2) == 0
    say([(status, 3, "defectiveLamp"), (power, 3, 1.0)])
    assert judge(one, 3) == 1
    assert [(v["text"], v["number"]) for v in only_alarm().values] == [("defectiveLamp", None), ("", 1.0)]
    say([(status, 4, "ok")])
    assert judge(one, 4) == 1


def test_who_may_not_see_a_thing_does_not_watch_it(valbelle: Any, bin_: int) -> None:
    container(valbelle.rochefort.pk, "Rochefort")
    shared = container(valbelle.rochefort.pk, "Partagé", visibility=twin.Visibility.SHARED)
    rule(valbelle.montaigu.pk)
    one = Judge()
    judge(one, 0)
    assert {key[1] for key in one._minds} == {bin_, shared}
    rule(valbelle.body.pk)
    judge(one, 1)
    assert one.things == 2 + 3, "a body sees what its members have"
    rule(None)
    judge(one, 2)
    say([(series(shared), 3, 0.95)])
    judge(one, 3)
    owners = {alarm.owner_id for alarm in automation_alarms()}
    assert owners == {valbelle.montaigu.pk, valbelle.body.pk, valbelle.rochefort.pk}


def automation_alarms() -> list[Any]:
    from belvedere.domains.automation.models import Alarm

    return list(Alarm.objects.all())


def test_things_that_appear_are_watched_and_those_that_go_cleared(
    valbelle: Any, django_capture_on_commit_callbacks: Any
) -> None:
    made, one = rule(valbelle.montaigu.pk), Judge()
    judge(one, 0)
    with django_capture_on_commit_callbacks(execute=True):
        number = container(valbelle.montaigu.pk)
    judge(one, 1)
    say([(series(number), 2, 0.95)])
    assert judge(one, 2) == 1
    Device.objects.update(revoked_at=minutes(3))
    with django_capture_on_commit_callbacks(execute=True):
        twin.remove_entity(actor=SYSTEM, entity_id=number)
    judge(one, 3)
    assert only_alarm().why_cleared == "not_watched" and made.id == only_alarm().rule_id


def test_late_repeated_and_far_readings_tell_nothing(valbelle: Any, bin_: int) -> None:
    rule(valbelle.montaigu.pk)
    one = Judge()
    judge(one, 0)
    say([(series(bin_), 10, 0.5)])
    judge(one, 10)
    say([(series(bin_), 9, 0.95)], received=11)  # late
    say([(series(bin_), 10, 0.5)], received=11)  # again
    say([(series(bin_), 600, 0.95)], received=12)  # of the future
    assert judge(one, 12) == 0
    say([(series(bin_), 13, 0.95)])
    assert judge(one, 13) == 1


# Exact, whatever happens

HALF_DAY = 720


def story(chance: random.Random, ids: Sequence[int]) -> list[Said]:
    """Values of some things over half a day, each with its own rhythm."""
    said: list[Said] = []
    for series_id in ids:
        at = chance.uniform(0, 5)
        while at < HALF_DAY:
            said.append((series_id, round(at, 2), round(chance.choice((0.2, 0.85, 0.95)), 2)))
            at += chance.choice((3, 7, 30, 61))
    return sorted(said, key=lambda one: one[1])


def expected(said: Sequence[Said], things: dict[int, int]) -> list[tuple[int, str, float]]:
    """What one watch for each series says, straight on."""
    found = []
    for series_id, thing in sorted(things.items(), key=lambda one: one[1]):
        watch = Watch(Level(Side.ABOVE, 0.9, 0.8), Timing(for_s=600, clear_for_s=300))
        turns = [
            turn
            for at_series, at, number in said
            if at_series == series_id
            for turn in watch.read(minutes(at).timestamp(), float(str(number)))
        ]
        turns += watch.passes(minutes(HALF_DAY + 60).timestamp())
        first = True
        for turn in turns:
            act = ("raise" if first else "raise_again") if turn.is_raised else "clear"
            first = False
            found.append((thing, act, round((turn.at - minutes(0).timestamp()) / 60, 3)))
    return found


@pytest.mark.parametrize("seed", range(3))
def test_the_same_alarms_however_it_is_cut(seed: int, valbelle: Any) -> None:
    """In batches of any size, told twice, by two processes in turn that die, the clock in between."""
    chance = random.Random(seed)
    things = {series(number): number for number in (container(valbelle.montaigu.pk) for _ in range(3))}
    rule(valbelle.montaigu.pk, body(for_s=600, clear_for_s=300))
    judges = [Judge(), Judge()]
    judge(judges[0], 0)
    said = story(chance, list(things))
    rest = list(said)
    while rest:
        many = chance.randint(1, 40)
        batch, rest = rest[:many], rest[many:]
        say(batch, received=batch[-1][1])
        if chance.random() < 0.3:
            say(batch, received=batch[-1][1])
        if chance.random() < 0.7:
            which = chance.randrange(2)
            judge(judges[which], batch[-1][1])
            if chance.random() < 0.3:
                judges[which] = Judge()
    judge(judges[0], HALF_DAY + 60)
    assert timeline() == expected(said, things)


class Cut(Exception):
    """The power is cut."""


def cut_at(statement: int) -> Callable[..., Any]:
    left = [statement]

    def wrapper(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            raise Cut
        return execute(sql, params, many, context)

    return wrapper


def test_cut_at_every_statement(valbelle: Any, bin_: int) -> None:
    """Each round is cut at its first statement, its second… until it comes through: nothing is lost, nothing
    is told twice."""
    other = container(valbelle.montaigu.pk)
    things = {series(bin_): bin_, series(other): other}
    rule(valbelle.montaigu.pk, body(for_s=600, clear_for_s=300))
    one, cuts = Judge(), 0
    judge(one, 0)
    said = [
        (series_id, at, value)
        for at, value in ((1, 0.95), (20, 0.2), (30, 0.95), (50, 0.2))
        for series_id in things
    ]
    for first in range(0, len(said), 3):
        batch = said[first : first + 3]
        say(batch, received=batch[-1][1])
        statement = 1
        while True:
            with standing_at(minutes(batch[-1][1])), connection.execute_wrapper(cut_at(statement)):
                try:
                    one.round()
                    break
                except Cut:
                    cuts += 1
            if statement % 2:
                one = Judge()  # died; else it was only the round
            statement += 1
        with suppress(Cut):
            judge(one, batch[-1][1])
    judge(one, HALF_DAY + 60)
    assert cuts > 20
    assert timeline() == expected(said, things)


def test_people_are_told_once_for_each_step(valbelle: Any, people: Any, bin_: int) -> None:
    from belvedere.duties.notifications.public import inbox

    rule(valbelle.montaigu.pk)
    rule(valbelle.montaigu.pk, name="Pour info", severity=Severity.INFO)
    one = Judge()
    judge(one, 0)
    say([(series(bin_), 1, 0.95)])
    with standing_at(minutes(1)):
        for statement in range(1, 12):
            with suppress(Cut), connection.execute_wrapper(cut_at(statement)):
                one.round()
    judge(one, 1)
    told = {name: len(inbox(getattr(people, name).pk).rows) for name in ("lead", "reader", "neighbour")}
    assert told == {"lead": 1, "reader": 0, "neighbour": 0}
