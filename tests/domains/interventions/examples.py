"""A team of the contractor and one of the commune, and interventions on the lighting of the tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.interventions import public as interventions
from tests.lighting import Lighting

JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 64 + b"\xff\xd9"


def team_of(
    lighting: Lighting, leader: Actor, organisation_id: UUID, *members: Actor, name: str = ""
) -> UUID:
    return interventions.save_team(
        actor=leader,
        territory=lighting.territory,
        organisation_id=organisation_id,
        name="Équipe 1",
        people=[one.person_id for one in members if one.person_id],
    )


def electricians(lighting: Lighting) -> UUID:
    """The team of the contractor, with one electrician."""
    return team_of(lighting, Actor.system(), lighting.contractor.pk, lighting.electrician)


def planned(lighting: Lighting, team_id: UUID | None = None, **said: Any) -> UUID:
    """An intervention on the cabinet, planned by the lead."""
    facts = interventions.Facts("Rétablir l’armoire", team_id=team_id)
    equipment_id = said.pop("equipment_id", lighting.cabinet)
    draft = interventions.Draft(replace(facts, **said), equipment_id=equipment_id)
    return interventions.plan(actor=lighting.lead, territory=lighting.territory, draft=draft)


def dispatched(lighting: Lighting, **said: Any) -> UUID:
    made = planned(lighting, electricians(lighting), **said)
    interventions.dispatch(actor=lighting.lead, intervention_id=made)
    return made
