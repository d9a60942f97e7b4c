"""Nothing goes unacknowledged without climbing: who is told when, once, and nobody forgotten by a crash."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from belvedere.domains.automation import public as automation
from belvedere.domains.automation.models import Alarm
from belvedere.domains.duty import public as duty
from belvedere.domains.duty.models import Call, Climb
from belvedere.domains.duty.public import CallState, Channel, Ended, Letter, LevelBody, PlanBody, Target, Whom
from belvedere.domains.territory.public import territory_by_slug
from belvedere.kernel.clock import standing_at
from belvedere.kernel.errors import BelvedereError
from belvedere.kernel.severity import Severity
from tests.domains.automation.examples import AT, HOUR, SYSTEM, clear_one, container, raise_one, rule
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


class Box:
    """Letters as they leave: (to whom, which alarm, is it again)."""

    def __init__(self, takes: bool = True) -> None:
        self.takes, self.letters = takes, list[Letter]()

    def __call__(self, letter: Letter) -> bool:
        self.letters.append(letter)
        return self.takes

    @property
    def names(self) -> list[str]:
        return sorted(one.person.name for one in self.letters)


def look(at: Any, box: Callable[[Letter], bool]) -> None:
    with standing_at(at):
        duty.climb_due(at)
        duty.send_due(at, box)


def raised(owner: UUID, **members: Any) -> int:
    made = rule(owner, **members)
    with standing_at(AT):
        return raise_one(made.id, container(owner))


def plan(owner: UUID, *levels: LevelBody, **members: Any) -> UUID:
    return duty.save_plan(
        actor=SYSTEM,
        territory=territory_by_slug("valbelle"),
        owner_id=owner,
        name="Plan",
        severities=list(Severity),
        body=PlanBody(levels, **members),
    )


def roster(owner: UUID, *people: UUID, **members: Any) -> UUID:
    return duty.save_roster(
        actor=SYSTEM,
        territory=territory_by_slug("valbelle"),
        owner_id=owner,
        name="Piquet",
        body=duty.RosterBody(date(2026, 11, 16), people, **members),
    )


def test_without_a_plan_those_who_look_after_alarms_are_told_at_once_then_their_heads(
    valbelle: Valbelle, people: People
) -> None:
    raised(valbelle.montaigu.pk)
    box = Box()
    look(AT, box)
    assert box.names == ["Administrator", "Contributor", "Lead"]
    look(AT + 59 * MINUTE, box)
    assert len(box.letters) == 3
    box = Box()
    look(AT + 60 * MINUTE, box)
    assert box.names == ["Administrator", "Governor", "Lead"] and box.letters[0].alarms[0].is_again
    box = Box()
    look(AT + 5 * HOUR, box)
    assert len(box.letters) == 3, "the last level repeats until somebody acknowledges"


def test_where_there_is_a_roster_who_is_on_duty_is_told_first(valbelle: Valbelle, people: People) -> None:
    roster(valbelle.montaigu.pk, people.reader.pk)
    raised(valbelle.montaigu.pk)
    box = Box()
    look(AT, box)
    assert box.names == ["Reader"]
    look(AT + 10 * MINUTE, box)
    assert box.names == ["Administrator", "Contributor", "Lead", "Reader"]


def test_what_is_over_before_its_turn_is_not_sent_and_said_so(valbelle: Valbelle, people: People) -> None:
    alarm_id = raised(valbelle.montaigu.pk)
    box = Box()
    with standing_at(AT):
        duty.climb_due(AT)
        automation.acknowledge(actor=people.actor("lead"), alarm_id=alarm_id)
    look(AT + 6 * HOUR, box)
    assert box.letters == []
    told = duty.told_of(people.actor("reader"), alarm_id)
    assert told is not None and told.ended is Ended.ACKNOWLEDGED and told.next_at is None
    assert {one.state for one in told.calls} == {CallState.NOT_SENT}
    with pytest.raises(BelvedereError):
        duty.told_of(people.actor("neighbour"), alarm_id)


def test_cleared_and_raised_again_shelved_and_shown_again(valbelle: Valbelle, people: People) -> None:
    made = rule(valbelle.montaigu.pk)
    thing = container(valbelle.montaigu.pk)
    with standing_at(AT):
        alarm_id = raise_one(made.id, thing)
        clear_one(made.id, thing)
        assert Climb.objects.get().ended == Ended.CLEARED
        raise_one(made.id, thing, AT + HOUR)
        automation.shelve(actor=people.actor("lead"), alarm_id=alarm_id, until=AT + 3 * HOUR, why="Travaux")
    box = Box()
    look(AT + 2 * HOUR, box)
    assert box.letters == []
    look(AT + 3 * HOUR, box)
    assert len(box.letters) == 3, "what was shelved is told when that is over"


def test_what_is_grouped_beneath_another_is_not_told_by_itself(valbelle: Valbelle, people: People) -> None:
    from belvedere.domains.automation.events import AlarmChange, AlarmsChanged
    from belvedere.domains.duty.climbing import follow

    alarm_id = raised(valbelle.montaigu.pk)
    one = Alarm.objects.get(pk=alarm_id)
    change = AlarmChange(
        alarm_id, 1, one.territory_id, one.rule_id, one.entity_id, one.owner_id, None, 3, "group",
        "raised", "raised", 99, None, AT,
    )  # fmt: skip
    follow(AlarmsChanged((change,)))
    assert Climb.objects.get().ended == Ended.GROUPED
    box = Box()
    look(AT + HOUR, box)
    assert box.letters == []


def test_a_plan_tells_who_is_on_duty_then_a_person_and_minor_ones_wait_for_the_morning(
    valbelle: Valbelle, people: People
) -> None:
    owner = valbelle.montaigu.pk
    on_duty = roster(owner, people.contributor.pk, people.reader.pk)
    plan(
        owner,
        LevelBody(0, (Whom(Target.ROSTER, on_duty),), (Channel.MAIL, Channel.INBOX)),
        LevelBody(20, (Whom(Target.PERSON, people.lead.pk),)),
        repeat_min=30,
        quiet_most=2,
        quiet_from=8 * 60,
        quiet_until=12 * 60,
    )
    raised(owner)
    box = Box()
    look(AT, box)
    # AT is a Sunday, and the turn of the first week begins on Monday the 16th.
    assert box.names == ["Contributor"]
    assert Call.objects.filter(channel=Channel.INBOX, state=CallState.SENT).count() == 1
    look(AT + 20 * MINUTE, box)
    assert box.names == ["Contributor", "Lead"]
    Climb.objects.all().delete()
    raised(owner, name="Bac", severity=Severity.MINOR)
    assert Climb.objects.get().due_at == AT.replace(hour=11), "12:00 on the clock of the territory"


def test_who_left_is_not_told_and_somebody_else_is(valbelle: Valbelle, people: People) -> None:
    from belvedere.domains.access.models import Membership

    owner = valbelle.montaigu.pk
    plan(owner, LevelBody(0, (Whom(Target.PERSON, people.reader.pk),)))
    raised(owner)
    Membership.objects.filter(person=people.reader).update(ended_at=AT)
    box = Box()
    look(AT, box)
    assert box.names == ["Administrator", "Contributor", "Lead"]


def test_a_mail_server_that_is_away_is_asked_again(valbelle: Valbelle, people: People) -> None:
    raised(valbelle.montaigu.pk)
    away, box = Box(takes=False), Box()
    look(AT, away)
    look(AT + timedelta(seconds=29), box)
    assert len(away.letters) == 3 and box.letters == []
    look(AT + timedelta(seconds=30), box)
    assert [one.key for one in box.letters] == [one.key for one in away.letters]


class Killed(BaseException):
    """The process dies here."""


def test_killed_at_any_statement_nobody_is_forgotten_and_no_other_letter_is_sent(
    valbelle: Valbelle, people: People
) -> None:
    raised(valbelle.montaigu.pk)
    sent: list[tuple[UUID, str]] = []

    def deliver(letter: Letter) -> bool:
        sent.append((letter.person.id, letter.key))
        return True

    for last in range(1, 400):
        ran = 0

        def dies(execute: Any, *given: Any, stop: int = last) -> Any:
            nonlocal ran
            ran += 1
            if ran == stop:
                raise Killed
            return execute(*given)

        try:
            with connection.execute_wrapper(dies):
                look(AT + last * timedelta(seconds=5), deliver)
        except Killed:
            continue
        break
    else:
        pytest.fail("it never came to its end")
    assert last > 10
    people_told = {person for person, _key in sent}
    assert people_told == {people.administrator.pk, people.contributor.pk, people.lead.pk}
    assert len(set(sent)) == 3, "what leaves twice is the same letter, known by its key"
    assert Counter(Call.objects.values_list("state", flat=True)) == {CallState.SENT: 3}
    assert Climb.objects.get().level == 1


def test_the_step_and_its_climb_stand_or_fall_together(valbelle: Valbelle, people: People) -> None:
    made, thing = rule(valbelle.montaigu.pk), container(valbelle.montaigu.pk)
    from django.db import transaction

    with pytest.raises(Killed), transaction.atomic():
        raise_one(made.id, thing)
        raise Killed
    assert not Alarm.objects.exists() and not Climb.objects.exists()
