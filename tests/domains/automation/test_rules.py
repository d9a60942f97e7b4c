"""Rules: who writes them, what they may say, their versions."""

from __future__ import annotations

from typing import Any

import pytest

from belvedere.domains.automation import public as automation
from belvedere.domains.automation.errors import BadRule, ChangedMeanwhile, NoSuchRule
from belvedere.domains.automation.models import Alarm, Version
from belvedere.domains.territory.public import territory_by_slug
from belvedere.duties.journal.public import entries_of
from belvedere.kernel.errors import Refused
from belvedere.kernel.holidays import CALENDARS, holidays
from tests.domains.automation.examples import FULL, SYSTEM, container, draft, raise_one, rule

pytestmark = pytest.mark.django_db
GOOD: dict[str, Any] = {
    "watched": {"kind": "waste-container"},
    "clauses": [{"attribute": "fillingLevel", "condition": {"is": "level", "side": "above", "level": 0.9}}],
}


def save(people: Any, who: str, owner: Any, **members: Any) -> automation.RuleView:
    return automation.save_rule(
        actor=people.actor(who), territory=territory_by_slug("valbelle"), draft=draft(owner.pk), **members
    )


def test_managers_of_the_owner_write_its_rules(valbelle: Any, people: Any) -> None:
    made = save(people, "lead", valbelle.montaigu)
    assert not made.is_on and made.version == 1 and made.body == FULL
    assert save(people, "governor", valbelle.montaigu).id != made.id
    for who in ("contributor", "reader", "finance", "neighbour", "office", "elected", "nobody"):
        with pytest.raises(Refused):
            save(people, who, valbelle.montaigu)
    with pytest.raises(Refused):  # a manager, of an organisation and not of the territory
        automation.save_rule(
            actor=people.actor("lead"), territory=territory_by_slug("valbelle"), draft=draft(None)
        )


def test_the_owner_and_its_bodies_see_a_rule(valbelle: Any, people: Any) -> None:
    made = save(people, "lead", valbelle.montaigu)
    for who in ("reader", "office", "elected", "governor"):
        assert automation.rule(people.actor(who), made.id).name == "Bac plein"
        assert [one.id for one in automation.rules(people.actor(who), valbelle.territory.pk)] == [made.id]
    for who in ("neighbour", "stranger", "nobody"):
        with pytest.raises(NoSuchRule):
            automation.rule(people.actor(who), made.id)
        assert automation.rules(people.actor(who), valbelle.territory.pk) == []
        with pytest.raises(NoSuchRule):
            automation.switch_rule(actor=people.actor(who), rule_id=made.id, on=True)
    with pytest.raises(Refused):
        automation.switch_rule(actor=people.actor("contributor"), rule_id=made.id, on=True)


def test_of_its_open_alarms_those_are_counted_that_the_reader_sees(valbelle: Any, people: Any) -> None:
    made = rule(None)  # of the territory: its alarms belong to whom the thing belongs to
    number = raise_one(made.id, container(valbelle.montaigu.pk))
    Alarm.objects.filter(pk=number).update(owner_id=valbelle.montaigu.pk)
    here = territory_by_slug("valbelle").id
    for who, n in (("lead", 1), ("neighbour", 0), ("administrator", 1)):
        (seen,) = automation.rules(people.actor(who), here)
        assert (seen.open_alarms, automation.rule(people.actor(who), made.id).open_alarms) == (n, n)


def test_each_save_is_a_version(valbelle: Any, people: Any) -> None:
    made = save(people, "lead", valbelle.montaigu)
    before = Version.objects.get().rules
    assert save(people, "lead", valbelle.montaigu, rule_id=made.id).version == 1, "nothing changed"
    assert Version.objects.get().rules == before
    changed = automation.save_rule(
        actor=people.actor("lead"),
        territory=territory_by_slug("valbelle"),
        draft=draft(valbelle.montaigu.pk, {**GOOD, "for_s": 600}, name="Bac vraiment plein"),
        rule_id=made.id,
        expected=1,
        reason="Fausses alertes",
    )
    assert changed.version == 2 and changed.body.for_s == 600
    assert automation.rule(people.actor("reader"), made.id, version=1).body == FULL
    assert [one.version for one in automation.versions_of(people.actor("lead"), made.id)] == [2, 1]
    with pytest.raises(ChangedMeanwhile):
        automation.save_rule(
            actor=people.actor("lead"),
            territory=territory_by_slug("valbelle"),
            draft=draft(valbelle.montaigu.pk, name="Autre"),
            rule_id=made.id,
            expected=1,
        )
    verbs = [one.verb for one in entries_of(("automation.rule", str(made.id))).rows]
    assert sorted(verbs) == ["automation.change_rule", "automation.create_rule"]


