"""Reading rules and alarms."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import Field

from belvedere.domains.automation import public as automation
from belvedere.domains.equipment import public as equipment
from belvedere.faces.rest.resources.linking import Paged, further_of, list_at, page_at, read_at
from belvedere.faces.rest.resources.paging import following
from belvedere.faces.rest.resources.routing import HOLDER, router
from belvedere.faces.rest.resources.seeing import territory_of, worked_in
from belvedere.faces.rest.resources.things import BIGGEST
from belvedere.faces.rest.schemas.alarms import (
    AlarmOut,
    AlarmPageOut,
    AlarmRow,
    AlarmStepOut,
    RuleOut,
    RulePage,
    RuleRow,
)
from belvedere.faces.rest.schemas.shared import Line
from belvedere.faces.rest.schemas.words import AlarmStateName, SeverityName, Slug, severity_name, severity_of
from belvedere.faces.rest.tokens import actor_of
from belvedere.kernel.errors import N_, InvalidInput
from belvedere.kernel.paging import Page

TAGS = ["Alarms"]
SHELVED = {"no": False, "only": True, "with": None}
Number = Field(ge=1, le=BIGGEST)


class AskedRules(Paged):
    """Names narrow each other."""

    owner: list[UUID] = Field(default=[], max_length=100)
    kind: Slug = Field(default="", description="What is watched, such as waste-container")
    limit: int = Field(default=60, ge=1, le=200)


class AskedRule(Schema):
    version: int | None = Field(default=None, ge=1, le=1_000_000, description="As it was; else as it is")


class AskedAlarms(Schema):
    """Values of one name are alternatives; names narrow each other. Open ones, unless states are said."""

    q: Line = Field(default="", description="Words of things and rules")
    state: list[AlarmStateName] = Field(default=[], max_length=5)
    severity: list[SeverityName] = Field(default=[], max_length=4)
    kind: list[Slug] = Field(default=[], max_length=100, description="Of things, such as waste-container")
    owner: list[UUID] = Field(default=[], max_length=100)
    place: list[UUID] = Field(default=[], max_length=100, description="Communes")
    rule: list[int] = Field(default=[], max_length=100)
    thing: list[int] = Field(default=[], max_length=100)
    since: datetime | None = Field(
        default=None, description="Raised since then: with its time zone, RFC 3339"
    )
    shelved: Literal["no", "only", "with"] = Field(default="no", description="Those on the shelf")
    grouped: bool = Field(default=False, description="With those grouped beneath another, one by one")
    order: Literal["urgent", "newest"] = "urgent"
    after: str = Field(default="", max_length=120, pattern="^[A-Za-z0-9_-]*$", description="See `next`")
    limit: int = Field(default=60, ge=1, le=500)

    def which(self) -> automation.Filters:
        return automation.Filters(
            states=[automation.AlarmState(one) for one in self.state],
            severities=[severity_of(one) for one in self.severity],
            kinds=self.kind,
            owners=self.owner,
            places=self.place,
            rules=numbers(self.rule, "rule"),
            things=numbers(self.thing, "thing"),
            text=self.q,
            since=instant(self.since, "since"),
            shelved=SHELVED[self.shelved],
            grouped=self.grouped,
            newest=self.order == "newest",
        )


def numbers(given: list[int], field: str) -> list[int]:
    """Numbers that the platform could have given."""
    if any(not 0 < one <= BIGGEST for one in given):
        raise InvalidInput(N_("Numbers begin at 1."), field=field)
    return given


def instant(given: datetime | None, field: str) -> datetime | None:
    if given is not None and (given.tzinfo is None or not 1970 < given.year < 2150):
        raise InvalidInput(
            N_("Write the instant with its time zone, as in 2026-03-01T08:00:00Z."), field=field
        )
    return given


def rule_at(rule_id: int) -> str:
    return read_at("rule", rule_id=rule_id)


def alarm_row(one: automation.AlarmView) -> AlarmRow:
    return AlarmRow.of(one, read_at("alarm", alarm_id=one.id))


@router.get(
    "/territories/{slug:slug}/rules",
    response=RulePage,
    operation_id="list_rules",
    auth=HOLDER,
    tags=TAGS,
)
def list_rules(request: HttpRequest, response: HttpResponse, slug: str, asked: Query[AskedRules]) -> Any:
    """The rules you may see, each as a sentence: the most urgent first, then by name."""
    here = worked_in(request, slug)
    whole = automation.rules(actor_of(request), here.id, owners=asked.owner, kind=asked.kind)
    window = asked.window()
    found = Page(whole[window.start : window.start + window.size], len(whole), window)
    return RulePage(
        total=found.total,
        next=further_of(request, response, found),
        rules=[RuleRow.of(one, rule_at(one.id)) for one in found.rows],
    )


@router.get(
    "/rules/{int:rule_id}",
    response=RuleOut,
    operation_id="read_rule",
    url_name="rule",
    auth=HOLDER,
    tags=TAGS,
)
def read_rule(request: HttpRequest, rule_id: int, asked: Query[AskedRule]) -> Any:
    """One rule, as it is or as it was in a version: alarms say in which one they were raised."""
    actor = actor_of(request)
    one = automation.rule(actor, rule_id, asked.version)
    here = territory_of(request, one.territory_id)
    return RuleOut(
        url=rule_at(one.id),
        **RuleRow.members(one),
        territory=here.slug,
        is_removed=one.is_removed,
        reason=one.reason,
        body=automation.body_as_json(one.body),
        versions=[said.version for said in automation.versions_of(actor, rule_id)],
    )


@router.get(
    "/territories/{slug:slug}/alarms",
    response=AlarmPageOut,
    operation_id="list_alarms",
    auth=HOLDER,
    tags=TAGS,
)
def list_alarms(request: HttpRequest, response: HttpResponse, slug: str, asked: Query[AskedAlarms]) -> Any:
    """The alarms you may see: the most urgent first, then the last raised."""
    here = worked_in(request, slug)
    found = automation.alarms(actor_of(request), here.id, asked.which(), after=asked.after, size=asked.limit)
    more = {"after": found.after, "limit": asked.limit} if found.after else None
    return AlarmPageOut(
        total=found.total,
        by_state={state.value: n for state, n in found.by_state.items()},
        by_severity={severity_name(one): n for one, n in found.by_severity.items()},
        next=following(request, response, **more) if more else None,
        alarms=[alarm_row(one) for one in found.rows],
    )


@router.get(
    "/alarms/{int:alarm_id}",
    response=AlarmOut,
    operation_id="read_alarm",
    url_name="alarm",
    auth=HOLDER,
    tags=TAGS,
)
def read_alarm(request: HttpRequest, alarm_id: int) -> Any:
    """One alarm: its timeline, the rule as it was, the values that raised it, what is grouped beneath it."""
    return alarm_out(request, alarm_id)


def alarm_out(request: HttpRequest, alarm_id: int) -> AlarmOut:
    page = automation.alarm(actor_of(request), alarm_id)
    one = page.alarm
    here = territory_of(request, one.territory_id)
    known = equipment.by_thing([one.thing_id]).get(one.thing_id) if one.thing_id else None
    return AlarmOut(
        url=read_at("alarm", alarm_id=one.id),
        **AlarmRow.members(one),
        territory=here.slug,
        thing_url=read_at("thing", thing_id=one.thing_id) if one.thing_id else None,
        rule=RuleRow.of(page.rule, f"{rule_at(one.rule_id)}?version={one.version}"),
        steps=[AlarmStepOut.of(step) for step in page.steps],
        beneath=[alarm_row(child) for child in page.children],
        interventions_url=list_at(here, "interventions", alarm=one.id),
        equipment_id=known.id if known else None,
        page_url=page_at("automation:alarm", here, one.id),
    )
