"""The demo: whole, sensible, and once."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from belvedere.demo import content, ground
from belvedere.demo.drawing import drawn
from belvedere.domains.access.public import person_by_email
from belvedere.domains.plans.models import Measure, MeasureFigures, MeasurePlace, Plan
from belvedere.domains.territory.public import Level, organisations, outlines, places_of, territory_by_slug
from belvedere.engines.home import Home
from belvedere.kernel.errors import Unavailable

needs_maps = pytest.mark.skipif(
    not (ground.MAPS / "municipalities.shp").exists(), reason="node_modules is not there: npm ci"
)


@pytest.fixture(scope="module")
def filled(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Any, Home, int, float]]:
    """Filled once for all tests here; each runs in a savepoint within, and all is rolled back."""
    from belvedere.demo.filling import fill

    home = Home(tmp_path_factory.mktemp("home"))
    with django_db_blocker.unblock(), transaction.atomic():
        with CaptureQueriesContext(connection) as queries:
            count = fill(home)
            asked = len(queries)
        yield territory_by_slug(ground.SLUG), home, count, asked
        transaction.set_rollback(True)


def test_what_was_written_is_coherent() -> None:
    ideas = [*content.agglomeration(), *(i for c in content.COMMUNAL for i in content.communal(c))]
    assert 115 <= len(content.agglomeration()) <= 125
    keys = [idea.key for idea in ideas]
    assert len(set(keys)) == len(keys)
    listed = [(g, code) for idea in ideas for g, (code, _priority) in idea.codes.items()]
    assert len(set(listed)) == len(listed), "a code stands twice in a generation"
    known = {commune.key for commune in content.communes()} | set(ground.BODIES)
    for idea in ideas:
        assert idea.owner in known, idea
        assert idea.category in content.CATEGORIES, idea
        assert idea.titles["fr"] and idea.titles["de"], idea
        assert 2024 <= idea.years[0] <= idea.years[1] <= 2036, idea
        assert "'" not in idea.titles["fr"] + idea.description, "a typewriter’s apostrophe"
        assert "ß" not in idea.titles["de"], idea
        for words in idea.sites:
            drawn(words)


@needs_maps
@pytest.mark.django_db
def test_it_is_whole(filled: Any) -> None:
    territory, _home, count, _asked = filled
    assert territory.is_example
    assert len(places_of(territory, level=Level.COMMUNE)) == 26
    assert territory.communes == 26
    measures = Measure.objects.filter(territory_id=territory.id)
    assert count == measures.count() == 162
    assert not measures.filter(is_example=False).exists()
    assert Plan.objects.filter(territory_id=territory.id).count() == 5
    assert measures.filter(published=True).count() > 150
    figures = MeasureFigures.objects.filter(measure__territory_id=territory.id)
    money = {"no_cost", "no_dates", "aid_exceeds_cost", "spending_gap", "unlike_funding"}
    unusual = {flag for row in figures for flag in row.flags} & money
    assert unusual == set(), "the figures do not add up"
    assert not figures.filter(cost=None).exists()


@needs_maps
@pytest.mark.django_db
def test_a_measure_costs_a_few_dozen_queries(filled: Any) -> None:
    """What a measure costs does not grow with those already there; `bench/work.py` times the whole."""
    _territory, _home, count, asked = filled
    assert asked < 50 * count


@needs_maps
@pytest.mark.django_db
def test_each_measure_of_a_commune_lies_in_that_commune(filled: Any) -> None:
    territory = filled[0]
    communes = {view.id: view for view in organisations(territory.id) if view.kind == "commune"}
    places = {view.codes["BFS"]: view.id for view in places_of(territory, level=Level.COMMUNE)}
    touched: dict[Any, set[Any]] = {}
    for measure_id, place_id in MeasurePlace.objects.values_list("measure_id", "place_id"):
        touched.setdefault(measure_id, set()).add(place_id)
    astray = [
        measure.title["fr"]
        for measure in Measure.objects.filter(territory_id=territory.id, owner_id__in=communes)
        if places[communes[measure.owner_id].code] not in touched.get(measure.pk, set())
    ]
    assert astray == []


@needs_maps
@pytest.mark.django_db
def test_again_it_does_nothing(filled: Any) -> None:
    from belvedere.demo.filling import fill

    _territory, home, _count, _asked = filled
    before = home.path("demo-logins.txt").read_text()
    Measure.objects.filter(external_id="demo-SIO-01").update(title={"fr": "Changé"})
    assert fill(home) == 0
    assert home.path("demo-logins.txt").read_text() == before
    assert Measure.objects.get(external_id="demo-SIO-01").title == {"fr": "Changé"}


@needs_maps
@pytest.mark.django_db
def test_the_logins_open_and_are_private(filled: Any, client: Any, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    _territory, home, _count, _asked = filled
    file = home.path("demo-logins.txt")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    lines = file.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 4
    for line in lines:
        *_what, email, password = line.split()
        assert client.login(username=email, password=password), line
        person = person_by_email(email)
        assert person is not None


@needs_maps
@pytest.mark.django_db
def test_the_map_is_complete(filled: Any) -> None:
    import json

    territory = filled[0]
    drawn_map = json.loads(outlines(territory, language="de").body)
    kinds = {feature["properties"]["kind"] for feature in drawn_map["features"]}
    assert kinds == {"commune", "neighbour", "lake", "river"}
    assert sum(feature["properties"]["ours"] for feature in drawn_map["features"]) == 26
    names = {feature["properties"]["name"] for feature in drawn_map["features"]}
    assert {"Sitten", "Siders", "Leuk", "Rhone"} <= names
    assert "swiss-maps" in drawn_map["attribution"]


@pytest.mark.django_db
def test_without_the_shapes_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from belvedere.demo.filling import fill

    monkeypatch.setattr(ground, "MAPS", tmp_path)
    monkeypatch.setattr(ground, "SLUG", "ailleurs")
    with pytest.raises(Unavailable) as failed:
        fill(Home(tmp_path))
    assert "script/setup" in str(failed.value)
    assert not (tmp_path / "demo-logins.txt").exists()