def test_a_rule_is_switched_and_removed(valbelle: Any, people: Any) -> None:
    made = rule(valbelle.montaigu.pk)
    assert made.is_on and made.switched_at is not None
    automation.remove_rule(actor=people.actor("lead"), rule_id=made.id)
    assert automation.rules(people.actor("lead"), valbelle.territory.pk) == []
    assert not automation.rule(people.actor("lead"), made.id).is_on
    with pytest.raises(NoSuchRule):
        automation.switch_rule(actor=people.actor("lead"), rule_id=made.id, on=True)


CLAUSE: dict[str, Any] = GOOD["clauses"][0]
WRONG = {
    "watched.kind": {**GOOD, "watched": {"kind": "spaceship"}},
    "watched": {**GOOD, "watched": {"kind": "waste-container", "colour": "red"}},
    "clauses": {**GOOD, "clauses": []},
    "clauses.0.attribute": {**GOOD, "clauses": [{**CLAUSE, "attribute": "warpFactor"}]},
    "clauses.0.condition.clears_at": {
        **GOOD,
        "clauses": [{**CLAUSE, "condition": {**CLAUSE["condition"], "clears_at": 0.95}}],
    },
    "clauses[0].condition": {**GOOD, "clauses": [{**CLAUSE, "condition": {"is": "wrong"}}]},
    "clauses.0.condition": {
        **GOOD,
        "clauses": [{"attribute": "fillingLevel", "condition": {"is": "says", "words": ["full"]}}],
    },
    "clauses.0.condition.within_s": {
        **GOOD,
        "clauses": [
            {
                "attribute": "fillingLevel",
                "condition": {"is": "change", "side": "above", "by": 1, "within_s": 1e9},
            }
        ],
    },
    "for_s": {**GOOD, "for_s": -1},
    "excepted.hours.0.days": {**GOOD, "excepted": {"hours": [{"days": [8], "start": "1:00", "end": "2:00"}]}},
    "excepted.hours.0.end": {
        **GOOD,
        "excepted": {"hours": [{"days": [1], "start": "22:00", "end": "25:00"}]},
    },
    "excepted.holidays": {**GOOD, "excepted": {"holidays": "CH-XX"}},
    "advice": {**GOOD, "advice": "x" * 3000},
}


@pytest.mark.parametrize("field", WRONG)
def test_what_is_wrong_is_named(field: str, valbelle: Any) -> None:
    with pytest.raises(BadRule) as caught:
        rule(valbelle.montaigu.pk, WRONG[field])
    assert str(caught.value.data["field"]).startswith(field), caught.value
    assert automation.rules(SYSTEM, valbelle.territory.pk) == []


def test_holidays_of_a_canton_and_of_france() -> None:
    # 2026: Easter is on 5 April. Published lists of Valais, Geneva, Vaud, Glarus, Moselle.
    valais = {one.strftime("%d.%m") for one in holidays("CH-VS", 2026)}
    assert valais == {"01.01", "19.03", "14.05", "04.06", "01.08", "15.08", "01.11", "08.12", "25.12"}
    assert {"10.09", "31.12"} <= {one.strftime("%d.%m") for one in holidays("CH-GE", 2026)}
    assert "21.09" in {one.strftime("%d.%m") for one in holidays("CH-VD", 2026)}
    assert "09.04" in {one.strftime("%d.%m") for one in holidays("CH-GL", 2026)}
    assert len(holidays("FR", 2026)) == 11 and len(holidays("FR-57", 2026)) == 13
    assert all(len(holidays(one, 2027)) > 4 for one in CALENDARS) and holidays("CH-XX", 2026) == frozenset()
