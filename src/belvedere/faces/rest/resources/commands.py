"""Reading commands, scenes and the ledger of savings."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from belvedere.domains.commands import public as commands
from belvedere.domains.scenes import public as scenes
from belvedere.faces.rest.resources.linking import Paged, further_of, maybe_at, page_at, read_at
from belvedere.faces.rest.resources.routing import HOLDER, router
from belvedere.faces.rest.resources.seeing import territory_of, worked_in
from belvedere.faces.rest.resources.things import BIGGEST
from belvedere.faces.rest.schemas.commands import (
    CommandOut,
    CommandPage,
    CommandRow,
    CommandStepOut,
    MomentOut,
    OverrideOut,
    SavingOut,
    SavingsOut,
    SceneDay,
    SceneList,
    SceneOut,
    SceneRow,
)
from belvedere.faces.rest.schemas.words import CommandKind, CommandState
from belvedere.faces.rest.tokens import actor_of

TAGS = ["Commands"]


class AskedCommands(Paged):
    """Values of one name are alternatives; names narrow each other."""

    state: list[CommandState] = Field(default=[], max_length=8)
    kind: list[CommandKind] = Field(default=[], max_length=50)
    thing: int | None = Field(default=None, ge=1, le=BIGGEST)
    waiting: bool = Field(default=False, description="Only those that wait for a second person")


@router.get(
    "/territories/{slug:slug}/commands",
    response=CommandPage,
    operation_id="list_commands",
    auth=HOLDER,
    tags=TAGS,
)
def list_commands(
    request: HttpRequest, response: HttpResponse, slug: str, asked: Query[AskedCommands]
) -> Any:
    """The commands you may see, the newest first."""
    here = worked_in(request, slug)
    wanted = commands.Wanted(
        states=asked.state, kinds=asked.kind, entity_id=asked.thing, waiting=asked.waiting
    )
    found = commands.commands(actor_of(request), here.id, wanted, asked.window())
    return CommandPage(
        total=found.total,
        next=further_of(request, response, found),
        commands=[CommandRow.of(one, read_at("command", command_id=one.id)) for one in found.rows],
    )


@router.get(
    "/commands/{uuid:command_id}",
    response=CommandOut,
    operation_id="read_command",
    url_name="command",
    auth=HOLDER,
    tags=TAGS,
)
def read_command(request: HttpRequest, command_id: UUID) -> Any:
    """One command and its course: asked for, confirmed, sent, received, done or failed."""
    return command_out(request, command_id)


def command_out(request: HttpRequest, command_id: UUID) -> CommandOut:
    one = commands.command(actor_of(request), command_id)
    here = territory_of(request, one.territory_id)
    return CommandOut(
        url=read_at("command", command_id=one.id),
        **CommandRow.members(one),
        territory=here.slug,
        thing_url=read_at("thing", thing_id=one.entity_id),
        asked_by=one.asked_by,
        confirmed_by=one.confirmed_by,
        steps=[CommandStepOut(at=step.at, act=step.act, by=step.by, note=step.note) for step in one.steps],
        page_url=page_at("commands:command", here, one.id),
    )


def _scene_at(slug: str, scene_id: UUID) -> str:
    return read_at("scene", slug=slug, scene_id=scene_id)


@router.get(
    "/territories/{slug:slug}/scenes",
    response=SceneList,
    operation_id="list_scenes",
    auth=HOLDER,
    tags=TAGS,
)
def list_scenes(request: HttpRequest, slug: str) -> Any:
    """The scenes you may see, by name, with what each holds now and next."""
    here = worked_in(request, slug)
    found = scenes.scenes(actor_of(request), here)
    return SceneList(scenes=[SceneRow.of(one, _scene_at(slug, one.id)) for one in found])


@router.get(
    "/territories/{slug:slug}/scenes/{uuid:scene_id}",
    response=SceneOut,
    operation_id="read_scene",
    url_name="scene",
    auth=HOLDER,
    tags=TAGS,
)
def read_scene(request: HttpRequest, slug: str, scene_id: UUID) -> Any:
    """One scene: its coming days, and what overrides it."""
    here = worked_in(request, slug)
    one = scenes.scene(actor_of(request), here, scene_id)
    return SceneOut(
        url=_scene_at(slug, one.id),
        **SceneRow.members(one),
        territory=slug,
        coming=[
            SceneDay(
                day=day.day,
                sunset=day.sunset,
                sunrise=day.sunrise,
                moments=[said for moment in day.moments if (said := MomentOut.of(moment))],
            )
            for day in scenes.coming(one, here.zone)
        ],
        overrides=[
            OverrideOut(
                by_hand=other.by_hand,
                value=other.value,
                since=other.since,
                until=other.until,
                why=other.why,
            )
            for other in one.overrides
        ],
        page_url=page_at("scenes:scene", here, one.id),
    )


@router.get(
    "/territories/{slug:slug}/savings",
    response=SavingsOut,
    operation_id="list_savings",
    auth=HOLDER,
    tags=TAGS,
)
def list_savings(request: HttpRequest, slug: str) -> Any:
    """The ledger of energy and savings: what scenes save, then what was entered, the newest first."""
    here = worked_in(request, slug)
    lines = scenes.ledger(actor_of(request), here)
    whole = scenes.totals(lines, here.currency)
    return SavingsOut(
        currency=whole.currency,
        saved_kwh=round(whole.kwh, 3),
        saved_money=f"{whole.money:.2f}",
        saved_co2_kg=round(whole.co2_kg, 3),
        spent=f"{whole.spent:.2f}",
        lines=[
            SavingOut.of(
                one,
                maybe_at("scene", slug=slug, scene_id=one.scene_id),
                maybe_at("intervention", intervention_id=one.intervention_id),
            )
            for one in lines
        ],
    )
