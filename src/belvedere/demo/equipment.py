"""Equipment of the demo: cabinets with their luminaires, containers, meters, and who maintains them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from belvedere.demo.people import CONTRACTOR
from belvedere.domains.access.public import Actor
from belvedere.domains.equipment import public as equipment
from belvedere.domains.equipment.public import EquipmentDraft, Facts, ResponseTimes, Terms
from belvedere.domains.territory.public import (
    OrganisationDraft,
    OrganisationKind,
    TerritoryView,
    create_organisations,
)
from belvedere.domains.twin import public as twin
from belvedere.kernel.clock import now
from belvedere.kernel.severity import Severity

CONTRACTOR_NAMES = {"fr": "Lumens du Coteau SA", "de": "Lumens du Coteau AG"}
TIMES = {
    Severity.CRITICAL: ResponseTimes(
        Decimal("0.5"), Decimal(2), Decimal(8), round_the_clock=True, penalty=Decimal(150)
    ),
    Severity.MAJOR: ResponseTimes(Decimal(1), Decimal(4), Decimal(24), penalty=Decimal(80)),
    Severity.MINOR: ResponseTimes(Decimal(8), None, Decimal(120)),
}
LAMPS_A_CABINET = 12
MOST_LAMPS, MOST_OTHERS = 48, 20
TOWNS = ("sierre", "sion")
OTHERS = ("waste-container", "water-consumption", "off-street-parking", "weather")
MODELS = {
    "luminaire": ("Luxer", "LX-40 W"),
    "cabinet": ("Tableaux du Rhône", "TR-24"),
    "container": ("Bisse Métal", "PAV 5 m³"),
    "water-meter": ("Aquamètre", "DN 20"),
    "parking-sensor": ("Parcom", "P2"),
    "weather-station": ("Foehn", "F-7"),
}


def contractor(actor: Actor, territory: TerritoryView) -> UUID:
    """The company that maintains the street lights."""
    draft = OrganisationDraft(kind=OrganisationKind.PRIVATE, names=CONTRACTOR_NAMES)
    return create_organisations(actor=actor, territory_id=territory.id, drafts=[draft])[0]


def fill(actor: Actor, territory: TerritoryView, organisations: Mapping[str, UUID]) -> int:
    """Put some of the invented devices into the register; how many pieces there are."""
    drafts: list[EquipmentDraft] = []
    for town in TOWNS:
        owner = organisations[town]
        terms = Terms(
            name=f"Entretien de l’éclairage public, {town.title()}",
            contractor_id=organisations[CONTRACTOR],
            starts_on=date(2025, 1, 1),
            ends_on=date(2029, 12, 31),
            reference=f"EP-{town[:3].upper()}-2025",
            response_times=TIMES,
        )
        contract = equipment.make_contract(actor=actor, territory=territory, owner_id=owner, terms=terms)
        drafts += _lighting(territory, town, owner, contract, _things(actor, territory, owner, "streetlight"))
        for kind in OTHERS:
            some = _things(actor, territory, owner, kind)[:MOST_OTHERS]
            drafts += [_of_thing(owner, territory, one, number) for number, one in enumerate(some)]
    made = equipment.register_many(actor=actor, territory=territory, drafts=drafts)
    _as_it_is(actor, made)
    return len(made)


def _things(actor: Actor, territory: TerritoryView, owner: UUID, kind: str) -> Sequence[twin.Dot]:
    found = twin.entities_in(
        actor, territory.id, kinds=[kind], owners=[owner], limit=MOST_LAMPS, values=False
    ).dots
    return sorted(found, key=lambda one: (one.longitude or 0.0, one.id))


def _lighting(
    territory: TerritoryView, town: str, owner: UUID, contract: UUID, lamps: Sequence[twin.Dot]
) -> list[EquipmentDraft]:
    """A cabinet for each dozen of lamps that stand near each other, from west to east."""
    found: list[EquipmentDraft] = []
    for first in range(0, len(lamps), LAMPS_A_CABINET):
        some = lamps[first : first + LAMPS_A_CABINET]
        number = first // LAMPS_A_CABINET + 1
        maker, model = MODELS["cabinet"]
        middle = some[len(some) // 2]
        cabinet = EquipmentDraft(
            owner,
            Facts(
                "cabinet",
                f"Armoire {town.title()} {number}",
                number=f"EP-{town[:3].upper()}-{number:02d}",
                maker=maker,
                model=model,
                at=_at(middle),
                installed_on=date(2012 + number, 5, 15),
                contract_id=contract,
            ),
        )
        found.append(cabinet)
        found += [
            _of_thing(owner, territory, one, first + at, parent=cabinet.id, contract=contract)
            for at, one in enumerate(some)
        ]
    return found


def _of_thing(
    owner: UUID,
    territory: TerritoryView,
    thing: twin.Dot,
    number: int,
    *,
    parent: UUID | None = None,
    contract: UUID | None = None,
) -> EquipmentDraft:
    kind = equipment.kind_of_thing(thing.kind)
    maker, model = MODELS[kind]
    installed = date(2018 + number % 6, 1 + number % 12, 1 + number % 28)
    facts = Facts(
        kind,
        thing.names.get(territory.languages[0], thing.kind),
        maker=maker,
        model=model,
        serial=f"{maker[:2].upper()}{installed.year % 100}{thing.id % 100_000:05d}",
        at=_at(thing),
        installed_on=installed,
        warranty_until=installed.replace(year=installed.year + 8),
        parent_id=parent,
        contract_id=contract,
        entity_id=thing.id,
    )
    return EquipmentDraft(owner, facts)


def _at(thing: twin.Dot) -> tuple[float, float] | None:
    return None if thing.longitude is None or thing.latitude is None else (thing.longitude, thing.latitude)


def _as_it_is(actor: Actor, made: Sequence[UUID]) -> None:
    """One is worked on, one will be, one is out of service."""
    at = now().replace(minute=0, second=0, microsecond=0)
    day, hour = timedelta(days=1), timedelta(hours=1)
    soon = at.replace(hour=7) + 5 * day
    for one, start, end, reason in (
        (made[-1], at - 2 * hour, at + day, "Remplacement du capteur"),
        (made[0], soon, soon + 4 * hour, "Contrôle annuel de l’armoire"),
    ):
        equipment.put_under_maintenance(
            actor=actor, equipment_id=one, version=None, starts_at=start, ends_at=end, reason=reason
        )
    equipment.take_out_of_service(
        actor=actor, equipment_id=made[len(made) // 2], version=None, reason="Choc d’un véhicule"
    )
