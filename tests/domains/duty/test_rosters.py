"""Who may write rosters and plans, who enters stand-ins, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from belvedere.domains.duty import public as duty
from belvedere.domains.duty.errors import BadPlan, BadRoster, ChangedMeanwhile, NoSuchPlan, NoSuchRoster
from belvedere.domains.duty.public import LevelBody, PlanBody, Target, Whom
from belvedere.domains.territory.public import territory_by_slug
from belvedere.duties.journal.public import entries_of
from belvedere.kernel.clock import standing_at
from belvedere.kernel.errors import Refused
from belvedere.kernel.severity import Severity
from tests.domains.automation.examples import AT
from tests.domains.duty.test_climbing import plan, roster
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_a_stand_in_is_on_duty_and_taken_back(valbelle: Valbelle, people: People) -> None:
    made = roster(valbelle.montaigu.pk, people.contributor.pk)
    here: dict[str, Any] = {"territory": territory_by_slug("valbelle"), "roster_id": made}
    given: dict[str, Any] = {"person_id": people.lead.pk, "instead_of": None, "since": AT, "until": AT + DAY}
    with standing_at(AT):
        for who in ("neighbour", "stranger", "office"):
            with pytest.raises((Refused, NoSuchRoster)):
                duty.add_stand_in(actor=people.actor(who), **here, **given)
        with pytest.raises(Refused):  # of the organisation, and not on the roster
            duty.add_stand_in(actor=people.actor("reader"), **here, **given)
        number = duty.add_stand_in(actor=people.actor("contributor"), **here, **given, why="Vacances")
        seen = duty.roster(people.actor("reader"), valbelle.territory.pk, made)
        assert seen.now.who == people.lead.pk and seen.now.instead_of == people.contributor.pk
    with standing_at(AT + DAY / 2):
        duty.end_stand_in(actor=people.actor("contributor"), **here, stand_in_id=number)
        seen = duty.roster(people.actor("reader"), valbelle.territory.pk, made)
        assert seen.now.who == people.contributor.pk and seen.stand_ins == ()
    with pytest.raises(NoSuchRoster):
        duty.roster(people.actor("neighbour"), valbelle.territory.pk, made)
    verbs = {one.verb for one in entries_of(("duty.roster", str(made))).rows}
    assert verbs == {"duty.create_roster", "duty.add_stand_in", "duty.end_stand_in"}


def test_the_last_turn_that_is_shown_ends_when_it_ends(valbelle: Valbelle, people: People) -> None:
    """Not where looking ahead does: two take turns by the week, and it is looked in the middle of one."""
    made = roster(valbelle.montaigu.pk, people.contributor.pk, people.lead.pk)
    with standing_at(AT):
        seen = duty.roster(people.actor("reader"), valbelle.territory.pk, made, length=10 * DAY)
    first, *others = seen.turns
    assert first.since == AT and first.until - AT < 7 * DAY and len(others) == 2
    assert all(one.until - one.since == 7 * DAY for one in others)
    assert others[-1].since < AT + 10 * DAY < others[-1].until


def test_managers_of_the_organisation_write_and_nobody_else(valbelle: Valbelle, people: People) -> None:
    owner, territory = valbelle.montaigu.pk, territory_by_slug("valbelle")
    body = duty.RosterBody(date(2026, 11, 16), (people.contributor.pk,))
    level = LevelBody(0, (Whom(Target.HANDLERS),))

    def save_roster(who: str, **more: Any) -> Any:
        return duty.save_roster(
            actor=people.actor(who), territory=territory, owner_id=owner, name="R", body=body, **more
        )

    def save_plan(who: str, **more: Any) -> Any:
        return duty.save_plan(
            actor=people.actor(who),
            territory=territory,
            owner_id=owner,
            name="P",
            severities=[Severity.MAJOR],
            body=PlanBody((level,)),
            **more,
        )

    for save in (save_roster, save_plan):
        for who in ("contributor", "neighbour", "office", "elected"):
            with pytest.raises(Refused):
                save(who)
    made, planned = save_roster("lead"), save_plan("lead")
    with pytest.raises(ChangedMeanwhile):
        save_roster("lead", roster_id=made, expected=7)
    with pytest.raises(ChangedMeanwhile):
        save_plan("lead", plan_id=planned, expected=7)
    for who, error in (("contributor", Refused), ("neighbour", NoSuchRoster)):
        with pytest.raises(error):
            duty.remove_roster(actor=people.actor(who), territory=territory, roster_id=made)
    for who, missing in (("contributor", Refused), ("neighbour", NoSuchPlan)):
        with pytest.raises(missing):
            duty.remove_plan(actor=people.actor(who), territory=territory, plan_id=planned)
    duty.remove_roster(actor=people.actor("lead"), territory=territory, roster_id=made)
    duty.remove_plan(actor=people.actor("lead"), territory=territory, plan_id=planned)
    assert duty.rosters(people.actor("lead"), territory.id) == []
    assert duty.plans(people.actor("lead"), territory.id) == []


def test_what_cannot_be_is_refused_with_its_field(valbelle: Valbelle, people: People) -> None:
    owner, who = valbelle.montaigu.pk, people.contributor.pk
    on = (1, 2)
    shift = duty.ShiftBody(on, 0, 720, (who,))
    wrong: list[tuple[str, Callable[[], Any]]] = [
        ("people", lambda: roster(owner)),
        ("people", lambda: roster(owner, people.neighbour.pk)),
        ("people", lambda: roster(owner, who, shifts=(shift,))),
        ("shifts", lambda: roster(owner, shifts=(shift, duty.ShiftBody((2,), 600, 800, (who,))))),
        ("calendar", lambda: roster(owner, who, on_holidays=(who,))),
    ]
    for field, make in wrong:
        with pytest.raises(BadRoster) as caught:
            make()
        assert caught.value.data["field"] == field
    handlers = (Whom(Target.HANDLERS),)
    for levels in (
        (),
        (LevelBody(0, ()),),
        (LevelBody(5, handlers), LevelBody(5, handlers)),
        (LevelBody(0, (Whom(Target.PERSON, people.neighbour.pk),)),),
        (LevelBody(0, (Whom(Target.ROSTER, valbelle.body.pk),)),),
    ):
        with pytest.raises(BadPlan):
            plan(owner, *levels)
