"""Reading interventions, their proof, and teams."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from belvedere.domains.interventions import public as interventions
from belvedere.faces.rest.resources.alarms import numbers
from belvedere.faces.rest.resources.linking import Paged, further_of, maybe_at, page_at, read_at
from belvedere.faces.rest.resources.routing import HOLDER, router
from belvedere.faces.rest.resources.seeing import territory_of, worked_in
from belvedere.faces.rest.schemas.interventions import (
    InterventionOut,
    InterventionPage,
    InterventionRow,
    MemberOut,
    PhotoOut,
    SignatureOut,
    TeamList,
    TeamOut,
)
from belvedere.faces.rest.schemas.shared import Line, checked_day
from belvedere.faces.rest.schemas.words import InterventionKind, InterventionState, SeverityName, severity_of
from belvedere.faces.rest.tokens import actor_of

TAGS = ["Interventions"]
PICTURES: dict[str, Any] = {
    "responses": {
        200: {
            "description": "The picture",
            "content": {media: {} for media in ("image/jpeg", "image/png", "image/webp")},
        }
    }
}


class AskedInterventions(Paged):
    """Values of one name are alternatives; names narrow each other."""

    q: Line = Field(default="", description="Words of what is to be done, of places and numbers")
    state: list[InterventionState] = Field(default=[], max_length=8)
    kind: list[InterventionKind] = Field(default=[], max_length=3)
    priority: list[SeverityName] = Field(default=[], max_length=4)
    team: list[UUID] = Field(default=[], max_length=100)
    owner: list[UUID] = Field(default=[], max_length=100)
    contract: list[UUID] = Field(default=[], max_length=100)
    equipment: list[UUID] = Field(default=[], max_length=100)
    alarm: list[int] = Field(default=[], max_length=100)
    first: date | None = Field(default=None, description="Planned on this day or later")
    last: date | None = Field(default=None, description="Planned on this day or earlier")
    unplanned: bool = Field(default=False, description="Without a day")
    late: bool = Field(default=False, description="Late by their contract")

    def which(self) -> interventions.Wanted:
        days = (checked_day(self.first) or date.min, checked_day(self.last) or date.max)
        return interventions.Wanted(
            text=self.q,
            states=[interventions.State(one) for one in self.state],
            kinds=[interventions.Kind(one) for one in self.kind],
            priorities=[severity_of(one) for one in self.priority],
            teams=self.team,
            owners=self.owner,
            contracts=self.contract,
            equipment=self.equipment,
            alarms=numbers(self.alarm, "alarm"),
            days=days if self.first or self.last else None,
            unplanned=self.unplanned,
            late=self.late,
        )


@router.get(
    "/territories/{slug:slug}/interventions",
    response=InterventionPage,
    operation_id="list_interventions",
    auth=HOLDER,
    tags=TAGS,
)
def list_interventions(
    request: HttpRequest, response: HttpResponse, slug: str, asked: Query[AskedInterventions]
) -> Any:
    """The interventions you may see, or that your contract is about: open ones by day and urgency first."""
    here = worked_in(request, slug)
    found = interventions.listed(actor_of(request), here.id, asked.which(), asked.window())
    return InterventionPage(
        total=found.total,
        next=further_of(request, response, found),
        interventions=[
            InterventionRow.of(row, read_at("intervention", intervention_id=row.id)) for row in found.rows
        ],
    )


@router.get(
    "/interventions/{uuid:intervention_id}",
    response=InterventionOut,
    operation_id="read_intervention",
    url_name="intervention",
    auth=HOLDER,
    tags=TAGS,
)
def read_intervention(request: HttpRequest, response: HttpResponse, intervention_id: UUID) -> Any:
    """One intervention: its times against the contract, parts and hours, checklist, and proof as links."""
    return intervention_out(request, response, intervention_id)


def intervention_out(request: HttpRequest, response: HttpResponse, intervention_id: UUID) -> InterventionOut:
    view = interventions.intervention(actor_of(request), intervention_id)
    here = territory_of(request, view.territory_id)
    response["ETag"] = f'"{view.row.version}"'
    key = {"intervention_id": view.row.id}
    signed = view.signature
    return InterventionOut(
        url=read_at("intervention", **key),
        **InterventionRow.members(view.row),
        **InterventionOut.told(view),
        territory=here.slug,
        thing_url=maybe_at("thing", thing_id=view.entity_id),
        equipment_url=maybe_at("equipment", equipment_id=view.row.equipment_id),
        alarm_url=maybe_at("alarm", alarm_id=view.alarm_id),
        photos=[
            PhotoOut(
                id=one.id,
                url=read_at("photo", photo_id=one.id, **key),
                caption=one.caption,
                taken_at=one.taken_at,
                longitude=one.at[0] if one.at else None,
                latitude=one.at[1] if one.at else None,
            )
            for one in view.photos
        ],
        signature=None
        if signed is None
        else SignatureOut(
            name=signed.name,
            signed_at=signed.signed_at,
            url=read_at("signature", **key) if signed.drawn else None,
        ),
        page_url=page_at("interventions:intervention", here, view.row.id),
    )


@router.get(
    "/interventions/{uuid:intervention_id}/photos/{uuid:photo_id}",
    operation_id="read_photo",
    url_name="photo",
    auth=HOLDER,
    openapi_extra=PICTURES,
    tags=TAGS,
)
def read_photo(request: HttpRequest, intervention_id: UUID, photo_id: UUID) -> Any:
    """A photo of the work."""
    content, media_type = interventions.photo(actor_of(request), intervention_id, photo_id)
    return HttpResponse(content, content_type=media_type)


@router.get(
    "/interventions/{uuid:intervention_id}/signature",
    operation_id="read_signature",
    url_name="signature",
    auth=HOLDER,
    openapi_extra=PICTURES,
    tags=TAGS,
)
def read_signature(request: HttpRequest, intervention_id: UUID) -> Any:
    """What was drawn as signature."""
    content = interventions.signature_image(actor_of(request), intervention_id)
    return HttpResponse(content, content_type="image/png")


@router.get(
    "/territories/{slug:slug}/teams",
    response=TeamList,
    operation_id="list_teams",
    auth=HOLDER,
    tags=TAGS,
)
def list_teams(request: HttpRequest, slug: str) -> Any:
    """The teams that you may send or work with, by name."""
    here = worked_in(request, slug)
    return TeamList(
        teams=[
            TeamOut(
                id=one.id,
                organisation_id=one.organisation_id,
                name=one.name,
                people=[MemberOut(id=person, name=name) for person, name in one.people.items()],
            )
            for one in interventions.teams(actor_of(request), here.id)
        ]
    )
