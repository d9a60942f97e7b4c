"""Rules that judge all their things together: one alarm for all, exact whatever is cut off."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from belvedere.domains.automation import public as automation
from belvedere.domains.automation import watching
from belvedere.domains.automation.errors import BadRule
from belvedere.domains.automation.models import Alarm, Memory
from belvedere.domains.automation.public import Judge
from belvedere.domains.territory.public import territory_by_slug
from belvedere.kernel.clock import standing_at
from belvedere.science.alarms.conditions import Side
from tests.domains.automation.examples import AT, SYSTEM, container, draft, rule
from tests.domains.automation.judged import judge, minutes, only_alarm, say, series, timeline

pytestmark = pytest.mark.django_db
FULL = automation.Clause("fillingLevel", automation.Level(Side.ABOVE, 0.9))


def body(tally: Any, *clauses: automation.Clause, **members: Any) -> automation.Body:
    return automation.Body(
        watched=automation.Watched(kind="waste-container"), clauses=clauses or (FULL,), tally=tally, **members
    )


@pytest.fixture
def bins(valbelle: Any) -> list[int]:
    """Five, of which each is half full."""
    made = [container(valbelle.montaigu.pk, f"PAV {n}") for n in range(5)]
    say([(series(one), -1, 0.5) for one in made])
    return made


def test_one_alarm_for_three_full_ones_says_how_many_and_which(valbelle: Any, bins: list[int]) -> None:
    rule(valbelle.montaigu.pk, body(automation.Count(Side.ABOVE, 2, clears_at=1)))
    one = Judge()
    judge(one, 0)
    say([(series(bins[0]), 1, 0.95), (series(bins[1]), 2, 0.97)])
    assert judge(one, 2) == 0
    say([(series(bins[3]), 3, 0.99)])
    assert judge(Judge(), 3) == 1, "read anew by who takes over"
    alarm = only_alarm()
    assert (alarm.entity_id, alarm.owner_id) == (0, valbelle.montaigu.pk)
    assert alarm.names == territory_by_slug("valbelle").names, "none of them has a place"
    whole, *named = alarm.values
    assert (whole["number"], whole["counted"], whole["among"]) == (3, 3, 5)
    assert [(value["thing"], value["number"]) for value in named] == [
        (bins[0], 0.95),
        (bins[1], 0.97),
        (bins[3], 0.99),
    ]
    say([(series(bins[0]), 4, 0.1)])
    assert judge(one, 4) == 0, "two are full: not over yet"
    say([(series(bins[1]), 5, 0.1)])
    assert judge(one, 5) == 1
    assert timeline() == [(0, "raise", 3), (0, "clear", 5)]
    view = automation.alarm(SYSTEM, alarm.pk).alarm
    assert view.thing_id is None and view.values[0].among == 5 and view.values[1].names == {"fr": "PAV 0"}


def test_a_share_and_a_sum(valbelle: Any, bins: list[int]) -> None:
    rule(valbelle.montaigu.pk, body(automation.Count(Side.ABOVE, 0.5, share=True)))
    room = automation.Clause("fillingLevel", automation.Level(Side.ABOVE, 3.6, 3.5))
    rule(valbelle.montaigu.pk, body(automation.Sum(), room))
    one = Judge()
    judge(one, 0)
    say([(series(bins[n]), 1 + n, 0.95) for n in range(3)])
    judge(one, 4)
    found = {alarm.values[0].get("counted"): alarm for alarm in Alarm.objects.all()}
    assert found[3].values[0]["number"] == 0.6
    assert found[None].values[0]["number"] == pytest.approx(3 * 0.95 + 2 * 0.5)
    assert len(found[None].values) == 1


def test_durations_and_silence_are_of_the_whole(valbelle: Any, bins: list[int]) -> None:
    silent = automation.Clause("fillingLevel", automation.Silence(3600))
    rule(valbelle.montaigu.pk, body(automation.Count(Side.ABOVE, 3), silent, for_s=600))
    one = Judge()
    judge(one, 0)
    say([(series(bins[0]), 30, 0.5)])
    judge(one, 30)
    assert judge(Judge(), 68) == 0
    assert judge(one, 70) == 1
    assert timeline() == [(0, "raise", 69)], "four are silent from minute 59 on, for ten minutes"


def test_what_comes_late_counts_from_what_was_judged(valbelle: Any, bins: list[int]) -> None:
    rule(valbelle.montaigu.pk, body(automation.Count(Side.ABOVE, 1)))
    one = Judge()
    judge(one, 0)
    say([(series(bins[0]), 20, 0.95)])
    judge(one, 20)
    say([(series(bins[1]), 10, 0.95)], received=21)
    judge(one, 21)
    say([(series(bins[0]), 15, 0.1)], received=22)  # older than its last: says nothing about now
    judge(one, 22)
    assert timeline() == [(0, "raise", 20)]


def test_a_thing_that_comes_is_counted_and_what_waits_goes_on_waiting(
    valbelle: Any, bins: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    rule(valbelle.montaigu.pk, body(automation.Count(Side.ABOVE, 1), for_s=1800))
    one = Judge()
    judge(one, 0)
    say([(series(bins[0]), 10, 0.95), (series(bins[1]), 11, 0.95)])
    judge(one, 12)
    with monkeypatch.context() as slower:
        slower.setattr(watching, "FRESH_S", 3600.0)
        late = container(valbelle.montaigu.pk, "PAV neuf")
        say([(series(late), 13, 0.2)])
        judge(one, 14)  # it is known, and does not join yet
        say([(series(bins[0]), 15, 0.96)])
    judge(one, 16)
    say([(series(bins[2]), 20, 0.5)])
    judge(one, 42)
    assert timeline() == [(0, "raise", 41)]
    assert only_alarm().values[0]["among"] in (5, 6)


def test_a_thing_that_came_while_nobody_judged_does_not_let_the_waiting_begin_anew(
    valbelle: Any, bins: list[int]
) -> None:
    rule(valbelle.montaigu.pk, body(automation.Count(Side.ABOVE, 1), for_s=1800))
    one = Judge()
    judge(one, 0)
    say([(series(bins[0]), 10, 0.95), (series(bins[1]), 11, 0.95)])
    judge(one, 12)
    late = container(valbelle.montaigu.pk, "PAV neuf")
    say([(series(late), 13, 0.2)])
    judge(Judge(), 20)
    judge(Judge(), 42)
    assert timeline() == [(0, "raise", 41)]
    assert only_alarm().values[0]["among"] == 6


def test_what_is_kept_of_a_crowd_has_a_page_of_its_own(valbelle: Any, bins: list[int]) -> None:
    made = rule(valbelle.montaigu.pk, body(automation.Count(Side.ABOVE, 1)))
    one = Judge()
    judge(one, 0)
    assert list(Memory.objects.values_list("pk", flat=True)) == [-made.id]
    automation.switch_rule(actor=SYSTEM, rule_id=made.id, on=False)
    judge(one, 1)
    assert not Memory.objects.exists()


@pytest.mark.parametrize(
    "tally", [automation.Count(Side.ABOVE, 1), automation.Count(Side.ABOVE, 0.5, share=True, clears_at=0.3)]
)
def test_what_would_have_been_is_what_comes_to_be(
    tally: Any, valbelle: Any, people: Any, bins: list[int]
) -> None:
    """Whoever judges, however it is cut."""
    asked = body(tally, for_s=300)
    with standing_at(AT):
        rule(valbelle.montaigu.pk, asked)
    one, chance, at = Judge(), random.Random(5), 0.0
    judge(one, 0)
    while at < 600:
        at += 4
        say([(series(bins[chance.randrange(5)]), at, chance.choice((0.4, 0.6, 0.95)))])
        if chance.random() < 0.4:
            judge(Judge() if chance.random() < 0.3 else one, at)
    judge(one, 601)
    with standing_at(minutes(601)):
        tried = automation.try_on_past(
            people.actor("lead"),
            territory_by_slug("valbelle"),
            draft(valbelle.montaigu.pk, asked),
            days=1,
            until=minutes(601),
        )
    raised = sorted(at for _thing, act, at in timeline() if act.startswith("raise"))
    would = sorted(round((past.start - AT) / timedelta(minutes=1), 3) for past in tried.episodes)
    assert [at for at in would if at > 0] == [at for at in raised if at > 0] and len(raised) > 3
    assert (tried.things, tried.things_tried) == (5, 5)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (body(automation.Count(Side.ABOVE, -1)), "tally.level"),
        (body(automation.Count(Side.ABOVE, 1.5, share=True)), "tally.level"),
        (body(automation.Count(Side.ABOVE, 2, clears_at=3)), "tally.clears_at"),
        (body(automation.Sum(), FULL, FULL), "tally"),
        (body(automation.Sum(), automation.Clause("fillingLevel", automation.Silence(60))), "tally"),
    ],
)
def test_what_cannot_be_followed_is_refused_by_name(asked: Any, field: str, valbelle: Any) -> None:
    with pytest.raises(BadRule) as refused:
        rule(valbelle.montaigu.pk, asked)
    assert refused.value.data["field"] == field
