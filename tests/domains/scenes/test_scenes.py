"""Scenes: who may, what is refused and how it is said, presets, the ledger."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
import pytest

from belvedere.domains.commands.models import Command
from belvedere.domains.commands.public import kinds
from belvedere.domains.scenes import public as scenes
from belvedere.domains.scenes.errors import (
    BadScene,
    ChangedMeanwhile,
    NoSuchEntry,
    NoSuchScene,
    WrongState,
)
from belvedere.domains.scenes.public import (
    Confidence,
    EntryDraft,
    Figures,
    OverrideBody,
    Reach,
    SheetBody,
    StepBody,
    when_of,
)
from belvedere.duties.journal.public import entries_in
from belvedere.kernel.clock import now, standing_at
from belvedere.kernel.errors import Refused
from tests.domains.commands.lamps import Lamps
from tests.domains.scenes.examples import ZONE, body, switched_on, written
from tests.people import People

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 1, 19, 12, tzinfo=ZONE)


def fault(lamps: Lamps, what: Any) -> str:
    with pytest.raises(BadScene) as refused:
        written(lamps, what)
    return str(refused.value.data.get("field"))


@pytest.mark.parametrize("name", ["contributor", "reader", "finance", "neighbour", "stranger", "elected"])
def test_who_writes_no_scene(people: People, lamps: Lamps, name: str) -> None:
    with pytest.raises(Refused):
        written(lamps, actor=people.actor(name))
    made = written(lamps)
    for act in (
        lambda actor: scenes.switch_scene(actor=actor, territory=lamps.territory, scene_id=made, on=True),
        lambda actor: scenes.remove_scene(actor=actor, territory=lamps.territory, scene_id=made),
        lambda actor: scenes.add_override(
            actor=actor, territory=lamps.territory, scene_id=made, body=event(), why="fête"
        ),
    ):
        with pytest.raises((Refused, NoSuchScene)):
            act(people.actor(name))
    with pytest.raises(Refused):
        scenes.add_entry(actor=people.actor(name), territory=lamps.territory, draft=entry(lamps))


def event(**said: Any) -> OverrideBody:
    told: dict[str, Any] = {"value": 100.0, "first": "2026-01-20", "last": "2026-01-21"} | said
    return OverrideBody(begin=when_of("sunset"), end=when_of("02:00"), **told)


def entry(lamps: Lamps, **said: Any) -> EntryDraft:
    told: dict[str, Any] = {
        "title": "Passage au LED",
        "first": date(2025, 1, 1),
        "last": date(2025, 12, 31),
        "before_kwh": Decimal(12000),
        "after_kwh": Decimal(4500),
        "price": Decimal("0.27"),
        "grams": Decimal(128),
        "spent": Decimal(38000),
        "confidence": Confidence.MEASURED,
        "source": "compteur de l’armoire",
    }
    return EntryDraft(owner_id=lamps.owner_id, **{**told, **said})


def test_who_does_not_see_a_scene(people: People, lamps: Lamps) -> None:
    made = written(lamps)
    for name in ("neighbour", "stranger", "nobody"):
        assert scenes.scenes(people.actor(name), lamps.territory) == []
        with pytest.raises(NoSuchScene):
            scenes.scene(people.actor(name), lamps.territory, made)
    view = scenes.scene(people.actor("reader"), lamps.territory, made)
    assert (view.may_write, view.may_switch_by_hand, view.things) == (False, False, 3)
    assert scenes.scene(people.actor("contributor"), lamps.territory, made).may_switch_by_hand


def test_a_contributor_switches_by_hand_and_a_reader_does_not(people: People, lamps: Lamps) -> None:
    def by_hand(name: str, made: UUID) -> int:
        return scenes.switch_by_hand(
            actor=people.actor(name),
            territory=lamps.territory,
            scene_id=made,
            value=80,
            until=now() + timedelta(hours=1),
        )

    off = written(lamps)
    with pytest.raises(WrongState):
        by_hand("contributor", off)
    made = switched_on(lamps)
    for name in ("reader", "finance"):
        with pytest.raises(Refused):
            by_hand(name, made)
    with pytest.raises(NoSuchScene):
        by_hand("neighbour", made)
    number = by_hand("contributor", made)
    view = scenes.scene(lamps.lead, lamps.territory, made)
    assert [(one.id, one.by_hand, one.value) for one in view.overrides] == [(number, True, 80.0)]
    with pytest.raises(Refused):
        scenes.end_override(
            actor=people.actor("reader"), territory=lamps.territory, scene_id=made, override_id=number
        )


def test_what_is_refused_names_the_place(lamps: Lamps) -> None:
    assert fault(lamps, body((("sunset", 140.0),))) == "sheets.0.steps.0.value"
    assert fault(lamps, body((("23:00", 30.0), ("22:00", 50.0)))) == "sheets.0.steps.1.when"
    assert fault(lamps, body((("sunset-300", 30.0),))) == "sheets.0.steps.0.when"
    assert fault(lamps, body(())) == "sheets.0.steps"
    assert fault(lamps, body(command="sing")) == "command"
    assert fault(lamps, body(calendar="CH-XX")) == "calendar"
    sheet = SheetBody((StepBody(when_of("sunset"), 50.0),), days=(6, 8))
    assert fault(lamps, msgspec.structs.replace(body(), sheets=(sheet,))) == "calendar"
    winter = msgspec.structs.replace(sheet, days=(1,), season=("11-31", "02-30"))
    assert fault(lamps, msgspec.structs.replace(body(), sheets=(winter,))) == "sheets.0.season"
    assert fault(lamps, body(figures=Figures(40.0, "cher", 128.0, "facture"))) == "price"
    assert fault(lamps, body(figures=Figures(40.0, "0.27", 128.0, " "))) == "source"
    with pytest.raises(BadScene):
        written(lamps, body(figures=Figures(-1.0, "0.27", 128.0, "facture")))
    with pytest.raises(BadScene):
        written(lamps, name="   ")


def test_two_who_change_it_at_once(lamps: Lamps) -> None:
    made = written(lamps)
    written(lamps, scene_id=made, expected=1, name="Rue de la Gare, abaissée")
    with pytest.raises(ChangedMeanwhile):
        written(lamps, scene_id=made, expected=1)
    view = scenes.scene(lamps.lead, lamps.territory, made)
    assert (view.version, [one.number for one in view.versions]) == (2, [2, 1])


def test_a_scene_that_reaches_nothing_is_not_switched_on(lamps: Lamps) -> None:
    with pytest.raises(WrongState):
        switched_on(lamps, body((("22:00", 50.0),), reach=Reach(street="avenue qui n’existe pas")))


def test_what_is_dangerous_is_switched_on_by_somebody_else(people: People, lamps: Lamps) -> None:
    what = body((("05:00", "open"), ("06:00", "close")), "valve", by_night=False, figures=None)
    with standing_at(NOON):
        made = written(lamps, what)
        with pytest.raises(WrongState):
            scenes.switch_scene(actor=lamps.lead, territory=lamps.territory, scene_id=made, on=True)
        second = people.actor("administrator")
        scenes.switch_scene(actor=second, territory=lamps.territory, scene_id=made, on=True)
        scenes.ask_due(now())
        with pytest.raises(WrongState):
            written(lamps, what, scene_id=made)
        with pytest.raises(WrongState):
            scenes.switch_by_hand(
                actor=lamps.lead,
                territory=lamps.territory,
                scene_id=made,
                value="open",
                until=NOON + timedelta(hours=1),
            )
    row = Command.objects.get(entity_id=lamps.meter)
    assert (row.value, row.confirmed_by_id, row.needs_second) == ("close", second.person_id, False)
    assert row.next_at == NOON


def test_events_that_cannot_be(lamps: Lamps) -> None:
    made = written(lamps)
    wrong = [
        (event(last="2026-01-19"), "last"),
        (event(last="2027-01-19"), "last"),
        (event(first="demain"), "first"),
        (event(first="2025-01-20", last="2025-01-21"), "last"),
        (event(value=400.0), "value"),
        (event(reach=Reach(street="nulle part")), "street"),
    ]
    with standing_at(NOON):
        for what, field in wrong:
            with pytest.raises(BadScene) as refused:
                scenes.add_override(
                    actor=lamps.lead, territory=lamps.territory, scene_id=made, body=what, why="fête"
                )
            assert refused.value.data["field"] == field
        with pytest.raises(BadScene):
            scenes.add_override(
                actor=lamps.lead, territory=lamps.territory, scene_id=made, body=event(), why=" "
            )
        switched_on(lamps)
        for until in (NOON - timedelta(hours=1), NOON + timedelta(days=8)):
            with pytest.raises(BadScene):
                scenes.switch_by_hand(
                    actor=lamps.lead,
                    territory=lamps.territory,
                    scene_id=switched_on(lamps),
                    value=50,
                    until=until,
                )


def test_presets_are_scenes(lamps: Lamps) -> None:
    for preset in scenes.presets().values():
        assert set(preset.labels) == {"fr", "de", "en"}
        assert kinds()[preset.body.command]
        made = written(lamps, preset.body, name=preset.label("fr"))
        assert len(scenes.coming(scenes.scene(lamps.lead, lamps.territory, made), "Europe/Zurich")) == 7


def test_the_preview_of_the_coming_days(lamps: Lamps) -> None:
    with standing_at(NOON.replace(hour=13)):
        view = scenes.scene(lamps.lead, lamps.territory, written(lamps))
        days = scenes.coming(view, lamps.territory.zone)
    tonight = [(f"{one.at.astimezone(ZONE):%H:%M}", one.value) for one in days[0].moments]
    assert tonight == [("17:16", 100.0), ("23:00", 30.0), ("05:30", 70.0), ("08:06", 0.0)]
    assert [one.day.day for one in days] == [19, 20, 21, 22, 23, 24, 25]


def test_the_ledger_adds_up(people: People, lamps: Lamps) -> None:
    switched_on(lamps)
    made = scenes.add_entry(actor=lamps.lead, territory=lamps.territory, draft=entry(lamps))
    lines = scenes.ledger(lamps.lead, lamps.territory)
    whole = scenes.totals(lines, "CHF")
    assert [(one.title, one.saved.kwh, one.saved.money) for one in lines if one.entry_id] == [
        ("Passage au LED", 7500.0, Decimal("2025.00"))
    ]
    assert whole.kwh == pytest.approx(sum(one.saved.kwh for one in lines))
    assert whole.spent == 38000
    assert scenes.ledger(people.actor("neighbour"), lamps.territory) == []
    with pytest.raises(NoSuchEntry):
        scenes.remove_entry(actor=people.actor("neighbour"), territory=lamps.territory, entry_id=made)
    with pytest.raises(Refused):
        scenes.remove_entry(actor=people.actor("contributor"), territory=lamps.territory, entry_id=made)
    scenes.remove_entry(actor=lamps.lead, territory=lamps.territory, entry_id=made)
    assert [one for one in scenes.ledger(lamps.lead, lamps.territory) if one.entry_id] == []
    verbs = {one.verb for one in entries_in(lamps.territory.id).rows}
    assert {"scenes.create", "scenes.switch_on", "scenes.add_entry", "scenes.remove_entry"} <= verbs


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"last": date(2024, 1, 1)}, "last"),
        ({"after_kwh": Decimal("NaN")}, "after_kwh"),
        ({"spent": Decimal(-1)}, "spent"),
        ({"price": Decimal(11)}, "price"),
        ({"grams": Decimal(-1)}, "grams"),
        ({"source": " "}, "source"),
        ({"title": ""}, "title"),
    ],
)
def test_what_the_ledger_refuses(lamps: Lamps, said: dict[str, Any], field: str) -> None:
    with pytest.raises(BadScene) as refused:
        scenes.add_entry(actor=lamps.lead, territory=lamps.territory, draft=entry(lamps, **said))
    assert refused.value.data["field"] == field


def test_a_scene_that_is_removed_asks_nothing(lamps: Lamps) -> None:
    made = switched_on(lamps)
    scenes.remove_scene(actor=lamps.lead, territory=lamps.territory, scene_id=made)
    assert scenes.ask_due(now()) == {}
    with pytest.raises(NoSuchScene):
        scenes.scene(lamps.lead, lamps.territory, made)
