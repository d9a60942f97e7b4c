"""Contracts: what a contractor sees, as long as it runs; times that are due; maintenance over a tree."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from belvedere.domains.equipment import public as equipment
from belvedere.domains.equipment.dues import Hours, due_at
from belvedere.domains.equipment.errors import (
    BadContract,
    ChangedMeanwhile,
    NoSuchContract,
    NoSuchEquipment,
    NotNow,
)
from belvedere.domains.equipment.models import Contract, Maintenance
from belvedere.domains.equipment.public import ResponseTimes, State, Step, Terms, Wanted
from belvedere.domains.twin import public as twin
from belvedere.kernel.clock import now, standing_at
from belvedere.kernel.errors import InvalidInput, Refused
from belvedere.kernel.severity import Severity
from tests.lighting import Lighting, times
from tests.people import People

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)  # eight o'clock in Sion


def test_a_contractor_sees_what_is_under_its_contract_and_nothing_else(lighting: Lighting) -> None:
    here = lighting.territory.id
    seen = {one.id for one in equipment.listed(lighting.electrician, here, Wanted()).rows}
    assert seen == {lighting.cabinet, *lighting.lamps}
    with pytest.raises(NoSuchEquipment):
        equipment.equipment(lighting.electrician, lighting.alone)
    assert equipment.listed(lighting.rival, here, Wanted()).total == 0
    with pytest.raises(NoSuchContract):
        equipment.contract(lighting.rival, lighting.contract_id)
    view = equipment.equipment(lighting.electrician, lighting.cabinet)
    assert not view.may_edit
    with pytest.raises(Refused):
        equipment.take_out_of_service(actor=lighting.electrician, equipment_id=lighting.cabinet, version=None)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "sees"),
    [
        (date(2026, 11, 23), None, True),
        (date(2026, 11, 24), None, False),
        (date(2020, 1, 1), date(2026, 11, 23), True),
        (date(2020, 1, 1), date(2026, 11, 22), False),
    ],
)
def test_it_sees_them_from_the_first_day_to_the_last(
    lighting: Lighting, starts_on: date, ends_on: date | None, sees: bool
) -> None:
    Contract.objects.filter(pk=lighting.contract_id).update(starts_on=starts_on, ends_on=ends_on)
    with standing_at(MONDAY):
        found = equipment.listed(lighting.electrician, lighting.territory.id, Wanted()).total
        assert found == (3 if sees else 0)
        view = equipment.contract(lighting.electrician, lighting.contract_id)  # the parties keep the paper
        assert view.is_running == sees


def test_managers_make_contracts_and_contributors_do_not(lighting: Lighting, people: People) -> None:
    terms = Terms("Autre", lighting.contractor.pk, date(2026, 1, 1))
    for who in ("contributor", "finance", "office", "neighbour", "elected"):
        with pytest.raises(Refused):
            equipment.make_contract(
                actor=people.actor(who),
                territory=lighting.territory,
                owner_id=lighting.owner_id,
                terms=terms,
            )
    with pytest.raises(Refused):
        equipment.end_contract(
            actor=lighting.electrician,
            contract_id=lighting.contract_id,
            version=None,
            last_day=date(2027, 1, 1),
        )


def test_terms_that_cannot_be_are_refused(lighting: Lighting) -> None:
    good = Terms("Éclairage public", lighting.contractor.pk, date(2020, 1, 1), response_times=times())
    falling = {Severity.MINOR: ResponseTimes(Decimal(8), Decimal(4))}
    for terms in (
        replace(good, name=" "),
        replace(good, ends_on=date(2019, 1, 1)),
        replace(good, work_days=()),
        replace(good, response_times=falling),
        replace(good, response_times={Severity.MINOR: ResponseTimes(Decimal(0))}),
        replace(good, currency="XXX"),
    ):
        with pytest.raises(InvalidInput):
            equipment.change_contract(
                actor=lighting.lead, contract_id=lighting.contract_id, version=None, terms=terms
            )
    seen = equipment.contract(lighting.lead, lighting.contract_id)
    assert dict(seen.response_times) == times()
    equipment.change_contract(
        actor=lighting.lead,
        contract_id=lighting.contract_id,
        version=seen.version,
        terms=replace(good, notes="Avenant"),
    )
    with pytest.raises(ChangedMeanwhile):
        equipment.end_contract(
            actor=lighting.lead,
            contract_id=lighting.contract_id,
            version=seen.version,
            last_day=date(2030, 1, 1),
        )
    with pytest.raises(BadContract):
        equipment.end_contract(
            actor=lighting.lead, contract_id=lighting.contract_id, version=None, last_day=date(2019, 1, 1)
        )


def test_times_run_round_the_clock_or_while_people_work(lighting: Lighting) -> None:
    friday = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)  # four in the afternoon: one working hour is left
    due = equipment.due(lighting.contract_id, Severity.MAJOR, friday)
    assert due[Step.ACKNOWLEDGE] == friday + timedelta(hours=1)
    assert due[Step.ARRIVE] == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert due[Step.REPAIR] == datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
    closed = equipment.due(lighting.contract_id, Severity.MAJOR, friday, holidays=[date(2026, 11, 23)])
    assert closed[Step.ARRIVE] == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    always = equipment.due(lighting.contract_id, Severity.CRITICAL, friday)
    assert always[Step.REPAIR] == friday + timedelta(hours=8)
    assert equipment.due(lighting.contract_id, Severity.MINOR, friday) == {}
    assert equipment.due(lighting.contract_id, Severity.MAJOR, datetime(2019, 5, 1, tzinfo=UTC)) == {}


def test_a_working_day_on_which_the_clock_changes_is_as_long_as_it_is() -> None:
    nights = Hours(frozenset(range(1, 8)), time(0), time(6))
    before = datetime(2026, 3, 28, 20, 0, tzinfo=UTC)
    # From midnight to six is five hours on that night.
    assert due_at(before, Decimal(5), nights, "Europe/Zurich") == datetime(2026, 3, 29, 4, 0, tzinfo=UTC)
    assert due_at(before, Decimal(6), nights, "Europe/Zurich") == datetime(2026, 3, 29, 23, 0, tzinfo=UTC)


def maintain(lighting: Lighting, hours: tuple[float, float | None], which: object = None) -> object:
    start = now() + timedelta(hours=hours[0])
    end = None if hours[1] is None else now() + timedelta(hours=hours[1])
    return equipment.put_under_maintenance(
        actor=lighting.lead,
        equipment_id=which or lighting.cabinet,  # type: ignore[arg-type]
        version=None,
        starts_at=start,
        ends_at=end,
        reason="Relampage",
    )


def test_what_hangs_under_a_cabinet_at_work_is_under_maintenance_too(lighting: Lighting) -> None:
    with standing_at(MONDAY):
        draft = twin.EntityDraft(kind="streetlight", names={"fr": "L"}, owner_id=lighting.owner_id)
        thing = twin.create_entity(actor=lighting.lead, territory=lighting.territory, draft=draft)
        equipment.link_thing(
            actor=lighting.lead, equipment_id=lighting.lamps[0], version=None, entity_id=thing
        )
        maintain(lighting, (1, 3))
        asked = [*lighting.lamps, lighting.alone]
        assert equipment.under_maintenance(now(), asked) == {}
        later = now() + timedelta(hours=2)
        found = equipment.under_maintenance(later, asked)
        assert set(found) == set(lighting.lamps)
        assert found[lighting.lamps[0]].equipment_id == lighting.cabinet
        assert equipment.things_under_maintenance(later, [thing])[thing].reason == "Relampage"
        assert equipment.under_maintenance(now() + timedelta(hours=3), asked) == {}  # the end is outside


def test_a_maintenance_shows_ends_and_leaves_room_for_the_next(lighting: Lighting) -> None:
    with standing_at(MONDAY):
        maintain(lighting, (-1, None))
        planned = maintain(lighting, (-1, 5), lighting.alone)
        with pytest.raises(NotNow):
            maintain(lighting, (2, 4))
        view = equipment.equipment(lighting.lead, lighting.cabinet)
        assert view.state is State.MAINTENANCE
        assert view.running is not None
        page = equipment.listed(lighting.lead, lighting.territory.id, Wanted(states=[State.MAINTENANCE]))
        assert page.total == 2
        equipment.put_back_in_service(
            actor=lighting.lead, equipment_id=lighting.cabinet, version=view.version
        )
        assert equipment.equipment(lighting.lead, lighting.cabinet).state is State.IN_SERVICE
        equipment.end_maintenance(
            actor=lighting.lead,
            equipment_id=lighting.alone,
            version=None,
            maintenance_id=planned,  # type: ignore[arg-type]
        )
        maintain(lighting, (0.5, 4))
    assert Maintenance.objects.filter(equipment=lighting.cabinet).count() == 2


def test_lamps_know_their_cabinet_and_it_knows_its_lamps(lighting: Lighting) -> None:
    def thing(kind: str, equipment_id: object) -> int:
        draft = twin.EntityDraft(kind=kind, names={"fr": kind}, owner_id=lighting.owner_id)
        made = twin.create_entity(actor=lighting.lead, territory=lighting.territory, draft=draft)
        equipment.link_thing(
            actor=lighting.lead,
            equipment_id=equipment_id,  # type: ignore[arg-type]
            version=None,
            entity_id=made,
        )
        return made

    cabinet, lamp = thing("streetlight-cabinet", lighting.cabinet), thing("streetlight", lighting.lamps[1])
    alone = thing("streetlight", lighting.alone)
    assert equipment.things_below([cabinet, lamp]) == {cabinet: (lamp,)}
    assert equipment.things_above([cabinet, lamp, alone]) == {lamp: (cabinet,)}
