"""One alarm for a cut cabinet: what hangs on it is grouped beneath, and what is worked on is put aside."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from belvedere.domains.automation import public as automation
from belvedere.domains.automation.models import Alarm
from belvedere.domains.automation.public import AlarmState, Filters, Judge
from belvedere.domains.equipment import public as equipment
from belvedere.domains.territory.public import territory_by_slug
from belvedere.domains.twin import public as twin
from belvedere.domains.twin.models import Attribute, Entity
from belvedere.kernel.clock import standing_at
from tests.domains.automation.examples import AT, SYSTEM, rule
from tests.domains.automation.judged import judge, minutes, say, series

pytestmark = pytest.mark.django_db
SILENT = (automation.Clause("powerConsumption", automation.Silence(600)),)
CABINET_SILENT = (automation.Clause("totalActivePower", automation.Silence(900)),)


def thing(kind: str, name: str, owner_id: Any) -> int:
    here = territory_by_slug("valbelle")
    number = twin.create_entity(
        actor=SYSTEM,
        territory=here,
        draft=twin.EntityDraft(kind=kind, names={"fr": name}, owner_id=owner_id, shape=None),
    )
    twin.register_device(actor=SYSTEM, territory=here, draft=twin.DeviceDraft(name.lower(), number))
    return number


@pytest.fixture
def street(valbelle: Any) -> tuple[int, list[int]]:
    """A cabinet and three lamps: two stand under it in the register, one says so itself."""
    owner = valbelle.montaigu.pk
    cabinet = thing("streetlight-cabinet", "A1", owner)
    lamps = [thing("streetlight", f"L{n}", owner) for n in range(3)]
    here = territory_by_slug("valbelle")

    def register(kind: str, name: str, entity_id: int, **said: Any) -> Any:
        facts = equipment.Facts(kind, name, **said)
        made = equipment.register_equipment(
            actor=SYSTEM, territory=here, draft=equipment.EquipmentDraft(owner, facts)
        )
        equipment.link_thing(actor=SYSTEM, equipment_id=made, version=None, entity_id=entity_id)
        return made

    top = register("cabinet", "A1", cabinet)
    for number, lamp in enumerate(lamps[:2]):
        register("luminaire", f"L{number}", lamp, parent_id=top)
    Attribute.objects.create(
        entity_id=lamps[2],
        name="urn:cabinet",
        term="refStreetlightControlCabinet",
        kind="relationship",
        value_kind="text",
        value=Entity.objects.get(pk=cabinet).urn,
        created_at=AT,
        modified_at=AT,
    )
    return cabinet, lamps


def told(valbelle: Any, cabinet: int, lamps: list[int]) -> Judge:
    """Rules of silence for both; all have just spoken."""
    owner = valbelle.montaigu.pk
    say([(series(one, "powerConsumption"), 0, 80.0) for one in lamps])
    say([(series(cabinet, "totalActivePower"), 0, 1.0)])
    with standing_at(AT):
        kinds = (("streetlight", SILENT), ("streetlight-cabinet", CABINET_SILENT))
        for kind, clauses in kinds:
            rule(owner, automation.Body(watched=automation.Watched(kind=kind), clauses=clauses), name=kind)
    one = Judge()
    judge(one, 0)
    return one


def test_one_alarm_for_a_cut_cabinet(street: tuple[int, list[int]], valbelle: Any, people: Any) -> None:
    cabinet, lamps = street
    one, lead, here = told(valbelle, cabinet, lamps), people.actor("lead"), valbelle.territory.pk
    say([(series(lamps[0], "powerConsumption"), 9, 80.0)])  # this one falls silent after its cabinet
    judge(one, 10)
    assert automation.alarms(lead, here).total == 2, "two lamps, before their cabinet"
    judge(one, 20)
    shown = automation.alarms(lead, here)
    assert [row.kind for row in shown.rows] == ["streetlight-cabinet"] and shown.rows[0].children == 3
    assert automation.alarms(lead, here, Filters(grouped=True)).total == 4
    page = automation.alarm(lead, shown.rows[0].id)
    assert {child.entity_id for child in page.children} == set(lamps)
    # The power is back, but for one lamp.
    say([(series(one_, "powerConsumption"), 30, 80.0) for one_ in lamps[1:]])
    say([(series(cabinet, "totalActivePower"), 30, 1.0)])
    judge(one, 30)
    one._unshelved_at = float("-inf")
    judge(one, 39)
    assert automation.alarms(lead, here).total == 1
    say([(series(one_, "powerConsumption"), 39, 80.0) for one_ in lamps[1:]])
    say([(series(cabinet, "totalActivePower"), 39, 1.0)])
    one._unshelved_at = float("-inf")
    judge(one, 41)
    left = [row for row in automation.alarms(lead, here).rows if row.kind == "streetlight"]
    assert [row.entity_id for row in left] == [lamps[0]], "it goes on without its cabinet"
    with standing_at(minutes(42)):
        automation.close(actor=lead, alarm_id=shown.rows[0].id, proof="Fusible changé")
    states = dict(Alarm.objects.values_list("entity_id", "state"))
    assert states == {
        cabinet: AlarmState.CLOSED,
        lamps[0]: AlarmState.RAISED,
        lamps[1]: AlarmState.CLOSED,
        lamps[2]: AlarmState.CLOSED,
    }


def test_what_fails_at_the_same_time_is_one_alarm_at_once(
    street: tuple[int, list[int]], valbelle: Any, people: Any
) -> None:
    from belvedere.duties.notifications.public import inbox

    cabinet, lamps = street
    one = told(valbelle, cabinet, lamps)
    judge(one, 60)
    assert automation.alarms(people.actor("lead"), valbelle.territory.pk).total == 1
    assert [row.parent_id is None for row in Alarm.objects.order_by("pk")].count(True) == 1
    assert len(inbox(people.lead.pk).rows) == 1


def test_what_is_under_maintenance_is_put_aside(
    street: tuple[int, list[int]], valbelle: Any, people: Any
) -> None:
    cabinet, lamps = street
    one, lead, here = told(valbelle, cabinet, lamps), people.actor("lead"), valbelle.territory.pk
    top = equipment.by_thing([cabinet])[cabinet].id
    with standing_at(minutes(5)):
        equipment.put_under_maintenance(
            actor=SYSTEM,
            equipment_id=top,
            version=None,
            starts_at=minutes(5),
            ends_at=minutes(5) + timedelta(hours=2),
            reason="Peinture",
        )
    judge(one, 10)
    with standing_at(minutes(10)):
        assert automation.alarms(lead, here).rows[0].entity_id == lamps[2], "not in the register"
        assert automation.alarms(lead, here, Filters(shelved=True)).total == 2
    one._unshelved_at = float("-inf")
    judge(one, 126)
    with standing_at(minutes(126)):
        assert automation.alarms(lead, here, Filters(shelved=True)).total == 0
