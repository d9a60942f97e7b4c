"""The log book: written, struck, never changed; what it hears; how shifts hand over; who sees none of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from belvedere.domains.automation import public as automation
from belvedere.domains.logbook import public as logbook
from belvedere.domains.logbook.errors import AlreadyStruck, BadEntry, NoSuchEntry, WrongShift
from belvedere.domains.logbook.models import Entry
from belvedere.domains.logbook.public import Category, EntryDraft, Wanted
from belvedere.domains.territory.public import territory_by_slug
from belvedere.duties.journal.public import entries_of
from belvedere.kernel.clock import standing_at
from belvedere.kernel.errors import NotFound, Refused
from belvedere.kernel.severity import Severity
from tests.domains.automation.examples import AT, HOUR, SYSTEM, clear_one, container, raise_one, rule
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db


def write(people: People, valbelle: Valbelle, who: str = "contributor", **members: Any) -> int:
    given: dict[str, Any] = {"category": Category.CALL, "text": "La police signale un arbre."} | members
    return logbook.write_entry(
        actor=people.actor(who),
        territory=territory_by_slug("valbelle"),
        owner_id=valbelle.montaigu.pk,
        draft=EntryDraft(**given),
    )


def read(people: People, valbelle: Valbelle, who: str = "reader", **wanted: Any) -> list[logbook.EntryView]:
    return list(logbook.entries(people.actor(who), valbelle.territory.pk, Wanted(**wanted)).rows)


def test_an_entry_is_struck_by_a_new_one_and_both_stay(valbelle: Valbelle, people: People) -> None:
    with standing_at(AT):
        number = write(people, valbelle, happened_at=AT - HOUR)
        right = logbook.strike_entry(
            actor=people.actor("lead"),
            territory=territory_by_slug("valbelle"),
            entry_id=number,
            text="C’était un poteau.",
        )
    second, first = read(people, valbelle)
    assert (first.id, first.struck_by, first.happened_at) == (number, right, AT - HOUR)
    assert (second.strikes, second.by, second.category) == (number, "Lead", Category.CORRECTION)
    assert first.written_at == AT and first.by == "Contributor"
    with pytest.raises(AlreadyStruck):
        logbook.strike_entry(
            actor=people.actor("lead"), territory=territory_by_slug("valbelle"), entry_id=number, text="x"
        )
    assert {one.verb for one in entries_of(("logbook.entry", str(right))).rows} == {"logbook.strike"}


def test_the_database_refuses_to_change_or_delete_a_line(valbelle: Valbelle, people: People) -> None:
    number = write(people, valbelle)
    for change in (
        lambda: Entry.objects.filter(pk=number).update(text="Rien."),
        lambda: Entry.objects.filter(pk=number).delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    Entry.objects.filter(pk=number).update(person=None)
    assert read(people, valbelle)[0].by == ""


def test_who_may_write_and_read(valbelle: Valbelle, people: People) -> None:
    number = write(people, valbelle)
    for who in ("reader", "neighbour", "stranger", "office", "elected"):
        with pytest.raises(Refused):
            write(people, valbelle, who)
    for who in ("lead", "governor"):
        assert write(people, valbelle, who) > number
    for who, many in (("office", 3), ("elected", 3), ("neighbour", 0), ("stranger", 0)):
        assert len(read(people, valbelle, who)) == many, who
    territory = territory_by_slug("valbelle")
    with pytest.raises(NoSuchEntry):
        logbook.strike_entry(actor=people.actor("neighbour"), territory=territory, entry_id=number, text="x")
    with pytest.raises(Refused):
        logbook.strike_entry(actor=people.actor("reader"), territory=territory, entry_id=number, text="x")
    with pytest.raises(NotFound):  # of an alarm that is not theirs to see
        alarm = raise_one(rule(valbelle.rochefort.pk).id, container(valbelle.rochefort.pk))
        write(people, valbelle, alarm_id=alarm)


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"text": " \n "}, "text"),
        ({"text": "x" * 4001}, "text"),
        ({"category": Category.ALARM}, "category"),
        ({"happened_at": AT + HOUR}, "happened_at"),
        ({"happened_at": AT - timedelta(days=400)}, "happened_at"),
    ],
)
def test_what_cannot_be_taken(
    valbelle: Valbelle, people: People, members: dict[str, Any], field: str
) -> None:
    with standing_at(AT), pytest.raises(BadEntry) as raised:
        write(people, valbelle, **members)
    assert raised.value.data["field"] == field


def test_alarms_are_noted_as_references_for_who_may_see_them(valbelle: Valbelle, people: People) -> None:
    bin_id, minor = container(valbelle.montaigu.pk), container(valbelle.montaigu.pk)
    major_rule = rule(valbelle.montaigu.pk)
    with standing_at(AT):
        alarm = raise_one(major_rule.id, bin_id)
        raise_one(rule(valbelle.montaigu.pk, severity=Severity.MINOR, name="Petit").id, minor)
    with standing_at(AT + HOUR):
        automation.acknowledge(actor=people.actor("contributor"), alarm_id=alarm)
        clear_one(major_rule.id, bin_id, AT + 2 * HOUR)
    acknowledged, raised = read(people, valbelle)
    assert (raised.act, acknowledged.act) == ("raise", "acknowledge")
    assert raised.text == "" and raised.alarm is not None and raised.alarm.rule_name == "Bac plein"
    assert acknowledged.step is not None and acknowledged.step.by == "Contributor"
    assert read(people, valbelle, "neighbour") == [] and len(read(people, valbelle, text="bac PLEIN")) == 2
    assert read(people, valbelle, text="arbre") == []
    with pytest.raises(BadEntry):
        logbook.strike_entry(
            actor=people.actor("lead"), territory=territory_by_slug("valbelle"), entry_id=raised.id, text="x"
        )


def test_entries_are_found_by_words_time_and_category(valbelle: Valbelle, people: People) -> None:
    with standing_at(AT):
        call = write(people, valbelle, happened_at=AT - HOUR)
        seen = write(people, valbelle, category=Category.OBSERVATION, text="Élévation du Rhône")

    def ids(**wanted: Any) -> list[int]:
        return [one.id for one in read(people, valbelle, **wanted)]

    assert ids() == [seen, call] and ids(text="elevation rhone") == [seen] and ids(text="police") == [call]
    assert ids(categories=[Category.CALL]) == [call] and ids(since=AT) == [seen] and ids(until=AT) == [call]
    assert ids(owners=[valbelle.montaigu.pk]) == [seen, call] and ids(owners=[None]) == []


def test_a_shift_is_handed_over_by_one_and_taken_over_by_another(valbelle: Valbelle, people: People) -> None:
    territory, owner = territory_by_slug("valbelle"), valbelle.montaigu.pk
    with standing_at(AT):
        raise_one(rule(owner).id, container(owner))
        marked = write(people, valbelle, hand_over=True)
        write(people, valbelle)
        stands = logbook.shift(people.actor("contributor"), territory.id, owner)
        assert [one.id for one in stands.marked] == [marked]
        assert [one.rule_name for one in stands.alarms] == ["Bac plein"] and stands.last is None
    with standing_at(AT + HOUR):
        with pytest.raises(Refused):
            logbook.hand_over(actor=people.actor("reader"), territory=territory, owner_id=owner, word="x")
        with pytest.raises(BadEntry):
            logbook.hand_over(actor=people.actor("lead"), territory=territory, owner_id=owner, word=" ")
        made = logbook.hand_over(
            actor=people.actor("contributor"), territory=territory, owner_id=owner, word="Tout est calme."
        )
        with pytest.raises(WrongShift):
            logbook.hand_over(actor=people.actor("lead"), territory=territory, owner_id=owner, word="x")
        with pytest.raises(BadEntry):  # who left
            logbook.take_over(actor=people.actor("contributor"), territory=territory, hand_over_id=made)
        for who, error in (("neighbour", NoSuchEntry), ("reader", Refused)):
            with pytest.raises(error):
                logbook.take_over(actor=people.actor(who), territory=territory, hand_over_id=made)
    with standing_at(AT + 2 * HOUR):
        logbook.take_over(actor=people.actor("lead"), territory=territory, hand_over_id=made)
        with pytest.raises(WrongShift):
            logbook.take_over(actor=people.actor("administrator"), territory=territory, hand_over_id=made)
        after = logbook.shift(people.actor("lead"), territory.id, owner)
    assert after.marked == () and after.waiting is None and after.since == AT + HOUR
    assert after.last is not None and after.last.names == {
        people.contributor.pk: "Contributor",
        people.lead.pk: "Lead",
    }
    acts = [(one.act, one.by, one.text) for one in read(people, valbelle, categories=[Category.SHIFT])]
    assert acts == [("take_over", "Lead", ""), ("hand_over", "Contributor", "Tout est calme.")]
    assert SYSTEM.person_id is None
    with pytest.raises(Refused):
        logbook.hand_over(actor=SYSTEM, territory=territory, owner_id=owner, word="x")
