"""Commands to devices, scenes, the ledger of savings, and the log book."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from ninja import Schema
from pydantic import Field

from belvedere.domains.commands import public as commands
from belvedere.domains.logbook import public as logbook
from belvedere.domains.scenes import public as scenes
from belvedere.faces.rest.schemas.words import (
    CommandAct,
    CommandKind,
    CommandState,
    ConfidenceName,
    LogCategory,
)


class CommandRow(Schema):
    """What a device was told, and what became of it."""

    id: UUID
    url: str
    thing_id: int
    names: dict[str, str]
    owner_id: UUID | None
    kind: CommandKind
    value: float | str
    why: str
    state: CommandState
    waits_for_second: bool = Field(
        description="A dangerous one: nothing is sent before a second person confirms"
    )
    created_at: datetime
    expires_at: datetime
    finished_at: datetime | None
    sends: int
    told: str = Field(description="What the device said")

    @classmethod
    def of(cls, one: commands.CommandView, url: str) -> Self:
        return cls(url=url, **cls.members(one))

    @staticmethod
    def members(one: commands.CommandView) -> dict[str, Any]:
        same = (
            "id",
            "owner_id",
            "kind",
            "value",
            "why",
            "state",
            "created_at",
            "expires_at",
            "finished_at",
            "sends",
            "told",
        )
        return {name: getattr(one, name) for name in same} | {
            "thing_id": one.entity_id,
            "names": dict(one.names),
            "waits_for_second": one.waits,
        }


class CommandPage(Schema):
    total: int
    next: str | None
    commands: list[CommandRow]


class CommandStepOut(Schema):
    at: datetime
    act: CommandAct
    by: UUID | None = Field(description="A person; null for the platform and the device")
    note: str


class CommandOut(CommandRow):
    territory: str
    thing_url: str
    asked_by: UUID | None
    confirmed_by: UUID | None
    steps: list[CommandStepOut]
    page_url: str


class MomentOut(Schema):
    """From `at` on this value holds."""

    at: datetime
    value: float | str

    @classmethod
    def of(cls, one: scenes.Moment | None) -> Self | None:
        return None if one is None else cls(at=one.at, value=one.value)


class SceneRow(Schema):
    """What things are told by a calendar."""

    id: UUID
    url: str
    owner_id: UUID
    name: str
    command: CommandKind
    version: int
    is_on: bool
    on_since: datetime | None
    things: int = Field(description="How many it reaches now")
    now: MomentOut | None
    following: MomentOut | None

    @classmethod
    def of(cls, one: scenes.SceneView, url: str) -> Self:
        return cls(url=url, **cls.members(one))

    @staticmethod
    def members(one: scenes.SceneView) -> dict[str, Any]:
        same = ("id", "owner_id", "name", "version", "is_on", "on_since", "things")
        return {name: getattr(one, name) for name in same} | {
            "command": one.body.command,
            "now": MomentOut.of(one.now),
            "following": MomentOut.of(one.next),
        }


class SceneList(Schema):
    scenes: list[SceneRow]


class OverrideOut(Schema):
    """Another value for a time: for an event, or by hand."""

    by_hand: bool
    value: float | str
    since: datetime
    until: datetime
    why: str


class SceneDay(Schema):
    day: date
    sunset: datetime | None
    sunrise: datetime | None
    moments: list[MomentOut]


class SceneOut(SceneRow):
    territory: str
    coming: list[SceneDay] = Field(description="What the programme holds on the coming days")
    overrides: list[OverrideOut]
    page_url: str


class SavingOut(Schema):
    """A line of the ledger: what was used before and after over the same days, and how sure that is."""

    title: str
    owner_id: UUID
    first: date
    last: date
    before_kwh: float
    after_kwh: float
    saved_kwh: float
    saved_money: str
    saved_co2_kg: float
    spent: str | None
    currency: str
    confidence: ConfidenceName
    source: str
    scene_url: str | None
    intervention_url: str | None

    @classmethod
    def of(cls, one: scenes.LedgerLine, scene_url: str | None, intervention_url: str | None) -> Self:
        return cls(
            title=one.title,
            owner_id=one.owner_id,
            first=one.first,
            last=one.last,
            before_kwh=round(one.saved.before_kwh, 3),
            after_kwh=round(one.saved.after_kwh, 3),
            saved_kwh=round(one.saved.kwh, 3),
            saved_money=f"{one.saved.money:.2f}",
            saved_co2_kg=round(one.saved.co2_kg, 3),
            spent=None if one.spent is None else f"{one.spent:.2f}",
            currency=one.currency,
            confidence=one.confidence,
            source=one.source,
            scene_url=scene_url,
            intervention_url=intervention_url,
        )


class SavingsOut(Schema):
    """The ledger of energy and savings; totals of the lines in that currency."""

    currency: str
    saved_kwh: float
    saved_money: str
    saved_co2_kg: float
    spent: str
    lines: list[SavingOut]


class LogEntryOut(Schema):
    """A line of the log book of the desk; never changed, at most struck by another one."""

    id: int
    owner_id: UUID | None = Field(description="Whose log book; null: the territory's")
    happened_at: datetime
    written_at: datetime
    category: LogCategory
    text: str = Field(description="Empty for what wrote itself: see `act` and the link")
    act: str
    by: str = Field(description='Who wrote it; "" for the platform, and for who was erased')
    hand_over: bool
    strikes: int | None
    struck_by: int | None
    place_id: UUID | None
    thing_id: int | None
    alarm_url: str | None
    intervention_url: str | None
    command_url: str | None

    @classmethod
    def of(cls, one: logbook.EntryView, **urls: str | None) -> Self:
        same = (
            "id",
            "owner_id",
            "happened_at",
            "written_at",
            "category",
            "text",
            "act",
            "by",
            "hand_over",
            "strikes",
            "struck_by",
            "place_id",
        )
        told: dict[str, Any] = {name: getattr(one, name) for name in same}
        return cls(thing_id=one.entity_id, **(told | urls))


class LogPage(Schema):
    total: int
    next: str | None
    entries: list[LogEntryOut]
