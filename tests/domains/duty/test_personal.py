"""What duty, the log book and interventions hold of a person: found, given, and erased with the account."""

from __future__ import annotations

from datetime import timedelta

import pytest

from belvedere.domains.access.models import Person
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
from tests.domains.automation.examples import AT, HOUR
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
