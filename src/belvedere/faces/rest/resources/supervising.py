"""Registering equipment, planning interventions, asking for commands: verbs of the pages, done once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Status

from belvedere.domains.commands import public as commands
from belvedere.domains.equipment import public as equipment
from belvedere.domains.interventions import public as interventions
from belvedere.faces.rest.resources.acting import TAGS, Acts, Which
from belvedere.faces.rest.resources.commands import command_out
from belvedere.faces.rest.resources.equipment import equipment_out
from belvedere.faces.rest.resources.interventions import intervention_out
from belvedere.faces.rest.resources.linking import read_at
from belvedere.faces.rest.resources.repeating import KEYED, once
from belvedere.faces.rest.resources.routing import HOLDER, router
from belvedere.faces.rest.resources.seeing import territory_at, territory_of
from belvedere.faces.rest.schemas.commands import CommandOut, CommandRow
from belvedere.faces.rest.schemas.equipment import EquipmentOut
from belvedere.faces.rest.schemas.interventions import InterventionOut
from belvedere.faces.rest.schemas.supervising import (
    CancelIn,
    CommandIn,
    CommandsAsked,
    EquipmentIn,
    InterventionIn,
)
from belvedere.faces.rest.tokens import actor_of


@router.post(
    "/territories/{slug:slug}/equipment",
    response={201: EquipmentOut},
    operation_id="register_equipment",
    openapi_extra=KEYED,
    auth=HOLDER,
    tags=TAGS,
)
def register_equipment(request: HttpRequest, response: HttpResponse, slug: str, given: EquipmentIn) -> Any:
    """Put a piece of equipment into the register of an organisation for which you may."""
    here, actor = territory_at(request, slug), actor_of(request)
    [made] = once(
        request,
        response,
        lambda: [
            equipment.register_equipment(
                actor=actor, territory=here, draft=given.draft(), reason=given.reason
            )
        ],
        needed=True,
    )
    response["Location"] = read_at("equipment", equipment_id=UUID(made))
    view = equipment.equipment(actor, UUID(made))
    return Status(201, equipment_out(territory_of(request, view.territory_id), view))


@router.post(
    "/territories/{slug:slug}/interventions",
    response={201: InterventionOut},
    operation_id="plan_intervention",
    openapi_extra=KEYED,
    auth=HOLDER,
    tags=TAGS,
)
def plan_intervention(request: HttpRequest, response: HttpResponse, slug: str, given: InterventionIn) -> Any:
    """Plan an intervention; one for an alarm takes the alarm up."""
    here, actor = territory_at(request, slug), actor_of(request)
    [made] = once(
        request,
        response,
        lambda: [interventions.plan(actor=actor, territory=here, draft=given.draft(), reason=given.reason)],
        needed=True,
    )
    response["Location"] = read_at("intervention", intervention_id=UUID(made))
    return Status(201, intervention_out(request, response, UUID(made)))


@router.post(
    "/territories/{slug:slug}/commands",
    response={201: CommandsAsked},
    operation_id="request_commands",
    openapi_extra=KEYED,
    auth=HOLDER,
    tags=TAGS,
)
def request_commands(request: HttpRequest, response: HttpResponse, slug: str, given: CommandIn) -> Any:
    """Ask devices to do something, all or none. What is dangerous waits for a second person."""
    here, actor = territory_at(request, slug), actor_of(request)
    made = once(
        request,
        response,
        lambda: commands.request_commands(
            actor=actor,
            territory_id=here.id,
            entity_ids=given.thing_ids,
            kind_slug=given.kind,
            value=given.value,
            why=given.why,
        ),
        needed=True,
    )
    found = commands.by_id(actor, here.id, [UUID(one) for one in made])
    rows = [
        CommandRow.of(found[UUID(one)], read_at("command", command_id=UUID(one)))
        for one in made
        if UUID(one) in found
    ]
    return Status(201, CommandsAsked(commands=rows))


def _show(request: HttpRequest, response: HttpResponse, command_id: UUID) -> CommandOut:
    return command_out(request, command_id)


ON_COMMAND = Acts("/commands/{uuid:command_id}", "command_id", UUID, CommandOut, _show)


@ON_COMMAND.post("cancel")
def cancel_command(which: Which, given: CancelIn) -> None:
    """Take a command back before it is sent."""
    commands.cancel_command(**which, note=given.note)
