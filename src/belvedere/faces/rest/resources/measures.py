"""Reading measures: lists with filters, as JSON and GeoJSON; one measure whole; its documents."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import shapely
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Query, Schema
from pydantic import Field

from belvedere.domains.plans.public import SORTS, MeasureFilter, follow, queries, states, views
from belvedere.domains.territory.public import TerritoryView
from belvedere.faces.rest.resources.paging import address, following, further
from belvedere.faces.rest.resources.routing import OPEN, router
from belvedere.faces.rest.resources.seeing import inside, measure_at, territory_at
from belvedere.faces.rest.schemas.followed import DocumentOut
from belvedere.faces.rest.schemas.measures import Feature, FeatureCollection, MeasurePage, MeasureRowOut
from belvedere.faces.rest.schemas.shared import Line, Year
from belvedere.faces.rest.schemas.whole import MeasureOut
from belvedere.faces.rest.tokens import actor_of, language
from belvedere.kernel.errors import N_, InvalidInput
from belvedere.kernel.paging import Page, Window

TAGS = ["Measures"]
GEOJSON = "application/geo+json"


class Asked(Schema):
    """Values of one name are alternatives; names narrow each other."""

    q: Line = Field(default="", description="Words of titles, codes, owners, categories")
    owner: list[UUID] = Field(default=[], max_length=100)
    plan: list[UUID] = Field(default=[], max_length=100)
    priority: list[states.Priority] = Field(default=[], max_length=4)
    phase: list[str] = Field(default=[], max_length=40, description="Codes of phases, SIA 112 or MOP")
    implementation: list[states.Implementation] = Field(default=[], max_length=10)
    category: list[int] = Field(default=[], max_length=100)
    year: list[Year] = Field(default=[], max_length=50, description="Spends in one of these years")
    place: list[UUID] = Field(default=[], max_length=100)
    funder: list[UUID] = Field(default=[], max_length=100)
    flag: list[states.Flag] = Field(default=[], max_length=20, description="For those who work there")
    published: bool | None = None
    updated_since: datetime | None = Field(default=None, description="With its time zone, RFC 3339")
    sort: str = Field(
        default="priority",
        pattern=f"^-?({'|'.join(SORTS)})$",
        description="A name, with - in front for the other way",
    )
    start: int = Field(default=0, ge=0, le=10_000_000)
    limit: int = Field(default=60, ge=1, le=500)

    def which(self) -> MeasureFilter:
        for code in self.phase:
            if "\x00" in code:
                raise InvalidInput(N_("This is not a code of a phase."), field="phase")
        since = self.updated_since
        if since is not None and (since.tzinfo is None or not 1950 <= since.year <= 2150):
            raise InvalidInput(
                N_("Write the instant with its time zone, as in 2026-03-01T08:00:00Z."), field="updated_since"
            )
        if any(not 0 < number < 2**62 for number in self.category):
            raise InvalidInput(N_("This category is not of this territory."), field="category")
        return MeasureFilter(
            text=self.q,
            owners=frozenset(self.owner),
            plans=frozenset(self.plan),
            priorities=frozenset(self.priority),
            phases=frozenset(self.phase),
            implementations=frozenset(self.implementation),
            categories=frozenset(self.category),
            years=frozenset(self.year),
            places=frozenset(self.place),
            funders=frozenset(self.funder),
            flags=frozenset(self.flag),
            published=self.published,
            updated_since=since,
        )


def measure_url(measure_id: UUID) -> str:
    return address(reverse("rest:measure", kwargs={"measure_id": measure_id}))


def _page(request: HttpRequest, territory: TerritoryView, asked: Asked) -> Page[views.MeasureRow]:
    actor, which = actor_of(request), asked.which()
    if which.flags and actor.person_id is None:
        raise InvalidInput(N_("What is to be looked at is for those who work there."), field="flag")
    return queries.measure_rows(
        actor,
        territory.id,
        which,
        language=language(),
        sort=asked.sort,
        window=Window(asked.start, asked.limit),
    )


def _further(found: Page[views.MeasureRow]) -> dict[str, int]:
    """What is asked for the following page; empty without one."""
    return {} if found.next_start is None else {"start": found.next_start, "limit": found.window.size}


def _row(request: HttpRequest, territory: TerritoryView, row: views.MeasureRow) -> MeasureRowOut:
    known = inside(actor_of(request), territory.id, row.owner_id)
    return MeasureRowOut.of(row, measure_url(row.id), inside=known)


@router.get(
    "/territories/{slug:slug}/measures",
    response=MeasurePage,
    operation_id="list_measures",
    tags=TAGS,
    openapi_extra={
        **OPEN,
        "responses": {
            200: {"content": {GEOJSON: {"schema": {"$ref": "#/components/schemas/FeatureCollection"}}}}
        },
    },
)
def list_measures(request: HttpRequest, response: HttpResponse, slug: str, asked: Query[Asked]) -> Any:
    """The measures you may see, page by page. `Accept: application/geo+json` gives them as a map layer."""
    if request.accepts("application/json") or not request.accepts(GEOJSON):
        here = territory_at(request, slug)
        found = _page(request, here, asked)
        more = _further(found)
        rows = [_row(request, here, row) for row in found.rows]
        url = following(request, response, **more) if more else None
        return MeasurePage(total=found.total, next=url, measures=rows)
    return map_measures(request, slug, asked)


@router.get(
    "/territories/{slug:slug}/measures.geojson",
    response=FeatureCollection,
    operation_id="map_measures",
    openapi_extra=OPEN,
    tags=TAGS,
)
def map_measures(request: HttpRequest, slug: str, asked: Query[Asked]) -> Any:
    """The same as a map layer: all sites of a measure together as its geometry, null without."""
    here = territory_at(request, slug)
    found = _page(request, here, asked)
    shapes = queries.geometries(actor_of(request), here.id, [row.id for row in found.rows])
    features = [
        Feature(id=row.id, geometry=_geometry(shapes.get(row.id, [])), properties=_row(request, here, row))
        for row in found.rows
    ]
    more = _further(found)
    url = further(request, **more) if more else None
    collection = FeatureCollection(total=found.total, next=url, features=features)
    return HttpResponse(collection.model_dump_json(), content_type=GEOJSON)


def _geometry(wkbs: list[bytes]) -> dict[str, Any] | None:
    if not wkbs:
        return None
    parts = [shapely.from_wkb(wkb) for wkb in wkbs]
    whole = parts[0] if len(parts) == 1 else shapely.GeometryCollection(parts)
    geometry: dict[str, Any] = shapely.geometry.mapping(whole)
    return geometry


@router.get(
    "/measures/{uuid:measure_id}",
    response=MeasureOut,
    operation_id="read_measure",
    url_name="measure",
    openapi_extra=OPEN,
    tags=TAGS,
)
def read_measure(request: HttpRequest, response: HttpResponse, measure_id: UUID) -> Any:
    """One measure with all parts you may see. Its `ETag` is what a change sends as `If-Match`."""
    view, territory = measure_at(request, measure_id)
    actor = actor_of(request)
    followed = follow.followed(actor, measure_id, language())
    known = inside(actor, view.territory_id, view.owner_id)
    response["ETag"] = f'"{view.version}"'
    documents = [DocumentOut.of(one, _document_url(territory, one)) for one in followed.documents]
    return MeasureOut.of(view, followed, documents, measure_url(view.id), territory.slug, inside=known)


@router.get(
    "/measures/{uuid:measure_id}/documents",
    response=list[DocumentOut],
    operation_id="list_documents",
    openapi_extra=OPEN,
    tags=TAGS,
)
def list_documents(request: HttpRequest, measure_id: UUID) -> Any:
    """The documents of a measure that you may open, each in its latest version."""
    _view, territory = measure_at(request, measure_id)
    found = follow.followed(actor_of(request), measure_id, language()).documents
    return [DocumentOut.of(one, _document_url(territory, one)) for one in found]


def _document_url(territory: TerritoryView, one: follow.DocumentView) -> str:
    room = "portal_plans" if one.public else "plans"
    return address(reverse(f"{room}:document", kwargs={"territory": territory, "document_id": one.id}))
