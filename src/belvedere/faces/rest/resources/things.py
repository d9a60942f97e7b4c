"""Reading the live territory: its things, what they say, the devices that tell it."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Query, Schema
from pydantic import Field

from belvedere.domains.territory.public import TerritoryView, territory_by_id
from belvedere.domains.twin import public as twin
from belvedere.domains.twin.errors import NoSuchEntity
from belvedere.faces.rest.resources.paging import address, following
from belvedere.faces.rest.resources.routing import HOLDER, OPEN, router
from belvedere.faces.rest.resources.seeing import territory_at, worked_in
from belvedere.faces.rest.schemas.live import (
    AttributeOut,
    DeviceOut,
    DevicePage,
    ThingOut,
    ThingPage,
    ThingRow,
)
from belvedere.faces.rest.schemas.shared import Line
from belvedere.faces.rest.tokens import actor_of
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, InvalidInput, NotFound
from belvedere.kernel.geometry import Box
from belvedere.kernel.paging import Window

TAGS = ["Live territory"]
BIGGEST = 2**63 - 1
Kind = Annotated[str, Field(max_length=60, pattern="^[a-z0-9-]*$")]


class Wanted(Schema):
    """Values of one name are alternatives; names narrow each other."""

    q: Line = Field(default="", description="Words of names and identifiers")
    kind: list[Kind] = Field(default=[], max_length=100, description="Such as waste-container")
    state: list[twin.State] = Field(default=[], max_length=4)
    owner: list[UUID] = Field(default=[], max_length=100)
    place: list[UUID] = Field(default=[], max_length=100, description="Communes")
    box: str = Field(
        default="",
        pattern=r"^(-?[0-9]{1,3}(\.[0-9]{1,9})?(,-?[0-9]{1,3}(\.[0-9]{1,9})?){3})?$",
        description="west,south,east,north in degrees (WGS 84), such as 7.3,46.2,7.5,46.3",
    )
    after: int = Field(default=0, ge=0, le=BIGGEST, description="Things with a greater number; see `next`")
    limit: int = Field(default=60, ge=1, le=500)

    def which(self) -> twin.Wanted:
        return twin.Wanted(
            box=self._window(),
            kinds=self.kind,
            states=[one.value for one in self.state],
            owners=self.owner,
            places=self.place,
            text=self.q,
        )

    def _window(self) -> Box | None:
        if not self.box:
            return None
        west, south, east, north = (float(one) for one in self.box.split(","))
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise InvalidInput(
                N_("Write the window as west,south,east,north in degrees, as in 7.3,46.2,7.5,46.3."),
                field="box",
            )
        return Box(west, south, east, north)


class WantedDevices(Schema):
    q: Line = Field(default="", description="Words of their names and of the things they tell of")
    owner: list[UUID] = Field(default=[], max_length=100)
    silent: bool | None = None
    revoked: bool = Field(default=False, description="Those whose secret was withdrawn, instead")
    start: int = Field(default=0, ge=0, le=10_000_000)
    limit: int = Field(default=60, ge=1, le=500)


def thing_at(request: HttpRequest, thing_id: int) -> tuple[twin.EntityPage, TerritoryView]:
    """The thing of an address with its territory, as far as the caller may know."""
    view = twin.entity_page(actor_of(request), thing_id)
    territory = territory_by_id(view.territory_id)
    try:
        territory_at(request, territory.slug)
    except NotFound:
        raise NoSuchEntity(N_("There is no such thing, or it is not published.")) from None
    return view, territory


@router.get(
    "/territories/{slug:slug}/things",
    response=ThingPage,
    operation_id="list_things",
    openapi_extra=OPEN,
    tags=TAGS,
)
def list_things(request: HttpRequest, response: HttpResponse, slug: str, asked: Query[Wanted]) -> Any:
    """The things you may see, in the order of their numbers, with their state and main value."""
    here = territory_at(request, slug)
    found = twin.entities_after(
        actor_of(request), here.id, asked.which(), after=asked.after, limit=asked.limit
    )
    more = {"after": found.dots[-1].id, "limit": asked.limit} if found.more else None
    return ThingPage(
        total=found.total,
        by_state={state.value: n for state, n in found.by_state.items()},
        next=following(request, response, **more) if more else None,
        things=[ThingRow.of(dot, _thing_url(dot.id)) for dot in found.dots],
    )


def _thing_url(thing_id: int) -> str:
    return address(reverse("rest:thing", kwargs={"thing_id": thing_id}))


@router.get(
    "/things/{int:thing_id}",
    response=ThingOut,
    operation_id="read_thing",
    url_name="thing",
    openapi_extra=OPEN,
    tags=TAGS,
)
def read_thing(request: HttpRequest, thing_id: int) -> Any:
    """One thing: what it says now, how old and good that is, and its devices as far as you may know."""
    view, territory = thing_at(request, thing_id)
    return ThingOut(
        id=view.id,
        territory=territory.slug,
        urn=view.urn,
        types=list(view.types),
        kind=view.kind,
        names=dict(view.names),
        state=view.state,
        state_since=view.state_since,
        owner_id=view.owner_id,
        place_id=view.place_id,
        visibility=view.visibility,
        geometry=None if view.shape is None else view.shape.geojson,
        last_seen_at=view.last_seen_at,
        age_s=None if view.last_seen_at is None else round((now() - view.last_seen_at).total_seconds(), 1),
        expected_interval_s=view.expected_s,
        created_at=view.created_at,
        modified_at=view.modified_at,
        attributes=[AttributeOut.of_view(one, _series_url(view, one)) for one in view.attributes],
        devices=[DeviceOut.of(one) for one in view.devices],
    )


def _series_url(view: twin.EntityPage, one: twin.AttributeView) -> str | None:
    if one.observed_at is None:
        return None
    return address(reverse("rest:series", kwargs={"thing_id": view.id, "series_id": one.series_id}))


@router.get(
    "/territories/{slug:slug}/devices",
    response=DevicePage,
    operation_id="list_devices",
    auth=HOLDER,
    tags=TAGS,
)
def list_devices(request: HttpRequest, response: HttpResponse, slug: str, asked: Query[WantedDevices]) -> Any:
    """The devices you may know of and their health, silent ones first. No secret is ever told here."""
    actor, here = actor_of(request), worked_in(request, slug)
    found = twin.devices(
        actor,
        here.id,
        owners=asked.owner,
        text=asked.q,
        silent=asked.silent,
        revoked=asked.revoked,
        window=Window(asked.start, asked.limit),
    )
    further = None
    if found.next_start is not None:
        further = following(request, response, start=found.next_start, limit=asked.limit)
    return DevicePage(total=found.total, next=further, devices=[DeviceOut.of(one) for one in found.rows])


@router.get(
    "/devices/{uuid:device_id}", response=DeviceOut, operation_id="read_device", auth=HOLDER, tags=TAGS
)
def read_device(request: HttpRequest, device_id: UUID) -> Any:
    """One device and its health."""
    view = twin.device(actor_of(request), device_id)
    territory_at(request, territory_by_id(view.territory_id).slug)
    return DeviceOut.of(view)
