"""Verbs on scenes: write, switch, remove."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.commands.public import kind
from belvedere.domains.scenes.bodies import MOST_THINGS, SceneBody, checked, packed, scene_body
from belvedere.domains.scenes.errors import BadScene, ChangedMeanwhile, NoSuchScene, WrongState
from belvedere.domains.scenes.models import Scene, SceneVersion
from belvedere.domains.scenes.policies import require, visible
from belvedere.domains.scenes.reaching import middle_of, things_of
from belvedere.domains.territory.public import TerritoryView, owners_among
from belvedere.duties.journal.public import record, signed
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_
from belvedere.science.scenes.programs import By

LONGEST_NAME: Final = 120
NO_SUCH: Final = N_("There is no such scene, or it is not for you to see.")
_CHANGED: Final = N_("Somebody changed it meanwhile. Look at it again; what you typed was not saved.")


@dataclass(frozen=True, slots=True)
class SceneDraft:
    """What is written of a scene."""

    owner_id: UUID
    name: str
    body: SceneBody


def save_scene(
    *,
    actor: Actor,
    territory: TerritoryView,
    draft: SceneDraft,
    scene_id: UUID | None = None,
    expected: int | None = None,
) -> UUID:
    """Write a scene, or change it; gives its id. One that is on asks by its new version at once.

    Raises:
        BadScene: it cannot be followed; WrongState: its kind is dangerous, and it is on.
        ChangedMeanwhile: its version is not `expected` any more.
        Refused: its owner is not the actor's to write for.
    """
    name = " ".join(draft.name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise BadScene(N_("Write 1 to {most} characters."), most=LONGEST_NAME, field="name")
    if draft.owner_id not in owners_among(territory.id, [draft.owner_id]):
        raise BadScene(N_("Choose an organisation of the territory."), field="owner")
    require(actor, "write", territory.id, draft.owner_id)
    body = _placed(territory, draft.owner_id, checked(draft.body))
    at = now()
    with transaction.atomic():
        before: dict[str, Any] = {}
        if scene_id is None:
            row = Scene(territory_id=territory.id, owner_id=draft.owner_id)
        else:
            row = locked(actor, territory, scene_id)
            if row.owner_id != draft.owner_id:
                raise BadScene(N_("A scene stays with its organisation."), field="owner")
            if expected is not None and expected != row.version:
                raise ChangedMeanwhile(_CHANGED)
            if row.is_on and kind(body.command).dangerous:
                raise WrongState(N_("Switch it off first: a second person switches on what is dangerous."))
            before = {"name": row.name, "body": body_of(row)[1]}
            row.version += 1
        row.name = name
        row.next_at = at if row.is_on else None
        row.save()
        SceneVersion.objects.create(
            scene=row, number=row.version, body=packed(body), made_at=at, made_by_id=actor.person_id
        )
        after = {"name": name, "body": packed(body)}
        told(actor, row, "change" if before else "create", before, after)
    return row.pk


def switch_scene(
    *, actor: Actor, territory: TerritoryView, scene_id: UUID, on: bool, expected: int | None = None
) -> None:
    """Have the clock follow a scene, or not any more; things stay as they were told last.

    Raises:
        WrongState: it reaches nothing; or its kind is dangerous and the actor wrote what it says now.
    """
    with transaction.atomic():
        row = locked(actor, territory, scene_id)
        require(actor, "write", territory.id, row.owner_id)
        if expected is not None and expected != row.version:
            raise ChangedMeanwhile(_CHANGED)
        if row.is_on == on:
            return
        if on:
            version, _body = body_of(row)
            body = scene_body(version.body)
            if not things_of(territory.id, row.owner_id, body.command, body.reach):
                raise WrongState(N_("No thing of the organisation is meant by it. Change what it switches."))
            is_author = actor.person_id is None or actor.person_id == version.made_by_id
            if kind(body.command).dangerous and is_author:
                raise WrongState(N_("Somebody else has to switch on what you wrote: it can be dangerous."))
        at = now()
        row.is_on = on
        row.on_since, row.next_at = (at, at) if on else (row.on_since, None)
        row.on_by_id = actor.person_id
        row.save()
        told(actor, row, "switch_on" if on else "switch_off", {"is_on": not on}, {"is_on": on})


def remove_scene(*, actor: Actor, territory: TerritoryView, scene_id: UUID) -> None:
    """Have it no more; its versions and commands stay as proof."""
    with transaction.atomic():
        row = locked(actor, territory, scene_id)
        require(actor, "write", territory.id, row.owner_id)
        row.is_on, row.next_at, row.removed_at = False, None, now()
        row.save()
        told(actor, row, "remove", {"name": row.name}, {})


def locked(actor: Actor, territory: TerritoryView, scene_id: UUID) -> Scene:
    """The scene, locked; NoSuchScene for who may not know of it."""
    found = Scene.objects.select_for_update().filter(visible(actor, territory.id), pk=scene_id).first()
    if found is None:
        raise NoSuchScene(NO_SUCH)
    return found


def body_of(row: Scene) -> tuple[SceneVersion, Any]:
    """The version in force and its body as it is stored."""
    version = SceneVersion.objects.get(scene=row, number=row.version)
    return version, version.body


def told(actor: Actor, row: Scene, verb: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    record(
        **signed(actor),
        verb=f"scenes.{verb}",
        subject=("scenes.scene", str(row.pk)),
        territory_id=row.territory_id,
        before=before,
        after=after,
    )


def _placed(territory: TerritoryView, owner_id: UUID, body: SceneBody) -> SceneBody:
    """The body with the middle of its things, where the sun is asked for; else of the territory."""
    things = things_of(territory.id, owner_id, body.command, body.reach)
    if len(things) > MOST_THINGS:
        raise BadScene(
            N_("More than {most} things are meant. Write a street, or choose a cabinet."),
            most=MOST_THINGS,
            field="street",
        )
    middle = middle_of(things)
    if middle is None and territory.bounds is not None:
        box = territory.bounds
        middle = ((box.west + box.east) / 2, (box.south + box.north) / 2)
    if middle is None and all(step.when.by is By.CLOCK for sheet in body.sheets for step in sheet.steps):
        middle = (0.0, 0.0)  # nobody asks where the sun stands
    if middle is None:
        raise BadScene(N_("The territory has no boundary yet: nobody knows where its sun stands."))
    return msgspec.structs.replace(body, at=(round(middle[0], 5), round(middle[1], 5)))
