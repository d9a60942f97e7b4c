"""Reading the register of equipment and the maintenance contracts with their figures."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import Field

from belvedere.domains.equipment import public as equipment
from belvedere.domains.interventions import public as interventions
from belvedere.domains.territory.public import TerritoryView
from belvedere.faces.rest.resources.linking import Paged, further_of, list_at, maybe_at, page_at, read_at
from belvedere.faces.rest.resources.routing import HOLDER, router
from belvedere.faces.rest.resources.seeing import territory_of, worked_in
from belvedere.faces.rest.schemas.equipment import (
    AboveOut,
    ContractList,
    ContractOut,
    ContractRow,
    EquipmentOut,
    EquipmentPage,
    EquipmentRow,
    FigureLine,
    FiguresOut,
    FileOut,
    MaintenanceOut,
)
from belvedere.faces.rest.schemas.shared import Line, checked_day
from belvedere.faces.rest.schemas.words import EquipmentState, Slug
from belvedere.faces.rest.tokens import actor_of
from belvedere.kernel.clock import today
from belvedere.kernel.errors import N_, InvalidInput

TAGS = ["Equipment"]
LONGEST = timedelta(days=3700)


class AskedEquipment(Paged):
    """Values of one name are alternatives; names narrow each other."""

    q: Line = Field(default="", description="Words of numbers, names, makers, places")
    kind: list[Slug] = Field(default=[], max_length=100, description="Such as luminaire")
    state: list[EquipmentState] = Field(default=[], max_length=4)
    owner: list[UUID] = Field(default=[], max_length=100)
    contract: list[UUID] = Field(default=[], max_length=100)
    place: list[UUID] = Field(default=[], max_length=100, description="Communes")
    parent: list[UUID] = Field(default=[], max_length=100, description="What stands straight under these")
    removed: bool = Field(default=False, description="With what was removed")

    def which(self) -> equipment.Wanted:
        return equipment.Wanted(
            text=self.q,
            kinds=self.kind,
            states=self.state,
            owners=self.owner,
            contracts=self.contract,
            places=self.place,
            parents=self.parent,
            with_removed=self.removed,
        )


class AskedFigures(Schema):
    """The days on which interventions were dispatched, both included; else the last twelve months."""

    first: date | None = None
    last: date | None = None

    def days(self, zone: str) -> tuple[date, date]:
        last = checked_day(self.last) or today(zone)
        first = checked_day(self.first) or last - timedelta(days=365)
        if not timedelta(0) <= last - first <= LONGEST:
            raise InvalidInput(
                N_("Ask for a period of a day to {days} days."), days=LONGEST.days, field="first"
            )
        return first, last


@router.get(
    "/territories/{slug:slug}/equipment",
    response=EquipmentPage,
    operation_id="list_equipment",
    auth=HOLDER,
    tags=TAGS,
)
def list_equipment(
    request: HttpRequest, response: HttpResponse, slug: str, asked: Query[AskedEquipment]
) -> Any:
    """The equipment you may see, by number: your organisations', or what your contract covers."""
    here = worked_in(request, slug)
    found = equipment.listed(actor_of(request), here.id, asked.which(), asked.window())
    return EquipmentPage(
        total=found.total,
        next=further_of(request, response, found),
        equipment=[EquipmentRow.of(row, read_at("equipment", equipment_id=row.id)) for row in found.rows],
    )


@router.get(
    "/equipment/{uuid:equipment_id}",
    response=EquipmentOut,
    operation_id="read_equipment",
    url_name="equipment",
    auth=HOLDER,
    tags=TAGS,
)
def read_equipment(request: HttpRequest, equipment_id: UUID) -> Any:
    """One piece of equipment: what it is, what it stands under, its maintenance and files."""
    view = equipment.equipment(actor_of(request), equipment_id)
    return equipment_out(territory_of(request, view.territory_id), view)


