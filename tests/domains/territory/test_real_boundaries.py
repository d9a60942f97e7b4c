"""The three French intercommunal bodies and the Swiss file, as they were published."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from belvedere.domains.access.public import Actor
from belvedere.domains.territory.public import (
    BoundaryMapping,
    Level,
    MembershipMapping,
    OrganisationKind,
    create_organisation,
    import_boundaries,
    import_memberships,
    open_territory,
    perimeter,
    place_by_code,
    places_of,
    populations,
    territory_by_slug,
)
from tests.realdata import real_data

pytestmark = [pytest.mark.django_db, pytest.mark.realdata]
SYSTEM = Actor.system()
FRENCH = BoundaryMapping(
    scheme="INSEE",
    code="code",
    names={"fr": "nom"},
    codes={"SIREN": "siren"},
    parent_scheme="SIREN",
    parent_code="epci",
    populations={2026: "populationTotale2026"},
)
PMA = "200065647"


def french(slug: str, siren: str) -> Any:
    open_territory(
        actor=SYSTEM,
        slug=slug,
        names={"fr": slug},
        country="FR",
        currency="EUR",
        zone="Europe/Paris",
        level=Level.INTERCOMMUNAL,
        codes={"SIREN": siren},
    )
    return territory_by_slug(slug)


@pytest.mark.parametrize(
    ("name", "siren", "communes"),
    [("phva", "245701404", 8), ("pma", PMA, 73), ("ccvh", "243400694", 28)],
)
def test_the_french_files_load_and_twice_changes_nothing(name: str, siren: str, communes: int) -> None:
    territory = french(name, siren)
    file = real_data(f"territory/boundaries/{name}-communes.geojson")

    def load() -> Any:
        return import_boundaries(
            actor=SYSTEM, territory_id=territory.id, file=file, mapping=FRENCH, source="IGN", licence="LO 2.0"
        )

    first = load()
    assert (first.places_created, first.boundaries_set, first.refused) == (communes, communes, [])
    assert len(places_of(territory, level=Level.COMMUNE)) == communes
    second = load()
    assert (second.changes, second.unchanged) == (0, communes)


def test_montbeliard_had_72_communes_until_2023_and_has_73() -> None:
    territory = french("pma", PMA)
    import_boundaries(
        actor=SYSTEM,
        territory_id=territory.id,
        file=real_data("territory/boundaries/pma-communes.geojson"),
        mapping=FRENCH,
        source="IGN",
    )
    table = real_data("territory/population/population-legale-2021-2026.csv")
    mapping = MembershipMapping(
        year="millesime_cog",
        code="code",
        body="epci",
        name="nom",
        body_name="epci_nom",
        populations={"total": "population_totale", "municipal": "population_municipale"},
    )

    def load() -> Any:
        return import_memberships(
            actor=SYSTEM, territory_id=territory.id, file=table, mapping=mapping, source="Insee"
        )

    load()
    body = create_organisation(
        actor=SYSTEM,
        territory_id=territory.id,
        kind=OrganisationKind.INTERCOMMUNAL,
        names={"fr": "Pays de Montbéliard Agglomération"},
        place_ids=[territory.place_id],
    )
    counts = [len(perimeter(body, date(year, 6, 1), Level.COMMUNE)) for year in range(2021, 2027)]
    assert counts == [72, 72, 72, 73, 73, 73]
    assert len(perimeter(body, date(2023, 12, 31), Level.COMMUNE)) == 72
    assert len(places_of(territory, date(2024, 1, 1), Level.COMMUNE)) == 73
    montbeliard = place_by_code("INSEE", "25388")
    assert [p.year for p in populations([montbeliard.id], "total")] == list(range(2021, 2027))
    assert load().changes == 0


def test_the_swiss_file_loads() -> None:
    open_territory(
        actor=SYSTEM, slug="valais", names={"fr": "Valais"}, country="CH", currency="CHF", level=Level.REGION
    )
    territory = territory_by_slug("valais")
    report = import_boundaries(
        actor=SYSTEM,
        territory_id=territory.id,
        file=real_data("territory/swiss/valais-communes-2024.geojson"),
        mapping=BoundaryMapping(scheme="BFS", code="bfs", names={"fr": "nom"}),
        source="BFS",
    )
    assert (report.places_created, report.refused) == (122, [])
    bounds = territory_by_slug("valais").bounds
    assert bounds is not None
    assert 6.7 < bounds.west < bounds.east < 8.5
