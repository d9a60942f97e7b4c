"""Six files of real sensors over real MQTT: told by devices to a running platform, asked of it by every way.

Run inside the home of that platform (`fleet.act`). Of each file up to three hundred lines of the last two
days that it holds, brought by whole days to a week before now: so they are hot first, as what is told today
is, and may settle at once, without the days in which other tests tell.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.test import Client
from django.test.utils import setup_test_environment

from belvedere.domains.access.models import Person
from belvedere.domains.access.public import (
    Actor,
    TerritoryRole,
    actor_of,
    create_token,
    give_territory_role,
)
from belvedere.domains.observations import public as observations
from belvedere.domains.observations import settling
from belvedere.domains.observations.models import LakeFile, Reading
from belvedere.domains.territory.public import TerritoryView, territory_by_slug
from belvedere.domains.twin import public as twin
from belvedere.engines import bus, uplinks
from belvedere.engines.home import Home
from belvedere.engines.mqtt import Sender
from belvedere.kernel.clock import now, standing_at
from tests.engines.waiting import until
from tests.faces.rest.asking import Caller
from tests.faces.rest.real_sensors import SIX, Real, Ways, lines_of
from tests.faces.web.plans_examples import english
from tests.operations.fleet import open_territory

SLUG = "sensors"
AGO = 7
SPAN, MOST = timedelta(days=2), 300


@dataclass(frozen=True)
class Sensor:
    """One file's device; `lines` are in the file's unit, `told` and `loaded` are things and their series."""

    real: Real
    lines: list[tuple[datetime, float]]
    secret: twin.NewSecret
    told: tuple[int, twin.Target]
    loaded: tuple[int, twin.Target]

    @property
    def end(self) -> datetime:
        return self.lines[-1][0] + timedelta(minutes=5)

    @property
    def stored(self) -> list[tuple[datetime, float]]:
        target = self.told[1]
        return [(at, number * target.factor + target.offset) for at, number in self.lines]


def recent(real: Real) -> list[tuple[datetime, float]]:
    lines = lines_of(real)
    last = lines[-1][0]
    days = timedelta(days=(now() - last).days - AGO)
    return [(at + days, number) for at, number in lines if at > last - SPAN][-MOST:]


def sensor(territory: TerritoryView, number: int, real: Real) -> Sensor:
    """Its device with a thing, and a second thing for the file."""
    actor, found = Actor.system(), []
    for key in (f"told{number}", f"loaded{number}"):
        thing = twin.create_entity(
            actor=actor, territory=territory, draft=twin.EntityDraft(kind=real.kind, names={"fr": key})
        )
        fields = {"v": twin.FieldDraft(real.term, real.unit)}
        draft = twin.DeviceDraft(key, thing, fields, per_minute=60_000)
        secret = twin.register_device(actor=actor, territory=territory, draft=draft)
        found.append((secret, (thing, twin.feeds([(SLUG, key)])[SLUG, key].fields["v"])))
    return Sensor(real, recent(real), found[0][0], found[0][1], found[1][1])


async def tell(home: Home, one: Sensor) -> int:
    """As the device does, with its own secret, a message a line; how many were acknowledged."""
    acknowledged: list[int] = []
    sender = Sender(one.secret.user, one.secret.password, acknowledged.append)
    await sender.connect(*bus.mqtt_address(home))
    for number, (at, value) in enumerate(one.lines):
        payload = json.dumps({"t": at.isoformat(), "v": value}).encode()
        assert await sender.publish(f"devices/{one.secret.user.replace('.', '/')}", payload, number)
    assert await sender.settle(30)
    await sender.close()
    return len(acknowledged)


def load(one: Sensor) -> None:
    """The same lines as a file; the last value told makes the thing's page."""
    target = one.loaded[1]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sample.csv"
        file.write_text("at,v\n" + "".join(f"{at.isoformat()},{number!r}\n" for at, number in one.lines))
        observations.load_file(file, observations.Layout("at", "v"), target.series_id)
    at, number = one.lines[-1]
    twin.apply_present([twin.Present(target.series_id, number, None, at, at, target.unit, "")])


def visitor(territory: TerritoryView) -> tuple[Caller, Client]:
    person = Person.objects.create(email="governor@example.org", display_name="Governor", language="fr")
    give_territory_role(
        actor=Actor.system(),
        person_id=person.pk,
        territory_id=territory.id,
        role=TerritoryRole.ADMINISTRATOR,
    )
    made = create_token(actor=actor_of(person), name="test", scopes=["read"], days=30)
    browser = english()
    browser.force_login(person)
    return Caller(Client(headers={"authorization": f"Bearer {made.plain}"})), browser


def compare() -> None:
    """The numbers of each file come out the same everywhere, hot and settled, told and loaded."""
    setup_test_environment()
    home = Home.from_environment()
    open_territory(SLUG)
    territory = territory_by_slug(SLUG)
    with settling.alone():  # the hour's own settling waits
        sensors = [sensor(territory, number, real) for number, real in enumerate(SIX)]
        for one in sensors:
            assert len(one.lines) > 10, one.real
            assert asyncio.run(tell(home, one)) == len(one.lines)
        until(lambda: bus.ask(home, uplinks.waiting) == 0, "everything was taken")
        token, browser = visitor(territory)
        series = [one.told[1].series_id for one in sensors]
        held = Counter(Reading.objects.filter(series_id__in=series).values_list("series_id", flat=True))
        assert held == {one.told[1].series_id: len(one.lines) for one in sensors}
        for one in sensors:
            with standing_at(one.end):
                Ways(SLUG, token, browser, one.told[0], one.told[1].series_id).check(one.stored, one.end)
    observations.settle_due()
    assert not Reading.objects.filter(series_id__in=series).exists() and LakeFile.objects.exists()
    for one in sensors:
        load(one)
        with standing_at(one.end):
            Ways(SLUG, token, browser, one.told[0], one.told[1].series_id).check(one.stored, one.end)
            loaded = Ways(SLUG, token, browser, one.loaded[0], one.loaded[1].series_id)
            # A file is loaded in the unit it is written in; that of the twin is compared by the numbers.
            loaded.check(one.lines, one.end)
