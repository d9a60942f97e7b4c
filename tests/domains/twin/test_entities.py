"""Things: what they are, what people say of them, where they lie; windows of the map."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import shapely

from belvedere.domains.access.public import Actor
from belvedere.domains.territory.public import TerritoryView
from belvedere.domains.twin import public as twin
from belvedere.domains.twin.errors import BadAttribute, NoSuchEntity, OlderThanShown, StillFed
from belvedere.domains.twin.events import EntityRemoved
from belvedere.duties.journal.public import entries_of
from belvedere.kernel import events
from belvedere.kernel.clock import standing_at
from belvedere.kernel.errors import Conflict, InvalidInput
from belvedere.kernel.geometry import Box, Shape
from tests.domains.twin.things import AT, Bin

pytestmark = pytest.mark.django_db
ME = Actor.system()


def edit(container: Bin, **change: Any) -> None:
    twin.edit_entity(actor=ME, entity_id=container.entity_id, change=twin.EntityChange(**change))


def said(container: Bin, *drafts: twin.AttributeDraft) -> None:
    edit(container, attributes=drafts)


def test_a_thing_is_made_whole(territory: TerritoryView) -> None:
    draft = twin.EntityDraft(
        kind="streetlight",
        names={"fr": " Lampe 12 ", "de": ""},
        urn="urn:ngsi-ld:Streetlight:12",
        types=("https://example.org/Pole",),
        shape=Shape(shapely.LineString([(7.5, 46.2), (7.6, 46.2)])),
        scopes=("/valbelle/nord",),
        attributes=(
            twin.AttributeDraft("lanternHeight", 620, unit="CMT", sub={"accuracy": {"value": 1}}),
            twin.AttributeDraft("status", "defectiveLamp"),
            twin.AttributeDraft("label", "Lampe", dataset_id="urn:x:fr"),
            twin.AttributeDraft("label", "Lampe", dataset_id="urn:x:de"),
        ),
    )
    page = twin.entity_page(ME, twin.create_entity(actor=ME, territory=territory, draft=draft))
    base = "https://smartdatamodels.org/dataModel.Streetlighting/"
    assert page.types == (f"{base}Streetlight", "https://example.org/Pole")
    assert (page.names, page.state) == ({"fr": "Lampe 12"}, "alarm")
    assert page.shape is not None and page.shape.kind == "LineString"
    by_name = {(one.name, one.dataset_id): one for one in page.attributes}
    height = by_name[f"{base}lanternHeight", ""]
    assert (height.number, height.unit, height.sub) == (pytest.approx(6.2), "MTR", {"accuracy": {"value": 1}})
    assert by_name["https://uri.etsi.org/ngsi-ld/status", ""].labels["de"] == "Zustand"
    assert ("https://uri.etsi.org/ngsi-ld/default-context/label", "urn:x:de") in by_name
    assert twin.entity_by_urn(ME, territory.id, "urn:ngsi-ld:Streetlight:12").id == page.id


def test_a_type_alone_finds_its_description(territory: TerritoryView) -> None:
    iri = "https://smartdatamodels.org/dataModel.Weather/WeatherObserved"
    entity_id = twin.create_entity(actor=ME, territory=territory, draft=twin.EntityDraft(types=(iri,)))
    assert twin.entity_page(ME, entity_id).kind == "weather"


@pytest.mark.parametrize(
    ("draft", "error"),
    [
        (twin.EntityDraft(), InvalidInput),
        (twin.EntityDraft(kind="unicorn"), InvalidInput),
        (twin.EntityDraft(kind="weather", urn="no urn"), InvalidInput),
        (
            twin.EntityDraft(kind="weather", attributes=(twin.AttributeDraft("temperature", float("nan")),)),
            BadAttribute,
        ),
        (
            twin.EntityDraft(kind="weather", attributes=(twin.AttributeDraft("temperature", 3, "KGM"),)),
            BadAttribute,
        ),
        (
            twin.EntityDraft(kind="weather", attributes=(twin.AttributeDraft("temperature", 3, "nope"),)),
            BadAttribute,
        ),
        (twin.EntityDraft(kind="weather", attributes=(twin.AttributeDraft("note", None),)), BadAttribute),
        (twin.EntityDraft(kind="weather", attributes=(twin.AttributeDraft("note", {1, 2}),)), BadAttribute),
        (twin.EntityDraft(kind="weather", attributes=(twin.AttributeDraft("note", "a\x00b"),)), BadAttribute),
        (twin.EntityDraft(kind="weather", attributes=(twin.AttributeDraft("note", "\ud800"),)), BadAttribute),
        (
            twin.EntityDraft(
                kind="weather", attributes=(twin.AttributeDraft("a", 1), twin.AttributeDraft("a", 2))
            ),
            BadAttribute,
        ),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_made(
    territory: TerritoryView, draft: twin.EntityDraft, error: type[Exception]
) -> None:
    good = twin.EntityDraft(kind="weather")
    with pytest.raises(error):
        twin.create_entities(actor=ME, territory=territory, drafts=[good, draft])
    assert twin.entities_in(ME, territory.id).total == 0


def test_an_identifier_is_taken_once_a_territory(territory: TerritoryView) -> None:
    draft = twin.EntityDraft(kind="weather", urn="urn:a:1")
    twin.create_entity(actor=ME, territory=territory, draft=draft)
    with pytest.raises(Conflict, match="urn:a:1"):
        twin.create_entity(actor=ME, territory=territory, draft=draft)
    two = twin.EntityDraft(kind="weather", urn="urn:a:2")
    with pytest.raises(Conflict):
        twin.create_entities(actor=ME, territory=territory, drafts=[two, two])


def test_an_owner_is_of_the_territory(territory: TerritoryView) -> None:
    from uuid import uuid4

    draft = twin.EntityDraft(kind="weather", owner_id=uuid4())
    with pytest.raises(InvalidInput, match="owner"):
        twin.create_entity(actor=ME, territory=territory, draft=draft)


def test_changing_is_journalled_with_what_was_before(container: Bin) -> None:
    edit(
        container,
        names={"fr": "PAV du Pont"},
        visibility=twin.Visibility.PUBLIC,
        attributes=(twin.AttributeDraft("binCapacity", 2, unit="MTQ"),),
    )
    newest = entries_of(("twin.entity", str(container.entity_id))).rows[0]
    assert newest.verb == "twin.edit_entity"
    assert newest.before["visibility"] == "own"
    assert newest.after == {"names": {"fr": "PAV du Pont"}, "visibility": "public", "binCapacity": 2000.0}
    page = container.page()
    assert page.names == {"fr": "PAV du Pont"}
    edit(container, names={"fr": "PAV du Pont"})
    assert entries_of(("twin.entity", str(container.entity_id))).rows[0].id == newest.id


def test_what_people_say_is_not_older_than_what_is_shown(container: Bin) -> None:
    twin.apply_present([container.say("temperature", 10, AT)])
    with pytest.raises(OlderThanShown):
        said(container, twin.AttributeDraft("temperature", 30, observed_at=AT - timedelta(seconds=1)))
    said(container, twin.AttributeDraft("temperature", 60, observed_at=AT + timedelta(seconds=1)))
    assert container.now("temperature").number == 60
    assert container.page().state == "watch"


def test_attributes_are_taken_away_unless_a_device_tells_them(container: Bin) -> None:
    said(container, twin.AttributeDraft("status", "burning"), twin.AttributeDraft("binColor", "vert"))
    edit(container, removed=("binColor",))
    assert "binColor" not in {one.term for one in container.page().attributes}
    with pytest.raises(StillFed, match="status"):
        edit(container, removed=("status",))


def test_thresholds_of_a_thing(container: Bin) -> None:
    twin.apply_present([container.say("fillingLevel", 0.6, AT)])
    lower = twin.Thresholds(watch_high=0.5, alarm_high=0.6)
    twin.set_thresholds(actor=ME, entity_id=container.entity_id, term="fillingLevel", thresholds=lower)
    assert container.page().state == "alarm"
    with pytest.raises(InvalidInput):
        twin.set_thresholds(
            actor=ME,
            entity_id=container.entity_id,
            term="fillingLevel",
            thresholds=twin.Thresholds(watch_high=0.9, alarm_high=0.6),
        )


def test_a_thing_goes_when_nothing_tells_of_it_any_more(
    container: Bin, django_capture_on_commit_callbacks: Any
) -> None:
    told: list[EntityRemoved] = []
    events.subscribe(EntityRemoved, told.append)
    with pytest.raises(StillFed):
        twin.remove_entity(actor=ME, entity_id=container.entity_id)
    twin.revoke_device(actor=ME, device_id=container.secret.device_id)
    with django_capture_on_commit_callbacks(execute=True):
        twin.remove_entity(actor=ME, entity_id=container.entity_id)
    with pytest.raises(NoSuchEntity):
        container.page()
    assert [one.series_ids for one in told] == [tuple(sorted(container.series.values()))]
    assert twin.apply_present([container.say("temperature", 3, AT)]) == []


@pytest.fixture
def scene(territory: TerritoryView, valbelle: Any) -> dict[str, int]:
    """Four things in a row from west to east, the last a long way off."""

    def draft(name: str, kind: str, x: float, level: float | None = None) -> twin.EntityDraft:
        term = twin.descriptions()[kind].main
        return twin.EntityDraft(
            kind=kind,
            names={"fr": name},
            owner_id=valbelle.montaigu.pk if x < 7.52 else valbelle.rochefort.pk,
            visibility=twin.Visibility.PUBLIC,
            shape=Shape(shapely.Point(x, 46.2)),
            attributes=() if level is None else (twin.AttributeDraft(term, level, observed_at=AT),),
        )

    drafts = [
        draft("Église", "waste-container", 7.50, 0.2),
        draft("Pont", "waste-container", 7.51, 0.99),
        draft("Gare", "air-quality", 7.52, 100),
        draft("Loin", "streetlight", 8.50),
    ]
    with standing_at(AT):
        numbers = twin.create_entities(actor=ME, territory=territory, drafts=drafts)
    return {one.names["fr"]: number for one, number in zip(drafts, numbers, strict=True)}


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, ["Pont", "Gare", "Église", "Loin"]),
        ({"box": Box(7.495, 46.1, 7.515, 46.3)}, ["Pont", "Église"]),
        ({"box": Box(7.0, 46.1, 8.0, 46.3)}, ["Pont", "Gare", "Église"]),
        ({"kinds": ["waste-container"]}, ["Pont", "Église"]),
        ({"states": ["alarm", "watch"]}, ["Pont", "Gare"]),
        ({"text": "eglis"}, ["Église"]),
        ({"limit": 1}, ["Pont"]),
    ],
)
def test_windows(
    territory: TerritoryView, scene: dict[str, int], asked: dict[str, Any], names: list[str]
) -> None:
    found = twin.entities_in(Actor.public(), territory.id, **asked)
    assert [one.names["fr"] for one in found.dots] == names
    assert found.total == (4 if asked.get("limit") else len(names))
    assert sum(found.by_state.values()) == found.total


def test_a_dot_tells_its_main_value(territory: TerritoryView, scene: dict[str, int]) -> None:
    dots = {one.id: one for one in twin.entities_in(Actor.public(), territory.id).dots}
    full = dots[scene["Pont"]]
    assert full.main is not None
    assert (full.main.term, full.main.number, full.main.level, full.state) == (
        "fillingLevel",
        0.99,
        2,
        "alarm",
    )
    assert dots[scene["Loin"]].main is None


def test_owners_and_squares(territory: TerritoryView, scene: dict[str, int], valbelle: Any) -> None:
    owned = twin.entities_in(Actor.public(), territory.id, owners=[valbelle.montaigu.pk])
    assert {one.id for one in owned.dots} == {scene["Église"], scene["Pont"]}
    wide = twin.grid(Actor.public(), territory.id, box=Box(7, 46, 9, 47), across=4)
    assert sum(cell.count for cell in wide) == 4
    assert {(cell.kind, cell.state, cell.count) for cell in wide} == {
        ("waste-container", "normal", 1),
        ("waste-container", "alarm", 1),
        ("air-quality", "watch", 1),
        ("streetlight", "normal", 1),
    }
    assert [cell.longitude for cell in wide if cell.kind == "streetlight"] == [8.5]


def test_a_thing_lies_in_its_commune(valbelle: Any, territory: TerritoryView) -> None:
    from datetime import date

    from belvedere.domains.territory import models
    from belvedere.domains.territory.public import territory_by_slug

    root = models.Place.objects.create(country="CH", level="agglomeration", names={"fr": "Valbelle"})
    communes = []
    for number in range(2):
        commune = models.Place.objects.create(country="CH", level="commune", names={"fr": f"C{number}"})
        models.PlaceParent.objects.create(place=commune, parent=root)
        west = 7.5 + number * 0.1
        outline = shapely.box(west, 46.2, west + 0.1, 46.3)
        models.PlaceBoundary.objects.create(
            place=commune,
            geometry=shapely.to_wkb(outline),
            west=west,
            south=46.2,
            east=west + 0.1,
            north=46.3,
            source="test",
            valid_from=date(2000, 1, 1),
        )
        communes.append(commune.pk)
    models.Territory.objects.filter(pk=territory.id).update(place=root)
    here = territory_by_slug("valbelle")
    points = [(7.55, 46.25), (7.65, 46.25), (9.0, 46.25), None]
    made = twin.create_entities(
        actor=ME,
        territory=here,
        drafts=[
            twin.EntityDraft(kind="weather", shape=None if at is None else Shape(shapely.Point(at)))
            for at in points
        ],
    )
    assert [twin.entity_page(ME, number).place_id for number in made] == [*communes, None, None]
    moved = twin.EntityChange(shape=Shape(shapely.Point(7.56, 46.25)))
    twin.edit_entity(actor=ME, entity_id=made[2], change=moved)
    assert twin.entity_page(ME, made[2]).place_id == communes[0]
    assert {one.id for one in twin.entities_in(ME, here.id, places=[communes[0]]).dots} == {made[0], made[2]}
