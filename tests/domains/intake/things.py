"""A bin and a street light of Montaigu with their devices, and one of Rochefort."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest

from belvedere.domains.access.public import Actor
from belvedere.domains.intake import feeding
from belvedere.domains.territory.public import territory_by_slug
from belvedere.domains.twin.public import (
    DeviceDraft,
    EntityDraft,
    NewSecret,
    create_entity,
    register_device,
)
from tests.people import Valbelle


@pytest.fixture(autouse=True)
def _database_goes_back_in_time() -> Iterator[None]:
    feeding.forget()
    yield
    feeding.forget()


@dataclass
class Things:
    territory_id: UUID
    entities: dict[str, int]
    secrets: dict[str, NewSecret]


@pytest.fixture
def things(valbelle: Valbelle) -> Things:
    territory = territory_by_slug("valbelle")
    found = Things(territory.id, {}, {})
    for key, kind, per_minute in (("bin", "waste-container", 600), ("noise", "noise-level", 20)):
        entity = create_entity(actor=Actor.system(), territory=territory, draft=EntityDraft(kind=kind))
        draft = DeviceDraft(key=key, entity_id=entity, per_minute=per_minute)
        found.secrets[key] = register_device(actor=Actor.system(), territory=territory, draft=draft)
        found.entities[key] = entity
    return found
