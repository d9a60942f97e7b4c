"""What a text finds: the names of a measure's sites and places too, kept up with them."""

from __future__ import annotations

from importlib import import_module
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.models import Measure
from belvedere.domains.plans.public import (
    MeasureFilter,
    actions,
    money_actions,
    page,
    queries,
    states,
    values,
)
from belvedere.domains.territory.models import Place
from belvedere.kernel.geometry import from_geojson
from tests.domains.plans.drafts import draft

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def site(name: str) -> values.SiteDraft:
    shape = from_geojson({"type": "Point", "coordinates": [7.4, 46.2]})
    return values.SiteDraft(name=name, shape=shape, method=states.SiteMethod.DRAWN)


def create(valbelle: Any, **more: Any) -> UUID:
    made = draft(valbelle.montaigu, **more)
    return actions.create_measure(actor=SYSTEM, territory_id=valbelle.territory.pk, draft=made)


def found(valbelle: Any, text: str) -> list[UUID]:
    which = MeasureFilter(text=text)
    return [row.id for row in queries.measure_rows(SYSTEM, valbelle.territory.pk, which, language="fr").rows]


def test_a_measure_is_found_by_its_site_and_its_place(valbelle: Any) -> None:
    village = Place.objects.create(
        country="CH", level="commune", names={"fr": "Évolène", "de": "Evolena"}, search="evolene"
    )
    measure = create(valbelle, sites=(site("Carrefour des Îles"),), place_ids=(village.pk,))
    other = create(valbelle, title="Autre")
    for text in ("carrefour iles", "ÉVOLÈNE", "evolena", "voie evolene"):
        assert found(valbelle, text) == [measure], text
    assert other not in found(valbelle, "iles")


def test_what_is_found_follows_the_sites(valbelle: Any) -> None:
    measure = create(valbelle)
    money_actions.add_site(actor=SYSTEM, measure_id=measure, version=None, draft=site("Pont du Rhône"))
    assert found(valbelle, "rhone") == [measure]
    (drawn,) = page.measure_page(SYSTEM, measure, language="fr").sites
    money_actions.remove_site(actor=SYSTEM, measure_id=measure, version=None, site_id=drawn.id)
    assert found(valbelle, "rhone") == []


def test_rows_that_were_there_before_are_completed_once(valbelle: Any) -> None:
    measure = create(valbelle, sites=(site("Pont du Rhône"),))
    Measure.objects.filter(pk=measure).update(search="voie verte")
    complete = import_module("belvedere.domains.plans.migrations.0009_search_places").add_names
    complete(apps)
    complete(apps)
    assert Measure.objects.get(pk=measure).search == "voie verte pont du rhone"
