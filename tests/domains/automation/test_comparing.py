"""Rules that compare: with what is usual at the hour, with the others; exact whatever is cut off."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from belvedere.domains.automation import learning
from belvedere.domains.automation import public as automation
from belvedere.domains.automation.bodies import Neighbours, Usual
from belvedere.domains.automation.errors import BadRule
from belvedere.domains.automation.models import UsualDay
from belvedere.domains.automation.public import Judge
from belvedere.domains.observations import public as observations
from belvedere.domains.territory.public import territory_by_slug
from belvedere.kernel.clock import standing_at
from belvedere.science.alarms.comparing import Apart, Measure
from tests.domains.automation.examples import AT, container, draft, rule
from tests.domains.automation.judged import (
    judge,
    minutes,
    only_alarm,
    raised_by_thing,
    say,
    series,
    timeline,
    would_have_raised,
)

pytestmark = pytest.mark.django_db
DAY = 1440.0


def body(condition: Any, **members: Any) -> automation.Body:
    return automation.Body(
        watched=automation.Watched(kind="waste-container"),
        clauses=(automation.Clause("fillingLevel", condition),),
        **members,
    )


def lived(series_id: int, days: int = 30, usual: float = 0.4) -> None:
    """Its past: every half hour, at night half as much."""
    rows = []
    for half in range(-days * 48, 0):
        at = AT + timedelta(minutes=30 * half)
        number = usual * (1.0 if 6 <= at.hour < 20 else 0.5)
        rows.append(observations.Reading(series_id, at, number, None, half + 10**6, at))
    observations.store(rows)


@pytest.fixture
def bin_(valbelle: Any) -> int:
    return container(valbelle.montaigu.pk)


def test_half_as_much_again_as_usual_raises_and_says_what_is_usual(valbelle: Any, bin_: int) -> None:
    lived(series(bin_))
    with standing_at(AT):
        rule(valbelle.montaigu.pk, body(Usual(Apart.ABOVE, 0.5, clears_at=0.2)))
    one = Judge()
    judge(one, 0)
    say([(series(bin_), 1, 0.55)])  # less than half more
    assert judge(one, 1) == 0
    say([(series(bin_), 2, 0.65)])
    assert judge(one, 2) == 1
    value = only_alarm().values[0]
    assert value["number"] == 0.65 and value["usual"] == pytest.approx(0.4)
    say([(series(bin_), 3, 0.5)])  # a quarter more: not over yet
    assert judge(Judge(), 3) == 0, "read anew by who takes over"
    say([(series(bin_), 4, 0.41)])
    assert judge(one, 4) == 1
    assert [(act, at) for _thing, act, at in timeline()] == [("raise", 2), ("clear", 4)]


def test_by_night_the_same_number_is_odd(valbelle: Any, bin_: int) -> None:
    lived(series(bin_))
    rule(valbelle.montaigu.pk, body(Usual(Apart.EITHER, 0.5)))
    one = Judge()
    judge(one, 0)
    say([(series(bin_), 60, 0.4)])
    assert judge(one, 60) == 0
    say([(series(bin_), 16 * 60, 0.4)])  # midnight
    assert judge(one, 16 * 60) == 1


def test_nothing_is_said_before_enough_is_known_and_that_is_said(
    valbelle: Any, people: Any, bin_: int
) -> None:
    lived(series(bin_), days=4)  # of which the last one is not looked at
    asked = body(Usual(Apart.ABOVE, 0.5))
    rule(valbelle.montaigu.pk, asked)
    one = Judge()
    judge(one, 0)
    say([(series(bin_), 1, 0.99)])
    assert judge(one, 1) == 0
    here = territory_by_slug("valbelle")
    with standing_at(minutes(2)):
        watched = automation.watched_by(people.actor("lead"), here, asked, valbelle.montaigu.pk)
        assert (watched.things, watched.unlearnt) == (1, 1)
        tried = automation.try_on_past(
            people.actor("lead"), here, draft(valbelle.montaigu.pk, asked), days=2, until=minutes(2)
        )
    assert (tried.unlearnt, tried.alarms) == (1, 0)


def test_what_was_learnt_stays_when_the_past_is_corrected_and_is_learnt_a_day_ahead(
    valbelle: Any, bin_: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "AHEAD_EVERY_S", 0.0)
    lived(series(bin_))
    rule(valbelle.montaigu.pk, body(Usual(Apart.ABOVE, 0.5)))
    judge(Judge(), 0)
    say([(series(bin_), 1, 0.41)])
    judge(Judge(), 1)
    days = sorted((row.day - AT.date()).days for row in UsualDay.objects.all())
    assert days[-2:] == [0, 1], "today and tomorrow"
    lived(series(bin_), usual=0.9)  # the whole past, told anew
    say([(series(bin_), 2, 0.65)])
    assert judge(Judge(), 2) == 1, "a process that begins anew knows the same"
    say([(series(bin_), 4 * DAY, 0.4)])
    judge(Judge(), 4 * DAY)
    assert min((row.day - AT.date()).days for row in UsualDay.objects.all()) >= 2, "what is over is gone"


def test_who_differs_from_the_others_is_told_and_three_others_are_too_few(valbelle: Any) -> None:
    things = [container(valbelle.montaigu.pk, f"PAV {n}") for n in range(6)]
    with standing_at(AT):
        rule(valbelle.montaigu.pk, body(Neighbours(Apart.EITHER, 0.3)))
    one = Judge()
    judge(one, 0)
    say([(series(things[0]), 1, 0.95), *((series(thing), 2, 0.2) for thing in things[1:4])])
    assert judge(one, 2) == 0
    say([(series(things[4]), 3, 0.25), (series(things[0]), 4, 0.95)])
    assert judge(one, 4) == 1
    alarm = only_alarm()
    assert alarm.entity_id == things[0] and alarm.values[0]["usual"] == pytest.approx(0.2)
    say([(series(things[0]), 5, 0.3)])
    assert judge(Judge(), 5) == 1, "who takes over knows what the others told"
    say([(series(things[0]), 3 * 60, 0.95)])  # what the others told is too old
    assert judge(one, 3 * 60) == 0


@pytest.mark.parametrize("condition", [Usual(Apart.ABOVE, 0.5), Neighbours(Apart.ABOVE, 0.2)])
def test_what_would_have_been_is_what_comes_to_be(condition: Any, valbelle: Any, people: Any) -> None:
    things = [container(valbelle.montaigu.pk, f"PAV {n}") for n in range(6)]
    for thing in things:
        lived(series(thing), days=12)
        say([(series(thing), -1, 0.4)])  # its present value too
    asked = body(condition)
    with standing_at(AT):
        rule(valbelle.montaigu.pk, asked)
    one, chance, at = Judge(), random.Random(3), 0.0
    judge(one, 0)
    while at < 600:
        at += 5
        thing = things[int(at / 5) % 6]
        say([(series(thing), at, chance.choice((0.38, 0.4, 0.42, 0.75)))])
        if chance.random() < 0.4:
            judge(Judge() if chance.random() < 0.3 else one, at)
    judge(one, 601)
    raised = raised_by_thing()
    would = would_have_raised(people, valbelle.montaigu.pk, asked, 601)
    assert would == raised and len(raised) > 5


@pytest.mark.parametrize(
    ("condition", "field"),
    [
        (Usual(Apart.ABOVE, 0), "by"),
        (Usual(Apart.ABOVE, 0.5, clears_at=0.6), "clears_at"),
        (Usual(Apart.ABOVE, 0.5, weeks=0), "weeks"),
        (Usual(Apart.ABOVE, 0.5, weeks=13), "weeks"),
        (Neighbours(Apart.ABOVE, 3, Measure.DEVIATIONS), "measure"),
        (Neighbours(Apart.ABOVE, 3, fresh_s=0), "fresh_s"),
    ],
)
def test_what_cannot_be_followed_is_refused_by_name(condition: Any, field: str, valbelle: Any) -> None:
    with pytest.raises(BadRule) as refused:
        rule(valbelle.montaigu.pk, body(condition))
    assert str(refused.value.data["field"]).endswith(f"condition.{field}")
