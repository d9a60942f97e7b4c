"""Equipment is registered, changed, moved, removed; what cannot be is refused; nothing is lost unseen."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from uuid import UUID

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from belvedere.domains.equipment import public as equipment
from belvedere.domains.equipment.errors import (
    BadEquipment,
    ChangedMeanwhile,
    NoSuchEquipment,
    NumberTaken,
    StillInUse,
)
from belvedere.domains.equipment.events import EquipmentChanged
from belvedere.domains.equipment.models import Equipment
from belvedere.domains.equipment.public import EquipmentDraft, Facts, State, Wanted
from belvedere.domains.twin import public as twin
from belvedere.duties.journal.public import entries_of
from belvedere.kernel import events
from belvedere.kernel.errors import Refused
from tests.lighting import Lighting
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db


def listed(lighting: Lighting, **wanted: object) -> list[str]:
    page = equipment.listed(lighting.lead, lighting.territory.id, Wanted(**wanted))  # type: ignore[arg-type]
    return [one.number for one in page.rows]


def test_numbers_are_given_by_kind_and_are_the_organisations_own(
    lighting: Lighting, valbelle: Valbelle, people: People
) -> None:
    assert listed(lighting) == ["EP-1", "LUM-0001", "LUM-0002", "LUM-0003"]
    with pytest.raises(NumberTaken) as taken:
        lighting.register("luminaire", "Encore", number="ep-1")  # the case of letters tells nothing apart
    assert taken.value.data["numbers"] == ["ep-1"]
    neighbour = people.actor("neighbour")
    lighting.register("luminaire", "À côté", owner=valbelle.rochefort.pk, actor=neighbour, number="EP-1")
    lighting.register("luminaire", "À côté 2", owner=valbelle.rochefort.pk, actor=neighbour)
    rows = equipment.listed(neighbour, lighting.territory.id, Wanted()).rows
    assert [one.number for one in rows] == ["EP-1", "LUM-0001"]


def test_lists_and_choosers_stand_in_the_order_in_which_people_count(lighting: Lighting) -> None:
    for number in ("EP-10", "ep-9", "EP-100"):
        lighting.register("cabinet", f"Armoire {number}", number=number)
    two = lighting.register("cabinet", "Armoire", number="EP-20")
    seen = equipment.equipment(lighting.lead, two)
    equipment.change_equipment(
        actor=lighting.lead, equipment_id=two, version=None, facts=replace(seen.facts, number="EP-2")
    )
    in_order = ["EP-1", "EP-2", "ep-9", "EP-10", "EP-100"]
    assert listed(lighting, kinds=["cabinet"]) == in_order
    offered = equipment.could_stand_under(lighting.lead, lighting.territory.id, None, "armoire")
    assert [one.number for one in offered] == in_order
    Equipment.objects.update(sort_key="")
    fill = import_module("belvedere.domains.equipment.migrations.0003_numbers_in_order")
    with connection.schema_editor() as editor:
        fill.write_keys(apps, editor)
    assert listed(lighting, kinds=["cabinet"]) == in_order


def test_the_order_of_numbers_is_read_from_an_index(lighting: Lighting) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM equipment_equipment WHERE territory_id = %s "
            "ORDER BY sort_key, number, id LIMIT 60",
            [lighting.territory.id],
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "equipment_in_order" in plan


def test_what_was_changed_meanwhile_is_not_overwritten(lighting: Lighting) -> None:
    seen = equipment.equipment(lighting.lead, lighting.cabinet)
    facts = replace(seen.facts, name="Armoire de la place", notes="Clé au bureau")
    equipment.change_equipment(
        actor=lighting.lead, equipment_id=lighting.cabinet, version=seen.version, facts=facts
    )
    with pytest.raises(ChangedMeanwhile):
        equipment.change_equipment(
            actor=lighting.lead,
            equipment_id=lighting.cabinet,
            version=seen.version,
            facts=replace(seen.facts, maker="Autre"),
        )
    now = equipment.equipment(lighting.lead, lighting.cabinet)
    assert (now.facts.name, now.facts.maker, now.facts.notes) == ("Armoire de la place", "", "Clé au bureau")
    told = entries_of(("equipment.equipment", str(lighting.cabinet))).rows[0]
    assert (told.verb, told.before["name"], told.after["name"]) == (
        "equipment.change",
        "Armoire de la gare",
        "Armoire de la place",
    )


def test_who_saves_nothing_new_changes_nothing(lighting: Lighting) -> None:
    seen = equipment.equipment(lighting.lead, lighting.cabinet)
    equipment.change_equipment(
        actor=lighting.lead, equipment_id=lighting.cabinet, version=seen.version, facts=seen.facts
    )
    assert equipment.equipment(lighting.lead, lighting.cabinet).version == seen.version


def test_nothing_stands_under_itself_by_the_verb_or_behind_its_back(lighting: Lighting) -> None:
    with pytest.raises(BadEquipment):
        equipment.move_under(
            actor=lighting.lead,
            equipment_id=lighting.cabinet,
            version=None,
            parent_id=lighting.lamps[0],
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Equipment.objects.filter(pk=lighting.cabinet).update(parent_id=lighting.lamps[0])
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert equipment.equipment(lighting.lead, lighting.lamps[0]).above[0].id == lighting.cabinet


def test_a_batch_holds_together_or_not_at_all(lighting: Lighting) -> None:
    cabinet = EquipmentDraft(lighting.owner_id, Facts("cabinet", "Nouvelle"))
    lamps = [
        EquipmentDraft(lighting.owner_id, Facts("luminaire", f"Lampe {n}", parent_id=cabinet.id))
        for n in range(3)
    ]
    made = equipment.register_many(
        actor=lighting.lead, territory=lighting.territory, drafts=[*lamps, cabinet]
    )
    assert made[3] == cabinet.id
    assert len(equipment.children_of([cabinet.id])[cabinet.id]) == 3
    assert len(set(Equipment.objects.values_list("code", flat=True))) == Equipment.objects.count()
    bad = EquipmentDraft(lighting.owner_id, Facts("luminaire", ""))
    with pytest.raises(BadEquipment):
        equipment.register_many(
            actor=lighting.lead,
            territory=lighting.territory,
            drafts=[EquipmentDraft(lighting.owner_id, Facts("pump", "Pompe")), bad],
        )
    assert not Equipment.objects.filter(name="Pompe").exists()


def test_removed_equipment_is_out_of_the_lists_and_stays_on_record(lighting: Lighting) -> None:
    with pytest.raises(StillInUse):
        equipment.remove_equipment(actor=lighting.lead, equipment_id=lighting.cabinet, version=None)
    for one in (*lighting.lamps, lighting.cabinet):
        equipment.remove_equipment(actor=lighting.lead, equipment_id=one, version=None)
    assert listed(lighting) == ["LUM-0003"]
    assert listed(lighting, states=[State.REMOVED]) == ["EP-1", "LUM-0001", "LUM-0002"]
    with pytest.raises(NumberTaken):
        lighting.register("cabinet", "Neuve", number="EP-1")
    lighting.register("luminaire", "Neuf")
    assert listed(lighting) == ["LUM-0003", "LUM-0004"]


def test_a_thing_is_one_piece_of_equipment_and_goes_without_taking_it_along(
    lighting: Lighting, people: People
) -> None:
    draft = twin.EntityDraft(kind="streetlight", names={"fr": "Lampe"}, owner_id=lighting.owner_id)
    thing = twin.create_entity(actor=lighting.lead, territory=lighting.territory, draft=draft)
    equipment.link_thing(actor=lighting.lead, equipment_id=lighting.lamps[0], version=None, entity_id=thing)
    with pytest.raises(BadEquipment):
        equipment.link_thing(
            actor=lighting.lead, equipment_id=lighting.lamps[1], version=None, entity_id=thing
        )
    foreign = twin.create_entity(
        actor=people.actor("governor"),
        territory=lighting.territory,
        draft=twin.EntityDraft(kind="streetlight", names={"fr": "Ailleurs"}),
    )
    with pytest.raises(BadEquipment):  # nobody learns of a thing by linking it
        equipment.link_thing(
            actor=lighting.lead, equipment_id=lighting.lamps[1], version=None, entity_id=foreign
        )
    assert equipment.by_thing([thing])[thing].id == lighting.lamps[0]
    twin.remove_entity(actor=lighting.lead, entity_id=thing)
    assert equipment.equipment(lighting.lead, lighting.lamps[0]).facts.entity_id is None


def test_words_kinds_and_contracts_narrow_the_list_and_counts_agree(lighting: Lighting) -> None:
    assert listed(lighting, text="gare lum") == ["LUM-0001", "LUM-0002"]
    assert listed(lighting, kinds=["cabinet"]) == ["EP-1"]
    assert len(listed(lighting, contracts=[lighting.contract_id])) == 3
    row = equipment.listed(lighting.lead, lighting.territory.id, Wanted(ids=[lighting.cabinet])).rows[0]
    assert row.children == 2
    counted = equipment.tallies(lighting.lead, lighting.territory.id)
    assert (counted.total, counted.kinds["luminaire"], counted.contracts[lighting.contract_id]) == (4, 3, 3)
    assert equipment.equipment(lighting.lead, lighting.cabinet).below == {"luminaire": 2}


def test_contributors_of_the_owner_manage_and_others_do_not(lighting: Lighting, people: People) -> None:
    facts = Facts("luminaire", "Essai", number="X-1")
    for who, error in (
        ("contributor", None),
        ("governor", None),
        ("reader", Refused),
        ("finance", Refused),
        ("office", Refused),  # the body sees what its members have
        ("elected", Refused),
        ("neighbour", NoSuchEquipment),
        ("stranger", NoSuchEquipment),
        ("nobody", NoSuchEquipment),
    ):
        actor = people.actor(who)
        made = lighting.register("luminaire", "Essai", number="X-1")

        def act(actor: object = actor, made: UUID = made) -> None:
            with transaction.atomic():
                equipment.change_equipment(
                    actor=actor,  # type: ignore[arg-type]
                    equipment_id=made,
                    version=None,
                    facts=replace(facts, maker="M"),
                )

        if error is None:
            act()
        else:
            with pytest.raises(error):
                act()
        Equipment.objects.filter(pk=made).delete()


def test_others_hear_of_a_change(
    lighting: Lighting, django_capture_on_commit_callbacks: object, monkeypatch: pytest.MonkeyPatch
) -> None:

    heard: list[EquipmentChanged] = []
    monkeypatch.setitem(events._after, EquipmentChanged, [heard.append])
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        equipment.move_under(
            actor=lighting.lead, equipment_id=lighting.lamps[0], version=None, parent_id=None
        )
    assert [one.equipment_id for one in heard] == [lighting.lamps[0]]
