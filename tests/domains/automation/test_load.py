"""How alarms load people: what is counted, and who sees which."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from belvedere.domains.automation import public as automation
from belvedere.domains.automation.models import Alarm
from belvedere.domains.territory.public import territory_by_slug
from belvedere.kernel.clock import standing_at
from belvedere.kernel.errors import InvalidInput
from belvedere.kernel.severity import Severity
from tests.domains.automation.examples import AT, HOUR, clear_one, container, raise_one, rule

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
START, END = AT - timedelta(days=1), AT + timedelta(days=2)


def load(people: Any, who: str = "lead", **more: Any) -> automation.Load:
    given = {"start": START, "end": END} | more
    return automation.load(people.actor(who), territory_by_slug("valbelle"), **given)


@pytest.fixture
def lived(valbelle: Any, people: Any) -> tuple[int, int]:
    """A container that is raised three times in twenty minutes, and another that stays so; its number and
    that of the first."""
    made = rule(valbelle.montaigu.pk)
    first, second = (container(valbelle.montaigu.pk, f"PAV {n}") for n in range(2))
    for n in range(3):
        alarm = raise_one(made.id, first, AT + 10 * n * MINUTE)
        if n == 0:
            with standing_at(AT + 4 * MINUTE):
                automation.acknowledge(actor=people.actor("contributor"), alarm_id=alarm)
        clear_one(made.id, first, AT + (10 * n + 6) * MINUTE)
    raise_one(made.id, second, AT + HOUR)
    return first, second


def test_what_is_counted(lived: tuple[int, int], people: Any) -> None:
    first, second = lived
    told = load(people)
    assert told.alarms == 4 and told.a_day == pytest.approx(4 / 3)
    assert dict(told.by_severity) == {Severity.MAJOR: 4}
    assert sum(told.by_hour.values()) == 4 and told.by_hour[9] == 3, "by the local clock"
    assert sum(told.by_day.values()) == 4 and not told.is_cut
    (loud,) = told.chattering
    assert (loud.entity_id, loud.alarms, loud.most, loud.rule_name) == (first, 3, 3, "Bac plein")
    assert [one.alarms for one in told.rules] == [4]
    assert [(one.entity_id, one.alarms) for one in told.things] == [(first, 3), (second, 1)]
    assert told.to_acknowledge.middle_s == pytest.approx(240) and told.to_acknowledge.count == 1
    assert told.to_clear.middle_s == pytest.approx(360) and told.to_clear.count == 3
    assert told.unanswered == 2
    assert [one.entity_id for one in told.stale] == [second] and told.stale_count == 1


def test_a_flood_is_told_and_shared_among_operators(valbelle: Any, people: Any) -> None:
    made = rule(valbelle.montaigu.pk)
    for n in range(12):
        raise_one(made.id, container(valbelle.montaigu.pk, f"PAV {n}"), AT + n * MINUTE / 4)
    told = load(people)
    assert [one.alarms for one in told.floods] == [12]
    assert told.flooded_share == pytest.approx(600 / (3 * 86_400))
    assert load(people, operators=2).floods == ()


def test_what_is_grouped_beneath_another_does_not_count(lived: tuple[int, int], people: Any) -> None:
    first, second = (Alarm.objects.get(entity_id=one) for one in lived)
    Alarm.objects.filter(pk=first.pk).update(parent=second)
    assert load(people).alarms == 1


def test_each_sees_what_is_theirs(lived: tuple[int, int], people: Any) -> None:
    assert load(people, "neighbour").alarms == 0 and load(people, "neighbour").stale == ()
    assert load(people, "governor").alarms == 4


def test_what_cannot_be_counted_is_refused(valbelle: Any, people: Any) -> None:
    for given in ({"start": END}, {"start": END - timedelta(days=93)}, {"operators": 0}, {"operators": 51}):
        with pytest.raises(InvalidInput):
            load(people, **given)
