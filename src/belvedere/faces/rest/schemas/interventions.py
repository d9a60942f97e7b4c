"""Interventions and the teams that do them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from ninja import Schema
from pydantic import Field

from belvedere.domains.interventions import public as interventions
from belvedere.faces.rest.schemas.shared import MoneyOut
from belvedere.faces.rest.schemas.words import (
    InterventionAct,
    InterventionKind,
    InterventionState,
    SeverityName,
    severity_name,
)


class InterventionRow(Schema):
    id: UUID
    url: str
    number: str
    what: str
    kind: InterventionKind
    priority: SeverityName
    state: InterventionState
    where: str
    longitude: float | None
    latitude: float | None
    owner_id: UUID
    equipment_id: UUID | None
    contract_id: UUID | None
    team_id: UUID | None
    team: str
    planned_on: date | None
    order: int = Field(description="Its place among the visits of the day")
    due: datetime | None = Field(description="What the contract asks for next")
    late: bool
    version: int

    @classmethod
    def of(cls, row: interventions.Row, url: str) -> Self:
        return cls(url=url, **cls.members(row))

    @staticmethod
    def members(row: interventions.Row) -> dict[str, Any]:
        same = (
            "id",
            "number",
            "what",
            "kind",
            "state",
            "where",
            "owner_id",
            "equipment_id",
            "contract_id",
            "team_id",
            "team",
            "planned_on",
            "order",
            "due",
            "late",
            "version",
        )
        longitude, latitude = row.at or (None, None)
        return {name: getattr(row, name) for name in same} | {
            "priority": severity_name(row.priority),
            "longitude": longitude,
            "latitude": latitude,
        }


class InterventionPage(Schema):
    total: int
    next: str | None
    interventions: list[InterventionRow]


class CheckPoint(Schema):
    """A point of the checklist."""

    position: int
    words: str
    done_at: datetime | None


class InterventionStepOut(Schema):
    """A step of the timeline: when it was done, and when the platform learned of it."""

    at: datetime
    known_at: datetime
    act: InterventionAct
    before: str
    after: str
    by: str
    note: str


class PartOut(Schema):
    words: str
    quantity: str
    cost: MoneyOut | None


class PhotoOut(Schema):
    """A photo of the work; `url` gives the picture to the same token."""

    id: UUID
    url: str
    caption: str
    taken_at: datetime
    longitude: float | None
    latitude: float | None


class SignatureOut(Schema):
    name: str
    signed_at: datetime
    url: str | None = Field(description="What was drawn; null where only the name was given")


class InterventionOut(InterventionRow):
    """An intervention with its times, what was used and the proof."""

    territory: str
    details: str
    skills: str
    remark: str
    thing_id: int | None
    thing_url: str | None
    equipment_url: str | None
    alarm_id: int | None
    alarm_url: str | None
    assigned: str
    created_at: datetime
    dispatched_at: datetime | None
    accepted_at: datetime | None
    arrived_at: datetime | None
    finished_at: datetime | None
    due_acknowledge: datetime | None
    due_arrive: datetime | None
    due_repair: datetime | None
    minutes: int = Field(description="Worked in all")
    parts: list[PartOut]
    unpriced_minutes: int = Field(description="Of these, noted while the team had no hourly rate")
    labour: MoneyOut | None = Field(description="Of the other minutes, by the rate when they were noted")
    cost: MoneyOut | None = Field(description="Of the parts whose cost is known")
    points: list[CheckPoint]
    photos: list[PhotoOut]
    signature: SignatureOut | None
    steps: list[InterventionStepOut]
    page_url: str

    @staticmethod
    def told(view: interventions.InterventionView) -> dict[str, Any]:
        """What is the same in the view."""
        same = (
            "details",
            "skills",
            "remark",
            "alarm_id",
            "assigned",
            "created_at",
            "dispatched_at",
            "accepted_at",
            "arrived_at",
            "finished_at",
            "due_acknowledge",
            "due_arrive",
            "due_repair",
            "minutes",
        )
        return {name: getattr(view, name) for name in same} | {
            "thing_id": view.entity_id,
            "unpriced_minutes": view.unpriced,
            "labour": MoneyOut.of(view.labour),
            "cost": MoneyOut.of(view.cost),
            "parts": [
                PartOut(words=one.words, quantity=str(one.quantity), cost=MoneyOut.of(one.cost))
                for one in view.parts
            ],
            "points": [
                CheckPoint(position=one.position, words=one.words, done_at=one.done_at) for one in view.points
            ],
            "steps": [
                InterventionStepOut(
                    at=one.at,
                    known_at=one.known_at,
                    act=one.act,
                    before=one.before,
                    after=one.after,
                    by=one.by,
                    note=one.note,
                )
                for one in view.steps
            ],
        }


class MemberOut(Schema):
    id: UUID
    name: str


class TeamOut(Schema):
    id: UUID
    organisation_id: UUID
    name: str
    people: list[MemberOut]


class TeamList(Schema):
    teams: list[TeamOut]
