"""A rule tried on the past tells what it would have raised; the same that it does raise."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from belvedere.domains.automation import public as automation
from belvedere.domains.automation import trying
from belvedere.domains.automation.public import Judge
from belvedere.domains.territory.public import territory_by_slug
from belvedere.kernel.clock import standing_at
from belvedere.kernel.errors import InvalidInput, Refused
from belvedere.science.alarms.conditions import Side
from tests.domains.automation.examples import AT, SYSTEM, container, draft, rule
from tests.domains.automation.judged import judge, minutes, say, series, timeline

pytestmark = pytest.mark.django_db
RULES = {
    "level": automation.Level(Side.ABOVE, 0.9, 0.8),
    "change": automation.Change(Side.ABOVE, 0.5, 1800),
    "silence": automation.Silence(1500),
    "stuck": automation.Stuck(1200, 0.01),
}


@pytest.mark.parametrize("name", RULES)
def test_what_would_have_been_is_what_comes_to_be(name: str, valbelle: Any, people: Any) -> None:
    clause = automation.Clause("fillingLevel", RULES[name])
    hours = automation.Excepted(hours=(automation.Hours((7,), "11:00", "11:40"),))  # a Sunday, as AT
    body = automation.Body(
        watched=automation.Watched(kind="waste-container"), clauses=(clause,), excepted=hours
    )
    things = [container(valbelle.montaigu.pk, f"PAV {n}") for n in range(2)]
    for number in things:
        say([(series(number), -30, 0.3)])
    with standing_at(AT):
        rule(valbelle.montaigu.pk, body)
    one, chance, at = Judge(), random.Random(name), 0.0
    judge(one, 0)
    while at < 360:
        at += chance.choice((2, 9, 31))
        say([(series(number), at, chance.choice((0.3, 0.3, 0.85, 0.95))) for number in things])
        judge(one, at)
    judge(one, 361)
    with standing_at(minutes(361)):
        tried = automation.try_on_past(
            people.actor("lead"),
            territory_by_slug("valbelle"),
            draft(valbelle.montaigu.pk, body),
            days=1,
            until=minutes(361),
        )
    # What was so before the rule began is raised when it begins.
    raised = sorted((thing, at) for thing, act, at in timeline() if act.startswith("raise") and at > 0)
    would = sorted(
        (past.entity_id, round((past.start - AT).total_seconds() / 60, 3))
        for past in tried.episodes
        if past.start > AT
    )
    assert would == raised and len(raised) > 2
    assert (tried.things, tried.things_tried, tried.things_alarmed) == (2, 2, 2)
    assert sum(tried.by_day.values()) == tried.alarms == len(tried.episodes)


def test_who_may_write_the_rule_may_try_it(valbelle: Any, people: Any) -> None:
    container(valbelle.montaigu.pk)
    here, made = territory_by_slug("valbelle"), draft(valbelle.montaigu.pk)
    assert automation.watched_by(people.actor("lead"), here, made.body, valbelle.montaigu.pk).things == 1
    for who in ("contributor", "neighbour"):
        with pytest.raises(Refused):
            automation.try_on_past(people.actor(who), here, made)
        with pytest.raises(Refused):
            automation.watched_by(people.actor(who), here, made.body, valbelle.montaigu.pk)
    with pytest.raises(InvalidInput):
        automation.try_on_past(people.actor("lead"), here, made, days=365)


def test_of_too_much_the_first_things_are_tried(valbelle: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (container(valbelle.montaigu.pk) for _ in range(3)):
        say([(series(number), at, 0.95) for at in range(5)])
    monkeypatch.setattr(trying, "MOST_READINGS", 8)
    monkeypatch.setattr(trying, "_AT_ONCE", 5)
    tried = automation.try_on_past(
        SYSTEM, territory_by_slug("valbelle"), draft(None), until=AT + timedelta(hours=1)
    )
    assert (tried.things, tried.things_tried, tried.readings, tried.alarms) == (3, 2, 10, 2)
    assert tried.episodes[0].end is None and tried.episodes[0].number == 0.95
