"""Six files of real sensors: the same numbers by the interface, the CSV of the page and the chart's data,
waiting and settled, replayed as messages and loaded as a file.

Of each file the last fourteen days that it holds, which is what a page shows, and at most so many lines:
bins of one place, the water of a house (2,000 lines), a river, the air of one station, a weather station,
the traffic of a road (all of it).
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from belvedere.domains.access.public import Actor
from belvedere.domains.intake import public as intake
from belvedere.domains.observations import public as observations
from belvedere.domains.observations.models import LakeFile, Reading
from belvedere.domains.territory.public import territory_by_slug
from belvedere.domains.twin import public as twin
from belvedere.kernel.clock import standing_at
from tests.faces.rest.asking import holder
from tests.faces.rest.real_sensors import SIX, Real, Ways, lines_of
from tests.faces.web.plans_examples import english
from tests.people import People, Valbelle

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.engines,
    pytest.mark.realdata,
    pytest.mark.usefixtures("feeds_anew"),
]


def thing_of(real: Real, valbelle: Valbelle, key: str) -> tuple[int, twin.Target]:
    territory, actor = territory_by_slug("valbelle"), Actor.system()
    draft = twin.EntityDraft(kind=real.kind, names={"fr": key}, owner_id=valbelle.montaigu.pk)
    entity_id = twin.create_entity(actor=actor, territory=territory, draft=draft)
    device = twin.DeviceDraft(
        key=key, entity_id=entity_id, fields={"v": twin.FieldDraft(real.term, real.unit)}
    )
    twin.register_device(actor=actor, territory=territory, draft=device)
    return entity_id, twin.feeds([("valbelle", key)])["valbelle", key].fields["v"]


def replay(key: str, lines: list[tuple[datetime, float]]) -> None:
    """As a device tells them: one message each, a second after."""
    messages = [
        intake.Message(
            f"devices.valbelle.{key}",
            json.dumps({"t": at.isoformat(), "v": number}).encode(),
            seq,
            at + timedelta(seconds=1),
        )
        for seq, (at, number) in enumerate(lines, start=1)
    ]
    for start in range(0, len(messages), 1000):
        taken = intake.take("real", messages[start : start + 1000])
        assert {outcome for outcome, _why in taken.sets} == {intake.Outcome.STORED}


@pytest.mark.parametrize("real", SIX, ids=[real.name.split("/")[-1] for real in SIX])
def test_the_same_numbers_come_out_everywhere(
    real: Real, valbelle: Valbelle, people: People, tmp_path: Path
) -> None:
    lines = lines_of(real)
    assert len(lines) > 30
    end = lines[-1][0] + timedelta(minutes=5)
    browser = english()
    browser.force_login(people.governor)
    with standing_at(end):
        token = holder(people, "governor")
        told, target = thing_of(real, valbelle, "told")
        loaded, plain = thing_of(real, valbelle, "loaded")
        replay("told", lines)
        expected = [(at, number * target.factor + target.offset) for at, number in lines]
        ways = Ways("valbelle", token, browser, told, target.series_id)
        ways.check(expected, end)
    with standing_at(end + timedelta(days=5)):
        observations.settle_due()
    with standing_at(end):
        assert not Reading.objects.exists() and LakeFile.objects.exists()
        ways.check(expected, end)
        # The file as it is, in the unit it is written in; the last value told makes the thing's page.
        file = tmp_path / "sample.csv"
        file.write_text("at,v\n" + "".join(f"{at.isoformat()},{number!r}\n" for at, number in lines))
        observations.load_file(file, observations.Layout("at", "v"), plain.series_id)
        at, number = lines[-1]
        twin.apply_present([twin.Present(plain.series_id, number, None, at, at, plain.unit, "")])
        Ways("valbelle", token, browser, loaded, plain.series_id).check(lines, end)
