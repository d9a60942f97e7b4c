"""Rules about what is forecast: apart from it, or beyond a level ahead; exact whatever is cut off."""

from __future__ import annotations

import random
from typing import Any

import pytest

from belvedere.domains.automation import public as automation
from belvedere.domains.automation.bodies import Expected, Foreseen, Level
from belvedere.domains.automation.errors import BadRule
from belvedere.domains.automation.public import Judge
from belvedere.domains.territory.public import territory_by_slug
from belvedere.domains.twin import public as twin
from belvedere.kernel.clock import standing_at
from belvedere.science.alarms.comparing import Apart, Measure
from belvedere.science.alarms.conditions import Side
from tests.domains.automation.examples import AT, SYSTEM, rule
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
FLOOD = Foreseen(Side.ABOVE, 2.0, within_s=6 * 3600.0, clears_at=1.8)


def gauge(valbelle: Any, name: str = "gauge") -> int:
    """A gauge that tells its level and what is forecast of it."""
    here, terms = territory_by_slug("valbelle"), ("waterLevel", "waterLevelForecast")
    thing = twin.EntityDraft(
        kind="water-observed", names={"fr": name}, owner_id=valbelle.montaigu.pk, shape=None
    )
    number = twin.create_entity(actor=SYSTEM, territory=here, draft=thing)
    device = twin.DeviceDraft(name, number, {term: twin.FieldDraft(term) for term in terms})
    twin.register_device(actor=SYSTEM, territory=here, draft=device)
    return number


def body(*clauses: automation.Clause, **members: Any) -> automation.Body:
    return automation.Body(watched=automation.Watched(kind="water-observed"), clauses=clauses, **members)


def foreseen(condition: Any = FLOOD) -> automation.Clause:
    return automation.Clause("waterLevelForecast", condition)


def expected(**members: Any) -> automation.Clause:
    return automation.Clause("waterLevel", Expected(Apart.ABOVE, 0.3, clears_at=0.1, **members))


def curve(*points: tuple[float, float | None]) -> dict[str, Any]:
    """Points: hours after AT, metres."""
    return {"values": [[number, minutes(60 * hour).isoformat()] for hour, number in points]}


def test_a_flood_that_comes_within_reach_is_told_with_its_hour(valbelle: Any) -> None:
    one = gauge(valbelle)
    told = series(one, "waterLevelForecast")
    with standing_at(AT):
        rule(valbelle.montaigu.pk, body(foreseen()))
    here = Judge()
    judge(here, 0)
    say([(told, 5, curve((1, 1.2), (10, 2.6), (14, 1.9), (20, 1.0)))])
    assert judge(here, 6) == 0, "in ten hours, not in six"
    assert judge(Judge(), 4 * 60 + 1) == 1, "by the clock, whoever took over"
    value = only_alarm().values[0]
    assert (value["number"], value["foreseen_at"]) == (2.6, minutes(600).isoformat())
    say([(told, 250, curve((10, 1.9), (14, 1.5)))])
    assert judge(here, 251) == 0, "not over yet"
    say([(told, 300, curve((10, 1.7), (14, 1.5)))])
    assert judge(here, 301) == 1
    assert [(act, at) for _thing, act, at in timeline()] == [("raise", 240.0), ("clear", 300.0)]


def test_a_rule_that_begins_knows_the_last_forecast(valbelle: Any) -> None:
    one = gauge(valbelle)
    say([(series(one, "waterLevelForecast"), -10, curve((1, 1.2), (3, 2.6)))])
    with standing_at(AT):
        rule(valbelle.montaigu.pk, body(foreseen()))
    assert judge(Judge(), 0) == 1


def test_higher_than_was_forecast_three_hours_before(valbelle: Any) -> None:
    one = gauge(valbelle)
    level, told = series(one, "waterLevel"), series(one, "waterLevelForecast")
    say([(told, -300, curve((-5, 1.0), (3, 1.0))), (told, -200, curve((-3, 1.2), (5, 1.2)))])
    with standing_at(AT):
        rule(valbelle.montaigu.pk, body(expected(lead_s=3 * 3600.0)))
    here = Judge()
    judge(here, 0)
    say([(told, 1, curve((0, 9.0), (5, 9.0))), (level, 2, 1.45)])
    assert judge(here, 2) == 0
    say([(level, 3, 1.6)])
    assert judge(here, 3) == 1
    value = only_alarm().values[0]
    assert value["number"] == 1.6 and value["usual"] == pytest.approx(1.2)
    say([(level, 4, 1.25)])
    assert judge(Judge(), 4) == 1, "who takes over knows what was forecast before"
    say([(level, 6 * 60, 9.9)])
    assert judge(here, 6 * 60) == 0, "of that hour nothing was forecast"


