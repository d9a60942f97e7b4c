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
    FieldDraft,
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

    def add(self, key: str, kind: str, *terms: str, per_minute: int = 600) -> None:
        """A thing with a device, that tells these (the usual ones of its kind where none is named)."""
        actor, territory = Actor.system(), territory_by_slug("valbelle")
        fields = {term: FieldDraft(term) for term in terms} or None
        self.entities[key] = create_entity(actor=actor, territory=territory, draft=EntityDraft(kind=kind))
        draft = DeviceDraft(key, self.entities[key], fields, per_minute=per_minute)
        self.secrets[key] = register_device(actor=actor, territory=territory, draft=draft)


@pytest.fixture
def things(valbelle: Valbelle) -> Things:
    territory = territory_by_slug("valbelle")
    found = Things(territory.id, {}, {})
    for key, kind, per_minute in (("bin", "waste-container", 600), ("noise", "noise-level", 20)):
        found.add(key, kind, per_minute=per_minute)
    return found
