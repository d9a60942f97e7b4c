"""A pack in a territory: what it would make, switched on and off, adapted, and the register of cameras."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from belvedere.domains.automation import public as automation
from belvedere.domains.automation.errors import NoSuchRule
from belvedere.domains.automation.models import Alarm
from belvedere.domains.automation.public import Judge
from belvedere.domains.packs import public as packs
from belvedere.domains.packs import tables
from belvedere.domains.packs.errors import BadNotice, NoSuchNotice, NoSuchPack
from belvedere.domains.territory.public import territory_by_slug
from belvedere.kernel.clock import standing_at
from belvedere.kernel.errors import Refused
from belvedere.science.alarms.conditions import Side
from tests.domains.automation.examples import AT, container
from tests.domains.automation.judged import judge, say, series

pytestmark = pytest.mark.django_db
CAMERA = packs.NoticeDraft(
    camera="CAM-1",
    place="Place du Marché",
    purpose="Compter les passages pour adapter l’éclairage",
    legal_basis="CSI art. L251-2",
    contact="Service de la sécurité, mairie",
    kept_days=0,
)


@pytest.fixture(autouse=True)
def _asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    from belvedere.domains.automation import noticing, watching

    monkeypatch.setattr(watching, "FRESH_S", 0.0)
    monkeypatch.setattr(noticing, "PAUSE_S", 0.0)
    watching.forget()


def here() -> Any:
    return territory_by_slug("valbelle")


def switch_on(people: Any, *, watch: bool = True, who: str = "governor") -> None:
    packs.switch_on(actor=people.actor(who), territory=here(), slug="waste", watch=watch)


def shown(people: Any) -> packs.Shown:
    return packs.shown(people.actor("governor"), here(), "waste")


def rule_of(people: Any, key: str) -> packs.RuleOf:
    return next(one for one in shown(people).rules if one.rule.key == key)


def test_before_it_is_switched_on_it_says_who_has_what_it_needs(valbelle: Any, people: Any) -> None:
    ready, _bare = (container(valbelle.montaigu.pk, f"PAV {n}") for n in range(2))
    say([(series(ready), 1, 0.3)])
    told = shown(people)
    assert [(one.things, one.ready) for one in told.needs] == [(2, 1), (2, 0), (2, 0)]
    assert {one.rule.key: one.things for one in told.rules} == {
        "full": 1,
        "fire": 0,
        "damaged": 0,
        "stuck": 1,
    }
    assert not told.is_on and all(one.view is None for one in told.rules)
    assert [one.pack.slug for one in packs.all_shown(people.actor("reader"), here())] == sorted(packs.packs())


def test_switched_on_its_rules_watch_and_off_they_stay_with_their_alarms(valbelle: Any, people: Any) -> None:
    bin_ = container(valbelle.montaigu.pk)
    with standing_at(AT):
        switch_on(people)
    told = shown(people)
    assert told.is_on and told.version == 1 and all(one.view and one.view.is_on for one in told.rules)
    assert rule_of(people, "full").view.name == "Conteneur à vider", "in the first language of the territory"
    one = Judge()
    judge(one, 0)
    say([(series(bin_), 1, 0.95)])
    judge(one, 1)
    assert judge(one, 31) == 1
    assert Alarm.objects.get().owner_id == valbelle.montaigu.pk
    packs.switch_off(actor=people.actor("governor"), territory=here(), slug="waste")
    judge(one, 32)
    assert not shown(people).is_on and not rule_of(people, "full").view.is_on
    assert Alarm.objects.get().why_cleared == "rule_off"
    before = rule_of(people, "full").view.id
    switch_on(people)
    assert rule_of(people, "full").view.id == before, "used again"


def test_drafts_do_not_watch_and_a_removed_rule_is_made_anew(valbelle: Any, people: Any) -> None:
    switch_on(people, watch=False)
    first = rule_of(people, "fire").view
    assert first is not None and not first.is_on
    automation.remove_rule(actor=people.actor("governor"), rule_id=first.id)
    assert rule_of(people, "fire").view is None
    switch_on(people)
    assert rule_of(people, "fire").view.id != first.id


def test_what_the_territory_adapts_is_seen_and_can_be_taken_back(valbelle: Any, people: Any) -> None:
    switch_on(people)
    view, governor = rule_of(people, "full").view, people.actor("governor")
    assert view is not None and packs.pack_of_rule(view.id).slug == "waste"
    level = automation.Clause("fillingLevel", automation.Level(Side.ABOVE, 0.8, 0.5))
    body = automation.body_from({**automation.body_as_json(view.body), "clauses": [], "advice": "x"} | {
        "clauses": automation.body_as_json(automation.Body(view.body.watched, (level,)))["clauses"]
    })  # fmt: skip
    draft = automation.RuleDraft(None, view.name, view.severity, body)
    automation.save_rule(actor=governor, territory=here(), draft=draft, rule_id=view.id)
    assert rule_of(people, "full").is_adapted and not rule_of(people, "fire").is_adapted
    switch_on(people)
    assert rule_of(people, "full").is_adapted, "switching on again does not take the adaptation away"
    packs.take_over(actor=governor, territory=here(), slug="waste", key="full")
    told = rule_of(people, "full")
    assert not told.is_adapted and told.view.version == 3


def test_a_newer_pack_says_so_and_changes_nothing_by_itself(
    valbelle: Any, people: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_on(people)
    newer = {**packs.packs(), "waste": replace(packs.pack("waste"), version=2)}
    monkeypatch.setattr(tables, "packs", lambda: newer)
    assert all(one.is_older for one in shown(people).rules)
    packs.take_over(actor=people.actor("governor"), territory=here(), slug="waste", key="full")
    assert not rule_of(people, "full").is_older and rule_of(people, "fire").is_older


@pytest.mark.parametrize("who", ["administrator", "lead", "office", "neighbour", "nobody"])
def test_only_administrators_of_the_territory_switch(who: str, valbelle: Any, people: Any) -> None:
    actor = people.actor(who)
    for act in (
        lambda: switch_on(people, who=who),
        lambda: packs.switch_off(actor=actor, territory=here(), slug="waste"),
        lambda: packs.take_over(actor=actor, territory=here(), slug="waste", key="full"),
        lambda: packs.add_notice(actor=actor, territory=here(), draft=CAMERA),
        lambda: packs.remove_notice(actor=actor, territory=here(), notice_id=1),
    ):
        with pytest.raises(Refused):
            act()
    if who == "nobody":
        with pytest.raises(Refused):
            packs.shown(actor, here(), "waste")
        with pytest.raises(Refused):
            packs.figures(actor, here(), ["vine"])


def test_what_is_not_there_is_told(valbelle: Any, people: Any) -> None:
    governor = people.actor("governor")
    with pytest.raises(NoSuchPack):
        packs.switch_on(actor=governor, territory=here(), slug="moon", watch=False)
    for key in ("full", "moon"):
        with pytest.raises(NoSuchPack):
            packs.take_over(actor=governor, territory=here(), slug="waste", key=key)
    with pytest.raises(NoSuchNotice):
        packs.remove_notice(actor=governor, territory=here(), notice_id=1)
    with pytest.raises(NoSuchRule):
        automation.rule(governor, 1)


def test_the_register_of_cameras_says_what_is_missing(valbelle: Any, people: Any) -> None:
    governor = people.actor("governor")
    number = packs.add_notice(actor=governor, territory=here(), draft=CAMERA)
    whole = replace(
        CAMERA,
        camera="CAM-2",
        reference="2026-114",
        valid_until=date(2020, 1, 1),
        sign_since=date(2020, 1, 1),
    )
    packs.add_notice(actor=governor, territory=here(), draft=whole)
    told = packs.notices(people.actor("reader"), here())
    assert [(one.draft.camera, one.misses) for one in told] == [
        ("CAM-1", ("sign", "reference")),
        ("CAM-2", ("validity",)),
    ]
    packs.remove_notice(actor=governor, territory=here(), notice_id=number)
    assert [one.draft for one in packs.notices(governor, here())] == [whole]
    for bad in (
        replace(CAMERA, purpose=" "), replace(CAMERA, kept_days=32), replace(CAMERA, contact="x" * 201),
        replace(CAMERA, reference="x" * 121),
    ):  # fmt: skip
        with pytest.raises(BadNotice):
            packs.add_notice(actor=governor, territory=here(), draft=bad)
