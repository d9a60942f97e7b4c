"""What domains of supervision hold of a person: found, given, and erased with the account."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from belvedere.domains.access.models import Person
from belvedere.domains.automation import public as automation
from belvedere.domains.crisis import public as crises
from belvedere.domains.crisis.models import Crisis, CrisisRole, Fact, Plan
from belvedere.domains.duty import public as duty
from belvedere.domains.duty.models import Feed, StandIn
from belvedere.domains.interventions import public as interventions
from belvedere.domains.interventions.models import Step, TeamMember
from belvedere.domains.logbook import public as logbook
from belvedere.domains.logbook.public import Category, EntryDraft, Wanted
from belvedere.domains.territory.public import territory_by_slug
from belvedere.duties.privacy.public import Order, Subject, erase, export, find
from belvedere.kernel.clock import standing_at
from belvedere.kernel.paging import Window
from tests.domains.automation.examples import AT, HOUR, container, raise_one, rule
from tests.domains.crisis.examples import declared, here, seen
from tests.domains.duty.test_climbing import roster
from tests.domains.interventions.examples import dispatched
from tests.lighting import Lighting
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
ORDER = Order(by_id=None, by_label="DPO", reason="asked")


def test_stand_ins_and_calendars_go_with_the_account(valbelle: Valbelle, people: People) -> None:
    contributor, lead = people.actor("contributor"), people.actor("lead")
    with standing_at(AT):
        key = roster(valbelle.montaigu.pk, people.contributor.pk)
        here = territory_by_slug("valbelle")
        StandIn.objects.create(
            roster_id=key, person=people.contributor, since=AT, until=AT + HOUR, why="Dentist"
        )
        StandIn.objects.create(roster_id=key, person=people.lead, since=AT, until=AT + HOUR)
        duty.open_feed(actor=contributor, territory=here, roster_id=None)
        subject = Subject(people.contributor.email)
        given = export(subject)["duty"]
        assert [one["why"] for one in given["standin"]] == ["Dentist"] and len(given["feed"]) == 1
        assert {one.table for one in find(subject)["duty"]} == {"duty.standin", "duty.feed"}
        erase(subject, ORDER)
        assert not Feed.objects.exists() and StandIn.objects.get().person_id == people.lead.pk
        (view,) = duty.rosters(lead, here.id, length=timedelta(days=1))
        assert view.people.get(people.contributor.pk, "") == ""


def test_the_log_book_keeps_the_entry_and_loses_the_name(valbelle: Valbelle, people: People) -> None:
    here = territory_by_slug("valbelle")
    logbook.write_entry(
        actor=people.actor("contributor"),
        territory=here,
        owner_id=valbelle.montaigu.pk,
        draft=EntryDraft(Category.OBSERVATION, "The river rises"),
    )
    subject = Subject(people.contributor.email)
    assert [one["text"] for one in export(subject)["logbook"]["entry"]] == ["The river rises"]
    assert "logbook" not in find(Subject(people.lead.email))
    (told,) = erase(subject, ORDER)["logbook"]
    assert (told.table, told.rows) == ("logbook.entry", 1) and told.kept and told.basis
    (row,) = logbook.entries(people.actor("lead"), here.id, Wanted(), Window(0, 10)).rows
    assert (row.text, row.by) == ("The river rises", "")


def test_interventions_keep_the_timeline_and_forget_team_and_phone(
    lighting: Lighting, people: People
) -> None:
    made = dispatched(lighting)
    interventions.accept(actor=lighting.electrician, intervention_id=made)
    email = Person.objects.get(pk=lighting.electrician.person_id).email
    given = export(Subject(email))["interventions"]
    assert [one["act"] for one in given["step"]] == ["accept"] and given["teammember"]
    told = {one.table: one for one in erase(Subject(email), ORDER)["interventions"]}
    assert told["interventions.teammember"].rows == 1 and told["interventions.step"].kept
    assert not TeamMember.objects.filter(person_id=lighting.electrician.person_id).exists()
    assert Step.objects.filter(person_id=lighting.electrician.person_id).count() == 1
    steps = interventions.intervention(lighting.lead, made).steps
    assert [one.by for one in steps if one.act is interventions.Act.ACCEPT] == [""]


def test_who_looked_after_an_alarm_stays_without_the_name(valbelle: Valbelle, people: People) -> None:
    made = rule(valbelle.montaigu.pk, actor=people.actor("lead"))
    alarm = raise_one(made.id, container(valbelle.montaigu.pk))
    automation.comment(actor=people.actor("lead"), alarm_id=alarm, text="Called the driver")
    subject = Subject(people.lead.email)
    given = export(subject)["automation"]
    assert [one["note"] for one in given["alarmstep"]] == ["Called the driver"]
    assert {one["rule"] for one in given["ruleversion"]} == {made.name}
    told = erase(subject, ORDER)["automation"]
    assert all(one.kept and one.basis for one in told) and sum(one.rows for one in told) == 2


def test_plans_of_crises_name_the_erased_no_more_and_the_timeline_stays(
    valbelle: Valbelle, people: People
) -> None:
    crisis = declared(people, valbelle)
    crises.take_role(
        actor=people.actor("lead"),
        territory=here(),
        crisis_id=crisis,
        role_id=seen(people, crisis).roles[0].id,
    )
    subject, lead = Subject(people.lead.email), str(people.lead.pk)
    given = export(subject)["crisis"]
    assert given["plan"][0]["roles"] == [{"role": "DOS", "phone": "079 000 00 01"}]
    assert given["crisisrole"][0]["phone"] == "079 000 00 01" and given["fact"] and given["call"]
    told = {one.table: one for one in erase(subject, ORDER)["crisis"]}
    assert told["crisis.plan"].rows == 1 and told["crisis.fact"].kept and not told["crisis.call"].kept
    for row in (Plan.objects.get(), Crisis.objects.get()):
        text = json.dumps(row.body)
        assert lead not in text and "079" not in text and str(people.contributor.pk) in text
    role = CrisisRole.objects.get(key="1")
    assert people.lead.pk not in role.people and role.phone == ""
    assert Fact.objects.filter(person_id=people.lead.pk).exists(), "the account has lost its name"
    assert "crisis" not in find(Subject("unknown@example.org"))