def test_what_is_no_forecast_says_nothing(valbelle: Any) -> None:
    one = gauge(valbelle)
    told = series(one, "waterLevelForecast")
    with standing_at(AT):
        rule(valbelle.montaigu.pk, body(foreseen()))
    here = Judge()
    judge(here, 0)
    for at, odd in enumerate(({"values": "soon"}, {"a": 1}, "storm", {"values": [[9, "tomorrow"]]}), 1):
        say([(told, at, odd)])
        assert judge(here, at) == 0
    assert not here.faults


@pytest.mark.parametrize("clauses", ["foreseen", "expected", "both", "counted"])
@pytest.mark.parametrize("seed", range(2))
def test_what_would_have_been_is_what_comes_to_be(
    clauses: str, seed: int, valbelle: Any, people: Any
) -> None:
    things = [gauge(valbelle, f"gauge-{n}") for n in range(2)]
    asked = {
        "foreseen": body(foreseen()),
        "expected": body(expected(lead_s=3600.0)),
        "both": body(foreseen(), automation.Clause("waterLevel", Level(Side.ABOVE, 1.5))),
        "counted": body(foreseen(), tally=automation.Count(Side.ABOVE, 1)),
    }[clauses]
    with standing_at(AT):
        rule(valbelle.montaigu.pk, asked)
    one, chance, at = Judge(), random.Random(seed), 0.0
    judge(one, 0)
    while at < 1200:
        at += 10
        for thing in things:
            rows: list[Any] = [(series(thing, "waterLevel"), at, chance.choice((1.0, 1.4, 1.6, 2.2)))]
            if chance.random() < 0.15:
                start = at / 60 - 1
                points = ((start + h, chance.choice((1.0, 1.4, 1.9, 2.3, None))) for h in range(10))
                rows.append((series(thing, "waterLevelForecast"), at, curve(*points)))
            say(rows)
        if chance.random() < 0.4:
            judge(Judge() if chance.random() < 0.3 else one, at)
    judge(one, 1201)
    raised = raised_by_thing()
    would = would_have_raised(people, valbelle.montaigu.pk, asked, 1201)
    assert would == raised and raised


@pytest.mark.parametrize(
    ("clause", "field"),
    [
        (automation.Clause("waterLevel", FLOOD), "condition"),
        (automation.Clause("waterLevelForecast", Level(Side.ABOVE, 2.0)), "condition"),
        (automation.Clause("swellHeight", Expected(Apart.ABOVE, 0.3)), "condition.forecast"),
        (automation.Clause("waterLevel", Expected(Apart.ABOVE, 0.3, lead_s=-1)), "condition.lead_s"),
        (automation.Clause("waterLevel", Expected(Apart.ABOVE, 0.3, lead_s=8 * 86_400)), "condition.lead_s"),
        (
            automation.Clause("waterLevel", Expected(Apart.ABOVE, 0.3, Measure.DEVIATIONS)),
            "condition.measure",
        ),
        (foreseen(Foreseen(Side.ABOVE, 2.0, within_s=0)), "condition.within_s"),
        (foreseen(Foreseen(Side.ABOVE, 2.0, within_s=60, clears_at=3)), "condition.clears_at"),
    ],
)
def test_what_cannot_be_followed_is_refused_by_name(
    clause: automation.Clause, field: str, valbelle: Any
) -> None:
    with pytest.raises(BadRule) as refused:
        rule(valbelle.montaigu.pk, body(clause))
    assert str(refused.value.data["field"]) == f"clauses.0.{field}"


def test_another_attribute_may_tell_the_forecast(valbelle: Any) -> None:
    clause = automation.Clause("swellHeight", Expected(Apart.ABOVE, 0.3, forecast="flowForecast"))
    assert automation.body_from(automation.body_as_json(body(clause))) == body(clause)


def test_the_watched_things_tell_both(valbelle: Any, people: Any) -> None:
    gauge(valbelle)
    asked = body(expected())
    seen = automation.watched_by(
        people.actor("lead"), territory_by_slug("valbelle"), asked, valbelle.montaigu.pk
    )
    assert (seen.things, seen.series) == (1, 2)
