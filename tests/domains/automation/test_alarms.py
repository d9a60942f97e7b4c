"""Alarms: their states, who looks after them, the list and the timeline."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from belvedere.domains.automation import public as automation
from belvedere.domains.automation.errors import ChangedMeanwhile, NoSuchAlarm, WrongState
from belvedere.domains.automation.models import AlarmStep
from belvedere.domains.automation.public import Act, AlarmState, Filters
from belvedere.duties.journal.public import entries_of
from belvedere.kernel.clock import now, standing_at
from belvedere.kernel.errors import InvalidInput, Refused
from belvedere.kernel.severity import Severity
from tests.domains.automation.examples import AT, HOUR, clear_one, raise_one, rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def raised(valbelle: Any, people: Any) -> int:
    """An alarm of Montaigu about thing 1."""
    return raise_one(rule(valbelle.montaigu.pk).id, 1)


def test_from_raised_to_closed(raised: int, people: Any) -> None:
    lead, contributor = people.actor("lead"), people.actor("contributor")
    assert automation.acknowledge(actor=contributor, alarm_id=raised).state is AlarmState.ACKNOWLEDGED
    automation.comment(actor=contributor, alarm_id=raised, text="J’y vais.")
    assert automation.take_up(actor=lead, alarm_id=raised).state is AlarmState.IN_PROGRESS
    with pytest.raises(WrongState, match="not over"):
        automation.close(actor=lead, alarm_id=raised, proof="Vidé")
    clear_one(automation.alarm(lead, raised).alarm.rule_id, 1)
    with pytest.raises(InvalidInput):
        automation.close(actor=lead, alarm_id=raised, proof=" ")
    done = automation.close(actor=lead, alarm_id=raised, proof="Vidé à 10 h.")
    assert done.state is AlarmState.CLOSED and done.closed_at is not None
    page = automation.alarm(people.actor("reader"), raised)
    assert [one.act for one in page.steps] == [
        Act.RAISE,
        Act.ACKNOWLEDGE,
        Act.COMMENT,
        Act.TAKE_UP,
        Act.CLEAR,
        Act.CLOSE,
    ]
    assert page.steps[1].by == "Contributor" and page.steps[-1].note == "Vidé à 10 h."
    assert page.alarm.values[0].number == 0.95 and page.rule.name == "Bac plein"
    assert entries_of(("automation.alarm", str(raised))).total == 4, "what people did"


def test_who_looks_after_an_alarm(raised: int, people: Any) -> None:
    for who in ("reader", "finance", "office", "elected"):  # see it, and may not
        with pytest.raises(Refused):
            automation.acknowledge(actor=people.actor(who), alarm_id=raised)
    for who in ("neighbour", "stranger", "nobody"):
        with pytest.raises(NoSuchAlarm):
            automation.acknowledge(actor=people.actor(who), alarm_id=raised)
        with pytest.raises(NoSuchAlarm):
            automation.alarm(people.actor(who), raised)
    assert automation.acknowledge(actor=people.actor("governor"), alarm_id=raised).acknowledged_at


def test_who_comes_second_is_told(raised: int, people: Any) -> None:
    lead = people.actor("lead")
    automation.take_up(actor=lead, alarm_id=raised, expected=AlarmState.RAISED)
    with pytest.raises(ChangedMeanwhile):
        automation.acknowledge(actor=people.actor("contributor"), alarm_id=raised, expected=AlarmState.RAISED)
    with pytest.raises(WrongState):
        automation.acknowledge(actor=lead, alarm_id=raised)
    assert automation.acknowledge_all(actor=lead, alarm_ids=[raised])[0].state is AlarmState.IN_PROGRESS


def test_shelved_is_not_shown_for_a_while(raised: int, people: Any, valbelle: Any) -> None:
    lead, here = people.actor("lead"), valbelle.territory.pk
    with pytest.raises(InvalidInput):
        automation.shelve(actor=lead, alarm_id=raised, until=now() + HOUR, why="")
    with pytest.raises(InvalidInput):
        automation.shelve(actor=lead, alarm_id=raised, until=now() - HOUR, why="Travaux")
    automation.shelve(actor=lead, alarm_id=raised, until=now() + HOUR, why="Travaux")
    assert automation.alarms(lead, here).total == 0
    assert automation.alarms(lead, here, Filters(shelved=True)).rows[0].shelved_why == "Travaux"
    with standing_at(now() + 2 * HOUR):
        assert automation.alarms(lead, here).total == 1, "its time is over"
    automation.unshelve(actor=lead, alarm_id=raised)
    assert automation.alarms(lead, here).total == 1
    with pytest.raises(WrongState):
        automation.unshelve(actor=lead, alarm_id=raised)


def test_the_database_keeps_one_open_alarm_and_the_timeline(raised: int, people: Any) -> None:
    page = automation.alarm(people.actor("lead"), raised)
    again = raise_one(page.alarm.rule_id, 1, AT + HOUR)
    assert again == raised, "it goes on"
    clear_one(page.alarm.rule_id, 1, AT + 2 * HOUR)
    assert raise_one(page.alarm.rule_id, 1, AT + 3 * HOUR) == raised
    assert automation.alarm(people.actor("lead"), raised).alarm.times == 2
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE copy AS SELECT * FROM automation_alarm")
        cursor.execute("UPDATE copy SET id = id + 1")
        cursor.execute("INSERT INTO automation_alarm SELECT * FROM copy")
    for change in (AlarmStep.objects.update, lambda **_: AlarmStep.objects.all().delete()):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            change(note="anders")


def test_pages_of_the_list(valbelle: Any, people: Any) -> None:
    urgent = rule(valbelle.montaigu.pk, name="A", severity=Severity.CRITICAL)
    usual = rule(valbelle.montaigu.pk, name="B", severity=Severity.MINOR)
    elsewhere = rule(valbelle.rochefort.pk, name="C")
    made = [raise_one(usual.id, n, AT + timedelta(minutes=n)) for n in range(1, 6)]
    made += [raise_one(urgent.id, n, AT) for n in range(1, 3)]
    raise_one(elsewhere.id, 1)
    lead, here = people.actor("lead"), valbelle.territory.pk
    read, after = [], ""
    while True:
        page = automation.alarms(lead, here, after=after, size=3)
        assert page.total == 7 and page.by_severity == {Severity.CRITICAL: 2, Severity.MINOR: 5}
        read += [one.id for one in page.rows]
        after = page.after
        if not after:
            break
    assert read == [made[6], made[5], *reversed(made[:5])]
    assert automation.alarms(people.actor("office"), here).total == 8
    newest = automation.alarms(lead, here, Filters(newest=True), size=2)
    assert [one.id for one in newest.rows] == [made[4], made[3]]
    assert automation.alarms(lead, here, Filters(rules=[urgent.id], things=[2])).total == 1
    assert automation.alarms(lead, here, Filters(text="pav b")).total == 5
    with pytest.raises(InvalidInput):
        automation.alarms(lead, here, after="nonsense")
