"""Figures of packs from the history, of those things that the reader may see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from belvedere.domains.equipment import public as equipment
from belvedere.domains.observations import public as observations
from belvedere.domains.packs import public as packs
from belvedere.domains.territory.public import territory_by_slug
from belvedere.domains.twin import public as twin
from belvedere.kernel.clock import standing_at
from tests.domains.automation.examples import AT, SYSTEM
from tests.domains.automation.judged import series

pytestmark = pytest.mark.django_db
MIDNIGHT = AT.replace(hour=23) - timedelta(days=1)  # UTC: the local day of AT begins


def thing(owner_id: Any, kind: str, visibility: twin.Visibility = twin.Visibility.OWN) -> int:
    territory = territory_by_slug("valbelle")
    draft = twin.EntityDraft(
        kind=kind, names={"fr": kind}, owner_id=owner_id, shape=None, visibility=visibility
    )
    number = twin.create_entity(actor=SYSTEM, territory=territory, draft=draft)
    twin.register_device(
        actor=SYSTEM, territory=territory, draft=twin.DeviceDraft(f"{kind}-{number}", number)
    )
    return number


def lived(series_id: int, numbers: dict[int, float], usual: float, days: int = 2) -> None:
    """The hours of the days before today: by local hour, else as usual."""
    rows = [
        observations.Reading(series_id, at, numbers.get(n % 24, usual), None, n + 1, at)
        for n in range(days * 24)
        for at in [MIDNIGHT - timedelta(days=days) + timedelta(hours=n)]
    ]
    observations.store(rows)


def table(people: Any, name: str, who: str = "governor") -> packs.Table:
    with standing_at(AT):
        (found,) = packs.figures(people.actor(who), territory_by_slug("valbelle"), [name])
    return found


def test_the_flow_of_the_night(valbelle: Any, people: Any) -> None:
    number = thing(valbelle.montaigu.pk, "water-consumption")
    lived(series(number, "minFlow"), {2: 6.0, 3: 4.0}, 20.0)
    (row,) = table(people, "night_flow").rows
    mean = (22 * 20 + 10) / 24
    assert row.entity_id == number
    assert row.values == pytest.approx((4.0, mean, 4 / mean * 100, 2.0))


def test_lden_of_a_station(valbelle: Any, people: Any) -> None:
    lived(series(thing(None, "noise-level"), "LAeq"), dict.fromkeys((22, 23, 0, 1, 2, 3, 4, 5), 55.0) | dict.fromkeys((18, 19, 20, 21), 60.0), 65.0)  # fmt: skip  # noqa: E501
    (row,) = table(people, "noise_levels").rows
    assert row.values == pytest.approx((65.0, 65.0, 60.0, 55.0), abs=0.01)


def test_air_without_one_of_its_gases_says_nothing_of_it(valbelle: Any, people: Any) -> None:
    number = thing(None, "air-quality")
    lived(series(number, "no2"), {8: 210.0}, 30.0)
    (row,) = table(people, "air_limits").rows
    assert row.values[:2] == pytest.approx((37.5, 2.0)) and row.values[2:] == (None,) * 4


def test_frost_of_a_wet_bulb_and_three_tens(valbelle: Any, people: Any) -> None:
    number = thing(None, "weather")
    lived(series(number, "temperature"), {5: 2.0}, 15.0)
    lived(series(number, "relativeHumidity"), {}, 0.5)
    lived(series(number, "precipitation"), {12: 6.0}, 0.0)
    (row,) = table(people, "vine").rows
    assert row.values == pytest.approx((2.0, -1.78, 12.0, 1.0), abs=0.01)


def test_the_meter_of_the_neighbour_is_not_shown(valbelle: Any, people: Any) -> None:
    lived(series(thing(valbelle.montaigu.pk, "water-consumption"), "minFlow"), {}, 3.0)
    assert table(people, "night_flow", "neighbour").rows == ()
    assert len(table(people, "night_flow", "reader").rows) == 1


def metered(owner_id: Any, litres_an_hour: float, parent: Any = None) -> Any:
    """A meter in the register, under another one; a week is heard, but for one hour."""
    number = thing(owner_id, "water-consumption")
    series_id = series(number, "waterConsumption")
    rows = [
        observations.Reading(series_id, at, 500 + n * litres_an_hour, None, n + 1, at)
        for n in range(7 * 24)
        for at in [MIDNIGHT - timedelta(days=7) + timedelta(hours=n)]
        if n != 30
    ]
    observations.store(rows)
    return in_register(owner_id, number, parent)


def in_register(owner_id: Any, number: int, parent: Any) -> Any:
    facts = equipment.Facts("water-meter", f"Compteur {number}", parent_id=parent, entity_id=number)
    return equipment.register_equipment(
        actor=SYSTEM,
        territory=territory_by_slug("valbelle"),
        draft=equipment.EquipmentDraft(owner_id, facts),
    )


def test_a_district_is_the_meters_under_the_one_that_feeds_them(valbelle: Any, people: Any) -> None:
    feeding = metered(valbelle.montaigu.pk, 100.0)
    metered(valbelle.montaigu.pk, 30.0, feeding)
    below = metered(valbelle.montaigu.pk, 50.0, feeding)  # the next district down the line
    metered(valbelle.montaigu.pk, 45.0, below)
    metered(valbelle.montaigu.pk, 9.0)  # of no district
    first, second = table(people, "districts").rows
    hours = (7 * 24 - 1) / 1000
    assert first.values == pytest.approx((20.0, 20 * hours, 100 * hours, 80 * hours, 2.0))
    assert second.values == pytest.approx((10.0, 5 * hours, 50 * hours, 45 * hours, 1.0))
    assert len(table(people, "districts", "reader").rows) == 2
    assert table(people, "districts", "neighbour").rows == ()


def test_a_district_with_a_meter_that_is_not_heard_says_no_loss(valbelle: Any, people: Any) -> None:
    feeding = metered(valbelle.montaigu.pk, 100.0)
    metered(valbelle.montaigu.pk, 30.0, feeding)
    in_register(valbelle.montaigu.pk, thing(valbelle.montaigu.pk, "water-consumption"), feeding)
    (row,) = table(people, "districts").rows
    assert (row.values[:2], row.values[3:]) == ((None, None), (None, 2.0))
