"""Rules and the alarms they raise."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from ninja import Schema
from pydantic import Field

from belvedere.domains.automation import public as automation
from belvedere.faces.rest.saying import sentence_of
from belvedere.faces.rest.schemas.words import AlarmAct, AlarmStateName, SeverityName, severity_name


class RuleRow(Schema):
    """What is watched. `sentence` says it in the language asked for."""

    id: int
    url: str
    owner_id: UUID | None = Field(description="null: of the territory")
    name: str
    sentence: str
    severity: SeverityName
    version: int
    is_on: bool
    changed_at: datetime
    switched_at: datetime | None
    open_alarms: int

    @classmethod
    def of(cls, one: automation.RuleView, url: str) -> Self:
        return cls(url=url, **cls.members(one))

    @staticmethod
    def members(one: automation.RuleView) -> dict[str, Any]:
        return {
            "id": one.id,
            "owner_id": one.owner_id,
            "name": one.name,
            "sentence": sentence_of(one.body, one.severity),
            "severity": severity_name(one.severity),
            "version": one.version,
            "is_on": one.is_on,
            "changed_at": one.changed_at,
            "switched_at": one.switched_at,
            "open_alarms": one.open_alarms,
        }


class RulePage(Schema):
    total: int
    next: str | None
    rules: list[RuleRow]


class RuleOut(RuleRow):
    """A rule in one version."""

    territory: str
    is_removed: bool
    reason: str = Field(description="Why it was changed")
    body: dict[str, Any] = Field(description="What it watches and the conditions, as the platform keeps them")
    versions: list[int]


class RaisedByOut(Schema):
    """A value that raised an alarm."""

    attribute: str
    number: float | None
    text: str
    unit: str
    at: datetime | None
    series_id: int
    usual: float | None = Field(description="What the number was compared with")
    foreseen_at: datetime | None = Field(None, description="For when the number is foreseen")
    among: int | None = Field(None, description="How many things were judged together")
    counted: int | None = Field(None, description="How many of them were wrong")
    thing_id: int | None = Field(None, description="One of those that were wrong")
    names: dict[str, str] = Field(default_factory=dict, description="Of that one")


class AlarmRow(Schema):
    id: int
    url: str
    rule_id: int
    rule_version: int
    rule_name: str
    thing_id: int | None = Field(description="None: it stands for all things of its rule")
    kind: str
    names: dict[str, str]
    owner_id: UUID | None
    place_id: UUID | None
    longitude: float | None
    latitude: float | None
    severity: SeverityName
    state: AlarmStateName
    times: int = Field(description="How often it was raised")
    raised_at: datetime
    first_raised_at: datetime
    acknowledged_at: datetime | None
    cleared_at: datetime | None
    closed_at: datetime | None
    shelved_until: datetime | None
    shelved_why: str
    parent_id: int | None = Field(description="The alarm it is grouped beneath")
    children: int = Field(description="How many open ones are grouped beneath it")
    values: list[RaisedByOut]

    @classmethod
    def of(cls, one: automation.AlarmView, url: str) -> Self:
        return cls(url=url, **cls.members(one))

    @staticmethod
    def members(one: automation.AlarmView) -> dict[str, Any]:
        same = (
            "id",
            "rule_id",
            "rule_name",
            "kind",
            "owner_id",
            "place_id",
            "longitude",
            "latitude",
            "state",
            "times",
            "raised_at",
            "first_raised_at",
            "acknowledged_at",
            "cleared_at",
            "closed_at",
            "shelved_until",
            "shelved_why",
            "parent_id",
            "children",
        )
        return {name: getattr(one, name) for name in same} | {
            "rule_version": one.version,
            "thing_id": one.thing_id,
            "names": dict(one.names),
            "severity": severity_name(one.severity),
            "values": [
                RaisedByOut(
                    attribute=value.attribute,
                    number=value.number,
                    text=value.text,
                    unit=value.unit,
                    at=value.at,
                    series_id=value.series_id,
                    usual=value.usual,
                    foreseen_at=value.foreseen_at,
                    among=value.among,
                    counted=value.counted,
                    thing_id=value.thing,
                    names=dict(value.names),
                )
                for value in one.values
            ],
        }


class AlarmPageOut(Schema):
    total: int
    by_state: dict[str, int]
    by_severity: dict[str, int] = Field(description="Of those that go on")
    next: str | None
    alarms: list[AlarmRow]


class AlarmStepOut(Schema):
    """A step of the timeline. `by`: "" for the platform, and for who was erased."""

    at: datetime
    act: AlarmAct
    before: str
    after: str
    by: str
    note: str

    @classmethod
    def of(cls, one: automation.StepView) -> Self:
        return cls(at=one.at, act=one.act, before=one.before, after=one.after, by=one.by, note=one.note)


class AlarmOut(AlarmRow):
    """An alarm with its timeline, and the rule as it was when the alarm was raised."""

    territory: str
    thing_url: str | None
    rule: RuleRow
    steps: list[AlarmStepOut]
    beneath: list[AlarmRow]
    interventions_url: str
    equipment_id: UUID | None
    page_url: str
