"""Equipment and the contracts that maintain it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from ninja import Schema
from pydantic import Field

from belvedere.domains.equipment.public import ContractView, DocumentView, Row
from belvedere.domains.interventions.public import Figures, Held, Line
from belvedere.faces.rest.schemas.shared import MoneyOut
from belvedere.faces.rest.schemas.words import (
    ContractStep,
    EquipmentState,
    InterventionState,
    SeverityName,
    severity_name,
)


class EquipmentRow(Schema):
    id: UUID
    url: str
    number: str = Field(description="What people call it, its owner's own", examples=["EP-12"])
    code: str = Field(description="What its label carries")
    kind: str
    name: str
    where: str
    longitude: float | None
    latitude: float | None
    place_id: UUID | None
    owner_id: UUID
    contract_id: UUID | None
    thing_id: int | None = Field(description="The thing of the live territory that it is")
    state: EquipmentState
    maker: str
    model: str
    children: int = Field(description="How many pieces stand straight under it")

    @classmethod
    def of(cls, row: Row, url: str) -> Self:
        longitude, latitude = row.at or (None, None)
        return cls(
            id=row.id,
            url=url,
            number=row.number,
            code=row.code,
            kind=row.kind,
            name=row.name,
            where=row.where,
            longitude=longitude,
            latitude=latitude,
            place_id=row.place_id,
            owner_id=row.owner_id,
            contract_id=row.contract_id,
            thing_id=row.entity_id,
            state=row.state,
            maker=row.maker,
            model=row.model,
            children=row.children,
        )


class EquipmentPage(Schema):
    total: int
    next: str | None
    equipment: list[EquipmentRow]


class FileOut(Schema):
    """A photo or document by its name; `url` opens it in a signed-in browser."""

    id: UUID
    title: str
    file_name: str
    media_type: str
    size_bytes: int
    added_at: datetime
    url: str

    @classmethod
    def of(cls, one: DocumentView, url: str) -> Self:
        return cls(
            id=one.id,
            title=one.title,
            file_name=one.file_name,
            media_type=one.media_type,
            size_bytes=one.size_bytes,
            added_at=one.added_at,
            url=url,
        )


class AboveOut(Schema):
    id: UUID
    number: str
    name: str
    kind: str


class MaintenanceOut(Schema):
    starts_at: datetime
    ends_at: datetime | None
    reason: str


class EquipmentOut(Schema):
    """A piece of equipment with all there is to tell."""

    id: UUID
    territory: str
    number: str
    code: str
    kind: str
    name: str
    maker: str
    model: str
    serial: str
    where: str
    notes: str
    longitude: float | None
    latitude: float | None
    place_id: UUID | None
    owner_id: UUID
    installed_on: date | None
    warranty_until: date | None
    contract_id: UUID | None
    contract_url: str | None
    thing_id: int | None
    thing_url: str | None
    state: EquipmentState
    state_since: datetime
    version: int
    created_at: datetime
    modified_at: datetime
    above: list[AboveOut] = Field(description="What it stands under, the nearest last")
    below: dict[str, int] = Field(description="How many stand under it at any depth, by kind")
    children_url: str = Field(description="Those that stand straight under it")
    alarms_url: str | None
    interventions_url: str
    maintenance: list[MaintenanceOut]
    photos: list[FileOut]
    documents: list[FileOut]
    page_url: str


class ResponseOut(Schema):
    """Hours to each step for faults of one severity, null where nothing is agreed."""

    severity: SeverityName
    acknowledge_h: str | None
    arrive_h: str | None
    repair_h: str | None
    round_the_clock: bool
    penalty: str | None = Field(description="For each hour late, in the currency of the contract")


class ContractRow(Schema):
    """Who maintains what for an organisation, and how fast."""

    id: UUID
    url: str
    name: str
    reference: str
    owner_id: UUID
    contractor_id: UUID
    starts_on: date
    ends_on: date | None = Field(description="The last day")
    is_running: bool
    currency: str
    equipment: int = Field(description="How many pieces you see that it covers")

    @classmethod
    def of(cls, one: ContractView, url: str) -> Self:
        return cls(url=url, **cls.members(one))

    @staticmethod
    def members(one: ContractView) -> dict[str, Any]:
        names = (
            "id",
            "name",
            "reference",
            "owner_id",
            "contractor_id",
            "starts_on",
            "ends_on",
            "is_running",
            "currency",
            "equipment",
        )
        return {name: getattr(one, name) for name in names}


class ContractList(Schema):
    contracts: list[ContractRow]


class ContractOut(ContractRow):
    territory: str
    work_days: list[int] = Field(description="1 is Monday")
    works_from: str = Field(examples=["07:00"])
    works_until: str = Field(examples=["17:00"])
    response_times: list[ResponseOut]
    notes: str
    version: int
    documents: list[FileOut]
    equipment_url: str
    figures_url: str

    @staticmethod
    def times(one: ContractView) -> list[ResponseOut]:
        return [
            ResponseOut(
                severity=severity_name(severity),
                acknowledge_h=_text(said.acknowledge_h),
                arrive_h=_text(said.arrive_h),
                repair_h=_text(said.repair_h),
                round_the_clock=said.round_the_clock,
                penalty=_text(said.penalty),
            )
            for severity, said in sorted(one.response_times.items(), reverse=True)
        ]


def _text(number: object) -> str | None:
    return None if number is None else str(number)


class HeldOut(Schema):
    """A step of an intervention against the contract; `took_h`: since it was dispatched."""

    step: ContractStep
    due: datetime | None
    done: datetime | None
    took_h: str | None
    late_h: str

    @classmethod
    def of(cls, one: Held) -> Self:
        return cls(
            step=one.step, due=one.due, done=one.done, took_h=_text(one.took_h), late_h=str(one.late_h)
        )


class FigureLine(Schema):
    intervention_id: UUID
    url: str
    number: str
    what: str
    severity: SeverityName
    state: InterventionState
    dispatched_at: datetime
    steps: list[HeldOut]
    late_h: str
    penalty: MoneyOut | None

    @classmethod
    def of(cls, one: Line, url: str) -> Self:
        return cls(
            intervention_id=one.id,
            url=url,
            number=one.number,
            what=one.what,
            severity=severity_name(one.severity),
            state=one.state,
            dispatched_at=one.dispatched_at,
            steps=[HeldOut.of(step) for step in one.steps],
            late_h=str(one.late_h),
            penalty=MoneyOut.of(one.penalty),
        )


class StepFigures(Schema):
    step: ContractStep
    asked: int
    done: int
    late: int
    median_h: str | None
    late_h: str


class FiguresOut(Schema):
    """How a contract was kept from the first to the last day; both parties read the same."""

    contract_id: UUID
    first: date
    last: date
    at: datetime
    late: int
    late_h: str
    penalties: list[MoneyOut]
    steps: list[StepFigures]
    interventions: list[FigureLine]

    @classmethod
    def of(cls, one: Figures, lines: list[FigureLine]) -> Self:
        return cls(
            contract_id=one.contract.id,
            first=one.first,
            last=one.last,
            at=one.at,
            late=one.late,
            late_h=str(one.late_h),
            penalties=[money for penalty in one.penalties if (money := MoneyOut.of(penalty))],
            steps=[
                StepFigures(
                    step=step.step,
                    asked=step.asked,
                    done=step.done,
                    late=step.late,
                    median_h=_text(step.median_h),
                    late_h=str(step.late_h),
                )
                for step in one.steps
            ],
            interventions=lines,
        )
