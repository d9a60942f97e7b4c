"""The demo's devices: what was generated is what is kept, and each fault is told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from django.db import connection, transaction

from belvedere.demo import equipment as stock
from belvedere.demo import ground, live, live_faults, live_fleet, live_forecasts, live_kinds, supervising
from belvedere.demo.live_faults import Fate
from belvedere.demo.live_kinds import KINDS, told
from belvedere.demo.live_places import counts
from belvedere.demo.live_world import DAY_US, HOUR_US, SECOND_US, Devices, World, instants
from belvedere.demo.people import CONTRACTOR
from belvedere.domains.access.public import Actor
from belvedere.domains.automation import public as automation
from belvedere.domains.equipment import public as equipment
from belvedere.domains.intake import feeding
from belvedere.domains.intake import public as intake
from belvedere.domains.observations import public as observations
from belvedere.domains.observations.models import Settled
from belvedere.domains.packs import public as packs
from belvedere.domains.territory.public import Level, organisations, places_of, territory_by_slug
from belvedere.domains.twin import public as twin
from belvedere.engines.home import Home
from belvedere.kernel.clock import standing_at
from belvedere.kernel.errors import InvalidInput
from belvedere.kernel.paging import Window
from tests.demo.test_demo import needs_maps

pytestmark = [pytest.mark.django_db, needs_maps]
ACTOR = Actor.system("test")
# Ten days before it lies no change of clocks, and the file of the lake is one month.
BIRTH = datetime(2026, 11, 22, 10, 37, tzinfo=UTC)
SCALE = live.Scale(120, 10)


@pytest.fixture(scope="module")
def home(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Home]:
    """Ground and devices, once for all tests here; all is rolled back."""
    found = Home(tmp_path_factory.mktemp("home"))
    found.folder("tmp")
    feeding.forget()
    with django_db_blocker.unblock(), standing_at(BIRTH), transaction.atomic():
        organisations = ground.lay(ACTOR)
        territory = territory_by_slug(ground.SLUG)
        live.connect(ACTOR, territory, organisations, found, SCALE)
        yield found
        transaction.set_rollback(True)
    feeding.forget()


@pytest.fixture
def kept(home: Home) -> live_fleet.Kept:
    found = live_fleet.read(home)
    assert found is not None
    return found


def things() -> Any:
    return twin.entities_in(ACTOR, territory_by_slug(ground.SLUG).id)


def feed(key: str) -> twin.Feed:
    return twin.feeds([(ground.SLUG, key)])[ground.SLUG, key]


def expected(kept: live_fleet.Kept, one: live_fleet.Credential) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """The instants of a device that reach the history, and its numbers then."""
    group = live_fleet.group(one.kind, [(one.number, one.key)])
    first = kept.birth_us - SCALE.days * DAY_US
    us = group.steps(first, kept.birth_us + 1)
    reaches = (us >= first) & (us <= kept.birth_us) & ~live_faults.is_silent(kept.world, group.devices, us)
    fate = live_faults.fates(group.devices, us)
    late = us + live_faults.delay_s(group.devices, us) * SECOND_US > kept.birth_us
    reaches &= (fate != Fate.GARBAGE) & ~live_faults.is_renamed(kept.world, group.devices, us)
    reaches &= ~((fate == Fate.LATE) & late & group.by_message(kept.world, us))
    numbers = live_faults.measured(kept.world, group.devices, us)
    return us[reaches], {term: values[reaches] for term, values in numbers.items()}


def history(series_id: int) -> observations.Points:
    return observations.series(series_id, BIRTH - timedelta(days=30), BIRTH + timedelta(hours=1))


def test_what_was_generated_is_what_is_kept(kept: live_fleet.Kept) -> None:
    daily, total = live_faults.DAILY, 0
    for one in kept.devices:
        us, numbers = expected(kept, one)
        total += sum(len(us) for term in numbers if term != daily)
        if one.number not in (0, 4, 5, 11, 20):
            continue
        fields = feed(one.key).fields
        for term, values in numbers.items():
            found = history(fields[term].series_id)
            if term == daily:
                assert 9 <= len(found) <= 11, one.key
                continue
            extra = 4 if (one.kind, one.number, term) == ("traffic-flow", 2, "intensity") else 0
            assert len(found) == len(us) + extra, (one.key, term)
            assert found.times.astype(np.int64).tolist() == us.tolist(), (one.key, term)
            assert found.numbers.tolist() == values.tolist(), (one.key, term)
    batteries = [
        feed(one.key).fields[daily].series_id for one in kept.devices if one.kind == "waste-container"
    ]
    told_daily = sum(len(history(series_id)) for series_id in batteries)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM observations_reading WHERE number IS NOT NULL")
        (hot,) = cursor.fetchone()
    in_lake = sum(Settled.objects.values_list("rows", flat=True))
    assert in_lake > hot > 0
    assert in_lake + hot == total + told_daily + 4  # and what a gateway had kept


def test_ten_kinds_that_nobody_takes_for_real(kept: live_fleet.Kept) -> None:
    assert re.search("invent", live.MARK, re.IGNORECASE)
    found = things()
    assert found.total == len(kept.devices) == sum(counts(120).values())
    assert sum(counts(2000).values()) == 2000 and len(counts(2000)) == 10
    assert {dot.kind for dot in found.dots} == set(KINDS)
    communes = {place.id for place in places_of(territory_by_slug(ground.SLUG), None, Level.COMMUNE)}
    assert {dot.place_id for dot in found.dots} <= communes
    assert all(dot.owner_id for dot in found.dots)
    for dot in found.dots[::7]:
        view = twin.entity_page(ACTOR, dot.id)
        kind = KINDS[dot.kind]
        assert live.MARK in [one.value for one in view.attributes]
        assert set(view.names) == {"fr", "de"} and view.names["fr"] != view.names["de"]
        assert view.visibility == ("public" if kind.is_public else "shared")
        assert [one.expected_interval_s for one in view.devices] == [kind.interval_s]
    assert not KINDS["water-consumption"].is_public


def test_states_and_passages(kept: live_fleet.Kept) -> None:
    found = things()
    assert set(found.by_state) == set(twin.State)
    states = {dot.id: dot.state for dot in found.dots}
    full, silent = feed("demo-waste-container-01"), feed("demo-waste-container-09")
    assert states[full.entity_id] == twin.State.ALARM
    assert states[silent.entity_id] == twin.State.SILENT
    assert states[feed("demo-waste-container-11").entity_id] == twin.State.SILENT, "its level has a new name"
    day = twin.passages_between(ACTOR, territory_by_slug(ground.SLUG).id, BIRTH - timedelta(days=1), BIRTH)
    # Things pass from state to state during the day, and those that tell in time do not fall silent.
    assert len({one.at for one in day.passages}) > 3
    fell = Counter(one.entity_id for one in day.passages if one.after == twin.State.SILENT)
    assert 0 < len(fell) < 15 and max(fell.values()) <= 2


def test_the_books_balance_and_hold_every_outcome(home: Home) -> None:
    territory = territory_by_slug(ground.SLUG)
    books = intake.ledger(ACTOR, territory.id, BIRTH - timedelta(days=15), BIRTH + timedelta(hours=1))
    whole = books.whole
    assert whole.balances
    assert whole.stored > 1000 and whole.late >= 4 and whole.duplicate >= 12
    reasons = dict(books.reasons)
    assert reasons.pop(intake.Reason.UNKNOWN_DEVICE) == 5
    assert reasons.pop(intake.Reason.FUTURE) == 1
    assert 8 <= reasons.pop(intake.Reason.UNKNOWN_FIELD) <= 20
    assert reasons.pop(intake.Reason.NOT_JSON) >= 3
    assert reasons.pop(intake.Reason.NOT_A_NUMBER) >= 2


def test_one_is_stuck_and_one_was_away(home: Home) -> None:
    stuck = history(feed("demo-water-observed-02").fields["waterLevel"].series_id)
    assert (len(stuck) > 900, len(set(stuck.numbers.tolist()))) == (True, 1)
    moving = history(feed("demo-waste-container-01").fields["fillingLevel"].series_id)
    assert max(Counter(moving.numbers.tolist()).values()) < 20
    away = history(feed("demo-waste-container-02").fields["fillingLevel"].series_id)
    gaps = np.diff(away.times).astype("timedelta64[h]").astype(int)
    assert gaps.max() >= 35


def test_credentials_are_private_and_open(home: Home, kept: live_fleet.Kept) -> None:
    assert home.path(live_fleet.FILE).stat().st_mode & 0o777 == 0o600
    one = kept.devices[0]
    assert one.topic == "devices/valais-central/demo-waste-container-01"
    granted = twin.authenticate(one.user, one.password)
    assert granted is not None and granted.device_key == one.key
    assert twin.authenticate(one.user, kept.devices[1].password) is None


def test_the_scale_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(live.DEVICES, "400")
    monkeypatch.delenv(live.DAYS, raising=False)
    assert live.Scale.from_environment() == live.Scale(400, 90)
    monkeypatch.setenv(live.DAYS, "many")
    with pytest.raises(InvalidInput):
        live.Scale.from_environment()


# ------------------------------------------------------------------ curves
WORLD = World(int(BIRTH.timestamp()) * SECOND_US, ZoneInfo("Europe/Zurich"))


@pytest.mark.parametrize("kind", KINDS)
def test_one_instant_says_what_a_year_says(kind: str) -> None:
    many = Devices.of(kind, list(range(30)), [f"demo-{kind}-{n + 1:02d}" for n in range(30)])
    us = WORLD.birth_us - np.arange(0, 365 * DAY_US, 7 * HOUR_US)[None, :] + np.zeros((30, 1), np.int64)
    together = live_faults.measured(WORLD, many, us)
    for number, step in ((0, 0), (1, 3), (17, 200), (29, 1200)):
        alone = Devices.of(kind, [number], [f"demo-{kind}-{number + 1:02d}"])
        at = us[number : number + 1, step : step + 1]
        for term, values in live_faults.measured(WORLD, alone, at).items():
            assert values.item() == together[term][number, step], (term, number, step)
    for term, values in together.items():
        assert np.isfinite(values).all(), term


def test_bins_fill_and_are_emptied() -> None:
    bins = Devices.of("waste-container", [20], ["demo-waste-container-21"])
    us = WORLD.birth_us - np.arange(0, 30 * DAY_US, HOUR_US)[::-1][None, :]
    level = told(WORLD, bins, us)["fillingLevel"][0]
    steps = np.diff(level)
    emptied = steps < -0.2
    assert 4 <= emptied.sum() <= 16
    assert (steps[~emptied] > -0.02).all() and level[:-1][emptied].min() > 0.4 and level.min() < 0.05


def test_clocks_go_back_in_october() -> None:
    night = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1, 2)]
    us = np.array([[int(at.timestamp()) * SECOND_US for at in night]])
    assert instants(WORLD, us).hour.round(6).tolist() == [[2.5, 2.5, 3.5]]
    # Traffic follows the clock, lamps the sun.
    counter = Devices.of("traffic-flow", [9], ["demo-traffic-flow-10"])
    days = np.arange(-7, 8) * DAY_US
    monday = int(datetime(2026, 10, 26, 6, 45, tzinfo=UTC).timestamp()) * SECOND_US
    before, after = (
        told(WORLD, counter, np.array([[monday + 7 * sign * DAY_US + shift * HOUR_US]]))["intensity"].item()
        for sign, shift in ((-1, -1), (0, 0))
    )
    assert abs(before - after) < 0.25 * after
    assert len(days) == 15


def test_some_of_the_devices_are_in_the_equipment_register_and_rules_watch_them(home: Home) -> None:
    territory = territory_by_slug(ground.SLUG)
    by_name = {one.names["fr"]: one.id for one in organisations(territory.id)}
    with transaction.atomic(), standing_at(BIRTH):
        towns = {"sierre": by_name["Sierre"], "sion": by_name["Sion"]}
        made = stock.fill(ACTOR, territory, {**towns, CONTRACTOR: stock.contractor(ACTOR, territory)})
        supervising.fill(ACTOR, territory)
        watched = [
            automation.watched_by(ACTOR, territory, one.body, None).things
            for one in automation.rules(ACTOR, territory.id)
            if one.is_on
        ]
        rows = equipment.listed(ACTOR, territory.id, equipment.Wanted(), Window(0, 500)).rows
        counted = equipment.tallies(ACTOR, territory.id)
        transaction.set_rollback(True)
    assert len(rows) == made == counted.total
    of_packs = sum(len(packs.pack(slug).rules) for slug in supervising.PACKS)
    assert len(watched) == len(supervising.RULES) + of_packs and all(watched)
    cabinets = [one for one in rows if one.kind == "cabinet"]
    assert cabinets
    assert all(0 < one.children <= stock.LAMPS_A_CABINET for one in cabinets)
    lamps = [one for one in rows if one.kind == "luminaire"]
    assert sum(one.children for one in cabinets) == len(lamps)
    assert all(one.entity_id is not None and one.contract_id is not None for one in lamps)
    assert counted.states[equipment.State.MAINTENANCE] == counted.states[equipment.State.OUT_OF_SERVICE] == 1


def test_a_station_hands_on_a_forecast_once_an_hour_that_the_world_nearly_keeps() -> None:
    birth_us = int(BIRTH.timestamp()) * SECOND_US
    world = World(birth_us, ZoneInfo("Europe/Zurich"))
    device = Devices.of("weather", [0], ["demo-weather-01"])
    us = birth_us // HOUR_US * HOUR_US + np.arange(4)[None, :] * 900 * SECOND_US
    said = [one for _row, _step, one in live_faults.payloads(world, device, us)]
    assert ["temperatureForecast" in one for one in said] == [True, False, False, False]
    expected = twin.forecast(said[0]["temperatureForecast"])
    instants = np.array([[int(at) * SECOND_US for at, _number in expected]])
    measured = live_kinds.told(world, device, instants)["temperature"][0]
    missed = np.abs(measured - np.array([number for _at, number in expected]))
    assert len(expected) == live_forecasts.HOURS and missed[0] < 1 and missed.max() < 8
    assert not any("Forecast" in key for key in said[1])
