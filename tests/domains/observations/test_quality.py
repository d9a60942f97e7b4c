"""What is found about devices that are wrong in one respect, and nothing about those that are not."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.intake import public as intake
from belvedere.domains.observations import public as observations
from belvedere.domains.observations.models import Finding, Measured
from belvedere.domains.observations.public import Oddity
from belvedere.domains.territory.public import territory_by_slug
from belvedere.domains.twin import public as twin
from belvedere.kernel.clock import standing_at
from tests.people import People, Valbelle

pytestmark = [pytest.mark.django_db, pytest.mark.engines]
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SYSTEM = Actor.system()


@pytest.fixture(autouse=True)
def _noon(feeds_anew: None) -> Iterator[None]:
    with standing_at(NOON):
        yield


def station(
    valbelle: Valbelle, key: str, curve: Callable[[int], float | None], days: int = 7, **given: object
) -> int:
    """A weather station, ten minutes apart, that told `curve(minute before noon)` all week."""
    territory = territory_by_slug("valbelle")
    with standing_at(NOON - timedelta(days=8)):
        draft = twin.EntityDraft(kind="weather", names={"fr": key}, owner_id=valbelle.montaigu.pk, **given)  # type: ignore[arg-type]
        thing = twin.create_entity(actor=SYSTEM, territory=territory, draft=draft)
        device = twin.DeviceDraft(key=key, entity_id=thing)
        twin.register_device(actor=SYSTEM, territory=territory, draft=device)
    series = twin.feeds([("valbelle", key)])["valbelle", key].fields["temperature"].series_id
    past = [
        observations.Reading(series, at, number, None, 0, at)
        for minute in range(days * 24 * 60, 0, -10)
        if (number := curve(minute)) is not None
        for at in [NOON - timedelta(minutes=minute)]
    ]
    with transaction.atomic():
        observations.store(past)
        last = past[-1]
        twin.apply_present(
            [twin.Present(series, last.number, None, last.observed_at, last.observed_at, "CEL", "")]
        )
    return thing


def usual(minute: int) -> float:
    return round(10 - 5 * math.sin(minute / 1440 * 2 * math.pi) + (minute * 7919 % 13) / 40, 2)


def found(thing: int | None = None, actor: Actor = SYSTEM) -> list[tuple[Oddity, float]]:
    territory = territory_by_slug("valbelle")
    ids = None if thing is None else [thing]
    return [
        (one.oddity, round(one.amount, 2))
        for one in observations.findings(actor, territory.id, entity_ids=ids)
    ]


def measure() -> int:
    return observations.measure(territory_by_slug("valbelle").id)


def test_a_sound_station_is_never_in_the_list(valbelle: Valbelle) -> None:
    station(valbelle, "sound", usual)
    assert measure() == 0
    row = Measured.objects.get()
    assert (row.received_day, row.received_week) == (138, 1002)  # 23 hours, and the one that has just begun
    assert (row.complete_day, row.complete_week, row.gap_h, row.outside_h) == (1.0, 1.0, 0, 0)


@pytest.mark.parametrize("settled", [False, True])
def test_each_fault_is_found_and_no_other(valbelle: Valbelle, settled: bool) -> None:
    things = {
        "sound": station(valbelle, "sound", usual),
        "stuck": station(valbelle, "stuck", lambda at: usual(at) if at > 600 else 7.25),
        "bounds": station(valbelle, "bounds", lambda at: -80.0 if at == 200 else usual(at)),
        "half": station(valbelle, "half", lambda at: usual(at) if at > 1440 or at % 30 == 0 else None),
        "gap": station(valbelle, "gap", lambda at: usual(at) if not 3000 < at < 3400 else None),
    }
    if settled:
        observations.settle_due()
    assert measure() == 4
    assert found(things["sound"]) == []
    assert found(things["stuck"]) == [(Oddity.STUCK, 10.0)]
    assert found(things["bounds"]) == [(Oddity.OUT_OF_BOUNDS, 1.0)]
    assert found(things["half"]) == [(Oddity.INCOMPLETE, 0.33)]
    assert found(things["gap"]) == [(Oddity.GAP, 6.0)]
    assert [oddity for oddity, _amount in found()] == [
        Oddity.STUCK,
        Oddity.OUT_OF_BOUNDS,
        Oddity.INCOMPLETE,
        Oddity.GAP,
    ]
    # Measured again, nothing is told twice; a thing that goes takes its findings with it.
    assert measure() == 4 and Finding.objects.count() == 4
    twin.revoke_device(actor=SYSTEM, device_id=twin.entity_page(SYSTEM, things["gap"]).devices[0].id)
    twin.remove_entity(actor=SYSTEM, entity_id=things["gap"])
    assert Finding.objects.count() == 3


def test_one_among_neighbours_drifts_and_a_front_is_forgiven(valbelle: Valbelle) -> None:
    def front(at: int) -> float:
        return usual(at) - (8 if at < 1440 else 0)

    things = [
        station(
            valbelle,
            f"st-{number}",
            lambda at, more=number: round(
                front(at) + (at * (more + 3) % 17) / 40 + (6 if more == 2 and at < 1440 else 0), 2
            ),
        )
        for number in range(6)
    ]
    measure()
    told = found()
    assert [oddity for oddity, _amount in told] == [Oddity.DRIFT]
    assert found(things[2])[0][1] > 6


def test_late_clock_battery_and_silence(valbelle: Valbelle) -> None:
    territory = territory_by_slug("valbelle")
    keys = {"late": 3600, "ahead": -300, "empty": 0}
    for seq, (key, delay) in enumerate(keys.items()):
        with standing_at(NOON - timedelta(days=8)):
            draft = twin.EntityDraft(kind="waste-container", names={"fr": key})
            thing = twin.create_entity(actor=SYSTEM, territory=territory, draft=draft)
            device = twin.DeviceDraft(key=key, entity_id=thing, expected_interval_s=900)
            twin.register_device(actor=SYSTEM, territory=territory, draft=device)
        messages = []
        for quarter in range(96, 0, -1):
            arrived = NOON - timedelta(minutes=15 * quarter - 10)
            values = {"t": (arrived - timedelta(seconds=delay)).isoformat(), "fillingLevel": quarter / 100}
            values |= {"batteryLevel": 0.05} if key == "empty" else {}
            body = json.dumps(values).encode()
            messages.append(
                intake.Message(f"devices.valbelle.{key}", body, 1000 * seq + 100 - quarter, arrived)
            )
        intake.take("test", messages)
    measure()
    told = {one.oddity: (one.amount, one.term) for one in observations.findings(SYSTEM, territory.id)}
    assert told == {
        Oddity.CLOCK: (300.0, ""),
        Oddity.LATE: (1.0, ""),
        Oddity.BATTERY: (0.05, "batteryLevel"),
    }
    twin.notice_silence(NOON + timedelta(days=1))
    with standing_at(NOON + timedelta(days=1)):
        measure()
    oddities = [one.oddity for one in observations.findings(SYSTEM, territory.id)]
    assert oddities == [Oddity.SILENT] * 3 + [Oddity.BATTERY]


def test_findings_are_told_to_those_who_may_see_the_thing_and_the_series(
    valbelle: Valbelle, people: People
) -> None:
    from belvedere.domains.twin.models import Attribute

    def stuck(at: int) -> float:
        return usual(at) if at > 600 else 7.25

    own = station(valbelle, "own", stuck)
    shared = station(valbelle, "shared", stuck, visibility=twin.Visibility.SHARED)
    measure()
    territory = territory_by_slug("valbelle")

    def seen(who: str) -> set[int]:
        actor = people.actor(who)
        measured = {one.entity_id for one in observations.measured(actor, territory.id)}
        told = {one.entity_id for one in observations.findings(actor, territory.id)}
        assert measured == told
        return told

    assert seen("reader") == seen("governor") == {own, shared}
    assert seen("neighbour") == {shared}
    assert seen("nobody") == set()
    Attribute.objects.filter(entity_id=shared).update(visibility=twin.Visibility.OWN)
    assert (seen("reader"), seen("neighbour")) == ({own, shared}, set())


def test_coverage_counts_what_was_heard(valbelle: Valbelle, people: People) -> None:
    station(valbelle, "heard", usual, visibility=twin.Visibility.SHARED)
    station(valbelle, "old", lambda at: usual(at) if at > 3000 else None)
    territory = territory_by_slug("valbelle")
    since = NOON - timedelta(days=1)
    (whole,) = twin.coverage(people.actor("reader"), territory.id, since)
    assert (whole.place_id, whole.kind, whole.total, whole.heard) == (None, "weather", 2, 1)
    (part,) = twin.coverage(people.actor("neighbour"), territory.id, since)
    assert (part.total, part.heard) == (1, 1)


def test_a_look_is_asked_for_once(valbelle: Valbelle) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    observations.measure_soon()
    observations.measure_soon()
    assert ProcrastinateJob.objects.filter(task_name="observations.quality").count() == 1
