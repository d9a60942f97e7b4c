"""Typed reads of scenes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.scenes.actions import NO_SUCH, body_of
from belvedere.domains.scenes.asking import prefix
from belvedere.domains.scenes.bodies import override_body, reach_of, scene_body
from belvedere.domains.scenes.errors import NoSuchScene
from belvedere.domains.scenes.models import Override, Scene
from belvedere.domains.scenes.policies import may, visible
from belvedere.domains.scenes.reaching import things_of
from belvedere.domains.scenes.views import DayView, OverrideView, SceneView, VersionView
from belvedere.domains.territory.public import TerritoryView
from belvedere.kernel.clock import now

DAYS_SHOWN: Final = 7


def scenes(actor: Actor, territory: TerritoryView) -> list[SceneView]:
    """Those that the actor may see, by name."""
    rows = Scene.objects.filter(visible(actor, territory.id)).order_by("name", "pk")
    return [_view(actor, territory, row) for row in rows]


def scene(actor: Actor, territory: TerritoryView, scene_id: UUID) -> SceneView:
    """One with its versions and what overrides it; NoSuchScene for who may not know of it."""
    row = scene_row(actor, territory, scene_id)
    versions = row.versions.order_by("-number").values_list("number", "made_at", "made_by_id")
    rows = Override.objects.filter(scene=row, until__gt=now(), ended_at__isnull=True).order_by("since", "pk")
    return _view(
        actor,
        territory,
        row,
        tuple(VersionView(*one) for one in versions),
        tuple(_override(one) for one in rows),
    )


def scene_row(actor: Actor, territory: TerritoryView, scene_id: UUID) -> Scene:
    row = Scene.objects.filter(visible(actor, territory.id), pk=scene_id).first()
    if row is None:
        raise NoSuchScene(NO_SUCH)
    return row


def coming(view: SceneView, zone: str, days: int = DAYS_SHOWN) -> list[DayView]:
    """What the programme will do on the coming days, from the one that runs on; overrides aside."""
    program = view.body.program(zone)
    first = program.day_of(now())
    found = []
    for number in range(days):
        day = first + timedelta(days=number)
        sun = program.site.sun(day)
        rises = program.site.sun(day + timedelta(days=1)).rises if program.by_night else sun.rises
        found.append(DayView(day, tuple(program.moments(day)), sun.sets, rises))
    return found


def key_of(view: SceneView) -> str:
    """What the keys of all commands of a scene begin with."""
    return prefix(Scene(pk=view.id))


def reached(view: SceneView) -> list[int]:
    """The things that a scene is about now."""
    dots = things_of(view.territory_id, view.owner_id, view.body.command, view.body.reach)
    return [one.id for one in dots]


def _view(
    actor: Actor,
    territory: TerritoryView,
    row: Scene,
    versions: tuple[VersionView, ...] = (),
    overrides: tuple[OverrideView, ...] = (),
) -> SceneView:
    version, stored = body_of(row)
    body = scene_body(stored)
    program = body.program(territory.zone)
    at = now()
    return SceneView(
        id=row.pk,
        territory_id=row.territory_id,
        owner_id=row.owner_id,
        name=row.name,
        body=body,
        version=row.version,
        is_on=row.is_on,
        on_since=row.on_since,
        things=len(things_of(row.territory_id, row.owner_id, body.command, body.reach)),
        now=program.holds(at),
        next=program.follows(at),
        written_by=version.made_by_id,
        may_write=may(actor, "write", territory.id, row.owner_id) is None,
        may_switch_by_hand=may(actor, "switch_by_hand", territory.id, row.owner_id) is None,
        versions=versions,
        overrides=overrides,
    )


def _override(row: Override) -> OverrideView:
    return OverrideView(
        id=row.pk,
        by_hand=row.by_hand,
        value=row.body["value"],
        since=row.since,
        until=row.until,
        reach=reach_of(row.body.get("reach", {})),
        why=row.why,
        made_by=row.made_by_id,
        body=None if row.by_hand else override_body(row.body),
    )


def begun_at(view: SceneView) -> datetime:
    """When the first version was written."""
    return min((one.made_at for one in view.versions), default=now())
