"""A container of Montaigu with its device, as the verbs make them."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def territory(valbelle: Any) -> Any:
    from belvedere.domains.territory.public import territory_by_slug

    return territory_by_slug("valbelle")


@pytest.fixture
def container(valbelle: Any, territory: Any) -> Any:
    import shapely

    from belvedere.domains.access.public import Actor
    from belvedere.domains.twin import public as twin
    from belvedere.kernel.clock import standing_at
    from belvedere.kernel.geometry import Shape
    from tests.domains.twin.things import AT, Bin

    with standing_at(AT):
        entity_id = twin.create_entity(
            actor=Actor.system(),
            territory=territory,
            draft=twin.EntityDraft(
                kind="waste-container",
                names={"fr": "PAV de l’Église", "de": "Sammelstelle Kirche"},
                owner_id=valbelle.montaigu.pk,
                shape=Shape(shapely.Point(7.53, 46.29)),
            ),
        )
        secret = twin.register_device(
            actor=Actor.system(), territory=territory, draft=twin.DeviceDraft("eglise-1", entity_id)
        )
    feed = twin.feeds([("valbelle", "eglise-1")])["valbelle", "eglise-1"]
    return Bin(territory, entity_id, secret, {one.term: one.series_id for one in feed.fields.values()})
