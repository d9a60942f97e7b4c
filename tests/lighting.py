"""A cabinet with two luminaires of Montaigu, and a contractor with a contract for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

if TYPE_CHECKING:
    from belvedere.domains.access.public import Actor
    from belvedere.domains.equipment.public import ResponseTimes
    from belvedere.domains.territory.public import TerritoryView
    from belvedere.kernel.severity import Severity
    from tests.people import People, Valbelle


def times() -> dict[Severity, ResponseTimes]:
    """What the contract of the tests asks for."""
    from belvedere.domains.equipment.public import ResponseTimes
    from belvedere.kernel.severity import Severity

    return {
        Severity.MAJOR: ResponseTimes(Decimal(1), Decimal(4), Decimal(24), penalty=Decimal(50)),
        Severity.CRITICAL: ResponseTimes(Decimal("0.5"), Decimal(2), Decimal(8), round_the_clock=True),
    }


@dataclass
class Lighting:
    """The register of the tests. `electrician` works for the contractor, `rival` for another one."""

    territory: TerritoryView
    owner_id: UUID
    contractor: Any
    lead: Actor
    electrician: Actor
    rival: Actor
    contract_id: UUID
    cabinet: UUID
    lamps: tuple[UUID, UUID]
    alone: UUID  # a luminaire without a contract
    register: Callable[..., UUID] = field(repr=False)


@pytest.fixture
def lighting(people: People, valbelle: Valbelle) -> Lighting:
    return make_lighting(people, valbelle)


def make_lighting(people: People, valbelle: Valbelle) -> Lighting:
    from belvedere.domains.access.models import Membership, Person
    from belvedere.domains.access.public import Role, actor_of
    from belvedere.domains.equipment import public as equipment
    from belvedere.domains.equipment.public import EquipmentDraft, Facts, Terms
    from belvedere.domains.territory.models import Organisation
    from belvedere.domains.territory.public import territory_by_slug

    def works_for(name: str) -> tuple[Any, Actor]:
        body = Organisation.objects.create(
            territory=valbelle.territory, kind="private", names={"fr": name}, search=name.lower()
        )
        person = Person.objects.create(email=f"{name.lower()}@example.org", display_name=name)
        Membership.objects.create(person=person, organisation=body, role=Role.READER)
        return body, actor_of(person)

    contractor, electrician = works_for("Lumelec")
    _other, rival = works_for("Voltis")
    territory, lead = territory_by_slug("valbelle"), people.actor("lead")
    owner_id = valbelle.montaigu.pk

    def register(kind: str, name: str, owner: UUID | None = None, actor: Actor = lead, **said: Any) -> UUID:
        return equipment.register_equipment(
            actor=actor,
            territory=territory,
            draft=EquipmentDraft(owner or owner_id, Facts(kind, name, **said)),
        )

    contract_id = equipment.make_contract(
        actor=lead,
        territory=territory,
        owner_id=owner_id,
        terms=Terms("Éclairage public", contractor.pk, date(2020, 1, 1), response_times=times()),
    )
    cabinet = register("cabinet", "Armoire de la gare", number="EP-1", contract_id=contract_id)
    lamps = tuple(
        register("luminaire", f"Rue de la Gare {n}", parent_id=cabinet, contract_id=contract_id)
        for n in (1, 2)
    )
    return Lighting(
        territory=territory,
        owner_id=owner_id,
        contractor=contractor,
        lead=lead,
        electrician=electrician,
        rival=rival,
        contract_id=contract_id,
        cabinet=cabinet,
        lamps=(lamps[0], lamps[1]),
        alone=register("luminaire", "Place du Village"),
        register=register,
    )