def equipment_out(here: TerritoryView, view: equipment.EquipmentView) -> EquipmentOut:
    facts = view.facts
    longitude, latitude = facts.at or (None, None)
    alarms = None if facts.entity_id is None else list_at(here, "alarms", thing=facts.entity_id)
    return EquipmentOut(
        id=view.id,
        territory=here.slug,
        number=facts.number,
        code=view.code,
        kind=facts.kind,
        name=facts.name,
        maker=facts.maker,
        model=facts.model,
        serial=facts.serial,
        where=facts.where,
        notes=facts.notes,
        longitude=longitude,
        latitude=latitude,
        place_id=view.place_id,
        owner_id=view.owner_id,
        installed_on=facts.installed_on,
        warranty_until=facts.warranty_until,
        contract_id=facts.contract_id,
        contract_url=maybe_at("contract", contract_id=facts.contract_id),
        thing_id=facts.entity_id,
        thing_url=maybe_at("thing", thing_id=facts.entity_id),
        state=view.state,
        state_since=view.state_since,
        version=view.version,
        created_at=view.created_at,
        modified_at=view.modified_at,
        above=[AboveOut(id=one.id, number=one.number, name=one.name, kind=one.kind) for one in view.above],
        below=dict(view.below),
        children_url=list_at(here, "equipment", parent=view.id),
        alarms_url=alarms,
        interventions_url=list_at(here, "interventions", equipment=view.id),
        maintenance=[
            MaintenanceOut(starts_at=one.starts_at, ends_at=one.ends_at, reason=one.reason)
            for one in view.maintenance
        ],
        photos=[_file(here, one) for one in view.photos],
        documents=[_file(here, one) for one in view.documents],
        page_url=page_at("equipment:equipment", here, view.id),
    )


def _file(here: TerritoryView, one: equipment.DocumentView) -> FileOut:
    return FileOut.of(one, page_at("equipment:file", here, one.id))


@router.get(
    "/territories/{slug:slug}/contracts",
    response=ContractList,
    operation_id="list_contracts",
    auth=HOLDER,
    tags=TAGS,
)
def list_contracts(request: HttpRequest, slug: str) -> Any:
    """The maintenance contracts that you are a party of or may see: those that run first, then by name."""
    here = worked_in(request, slug)
    found = equipment.contracts(actor_of(request), here.id)
    return ContractList(
        contracts=[ContractRow.of(one, read_at("contract", contract_id=one.id)) for one in found]
    )


@router.get(
    "/contracts/{uuid:contract_id}",
    response=ContractOut,
    operation_id="read_contract",
    url_name="contract",
    auth=HOLDER,
    tags=TAGS,
)
def read_contract(request: HttpRequest, contract_id: UUID) -> Any:
    """One contract: its hours, the times it asks for by severity, its documents."""
    one = equipment.contract(actor_of(request), contract_id)
    here = territory_of(request, one.territory_id)
    return ContractOut(
        url=read_at("contract", contract_id=one.id),
        **ContractRow.members(one),
        territory=here.slug,
        work_days=list(one.work_days),
        works_from=f"{one.works_from:%H:%M}",
        works_until=f"{one.works_until:%H:%M}",
        response_times=ContractOut.times(one),
        notes=one.notes,
        version=one.version,
        documents=[_file(here, file) for file in one.documents],
        equipment_url=list_at(here, "equipment", contract=one.id),
        figures_url=read_at("figures", contract_id=one.id),
    )


@router.get(
    "/contracts/{uuid:contract_id}/figures",
    response=FiguresOut,
    operation_id="read_figures",
    url_name="figures",
    auth=HOLDER,
    tags=TAGS,
)
def read_figures(request: HttpRequest, contract_id: UUID, asked: Query[AskedFigures]) -> Any:
    """How the contract was kept: time to acknowledge, to arrive, to repair, hours late, penalties."""
    actor = actor_of(request)
    here = territory_of(request, equipment.contract(actor, contract_id).territory_id)
    found = interventions.figures(actor, contract_id, *asked.days(here.zone))
    lines = [FigureLine.of(one, read_at("intervention", intervention_id=one.id)) for one in found.lines]
    return FiguresOut.of(found, lines)
