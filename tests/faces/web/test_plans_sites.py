"""Drawing a site: where the map opens, the lines it snaps to, and the method that is remembered."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import UUID

import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.models import Site
from belvedere.domains.plans.public import states
from belvedere.domains.territory.models import OrganisationPlace
from belvedere.domains.territory.public import Level, add_place, set_boundary
from belvedere.kernel.geometry import Shape
from tests.domains.territory.test_networks import GPX, KML
from tests.faces.web.plans_examples import create, point
from tests.faces.web.test_territory_networks import LINE, sent, url
from tests.faces.web.test_territory_pages import signed_in
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db


def edit_url(valbelle: Valbelle, measure: UUID, part: str, item: Any = None) -> str:
    more = {} if item is None else {"item": str(item)}
    name = "plans:edit" if item is None else "plans:edit_item"
    return reverse(
        name, kwargs={"territory": valbelle.territory, "measure_id": measure, "part": part, **more}
    )


def box_of(page: Any) -> list[float]:
    found = re.search(r'data-map-box="([^"]+)"', page.content.decode())
    return [float(value) for value in found.group(1).split(",")] if found else []


@pytest.fixture
def commune(valbelle: Valbelle) -> None:
    """Montaigu has an outline; Rochefort has none."""
    place = add_place(
        actor=Actor.system(),
        territory_id=valbelle.territory.pk,
        names={"fr": "Montaigu"},
        level=Level.COMMUNE,
        country="CH",
    )
    set_boundary(
        actor=Actor.system(),
        territory_id=valbelle.territory.pk,
        place_id=place,
        shape=Shape(shapely.box(7.1, 46.1, 7.3, 46.25)),
        source="test",
    )
    OrganisationPlace.objects.create(organisation=valbelle.montaigu, place_id=place)


def test_the_map_opens_on_the_owners_perimeter_then_on_its_sites(
    valbelle: Valbelle, people: People, commune: None
) -> None:
    client = signed_in(people.lead)
    bare = create(valbelle, valbelle.montaigu, "Sans emprise")
    assert box_of(client.get(edit_url(valbelle, bare, "site"))) == [7.1, 46.1, 7.3, 46.25]
    placed = create(valbelle, valbelle.montaigu, "Place", sites=(point(7.2, 46.2),))
    assert box_of(client.get(edit_url(valbelle, placed, "site"))) == [7.2, 46.2, 7.2, 46.2]
    other = create(valbelle, valbelle.rochefort, "Sans contour")
    assert box_of(signed_in(people.neighbour).get(edit_url(valbelle, other, "site"))) == []


def test_the_editor_knows_of_the_network_once_there_is_one(valbelle: Valbelle, people: People) -> None:
    measure = create(valbelle, valbelle.montaigu, "Rue")
    client = signed_in(people.lead)
    before = client.get(edit_url(valbelle, measure, "site")).content.decode()
    assert "data-map-network" not in before and "data-edit-snap" not in before
    signed_in(people.governor).post(url(valbelle), sent(LINE))
    after = client.get(edit_url(valbelle, measure, "site")).content.decode()
    assert f'data-map-network="{url(valbelle, "network_lines")}"' in after
    assert 'data-edit-act="snap"' in after


def test_a_site_on_the_network_remembers_it_and_forgets_it_when_moved_off(
    valbelle: Valbelle, people: People
) -> None:
    signed_in(people.governor).post(url(valbelle), sent(LINE))
    measure = create(valbelle, valbelle.montaigu, "Rue")
    client = signed_in(people.lead)

    def save(geometry: Any, item: Any = None) -> Site:
        page = client.get(edit_url(valbelle, measure, "site", item))
        version = re.search(r'name="version" value="(\d+)"', page.content.decode())
        assert version is not None
        given = {"geometry": json.dumps(geometry), "version": version.group(1), "act": "save"}
        answer = client.post(edit_url(valbelle, measure, "site", item), given)
        assert answer.status_code == 302, answer.content.decode()[:3000]
        return Site.objects.get(measure_id=measure)

    site = save(LINE)
    assert site.method == states.SiteMethod.NETWORK
    aside = {"type": "LineString", "coordinates": [[7.3, 46.2], [7.32, 46.2105]]}
    assert save(aside, site.pk).method == states.SiteMethod.DRAWN, "55 m off the road at one end"
    assert save({"type": "Point", "coordinates": [7.31, 46.205]}, site.pk).method == states.SiteMethod.NETWORK


@pytest.mark.parametrize(("name", "body", "count"), [("tour.gpx", GPX, 2), ("digues.kml", KML, 2)])
def test_sites_come_from_gpx_and_kml(
    valbelle: Valbelle, people: People, name: str, body: str, count: int
) -> None:
    measure = create(valbelle, valbelle.montaigu, "Berges")
    address = edit_url(valbelle, measure, "import-sites")
    client = signed_in(people.lead)
    version = re.search(r'name="version" value="(\d+)"', client.get(address).content.decode())
    assert version is not None
    given = {"file": SimpleUploadedFile(name, body.encode()), "version": version.group(1), "act": "save"}
    answer = client.post(address, given)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    sites = Site.objects.filter(measure_id=measure)
    assert sites.count() == count
    assert {site.name for site in sites} <= {"Borne", "Tour", "Digue", "Rive"}
    assert {site.method for site in sites} == {states.SiteMethod.IMPORTED}
