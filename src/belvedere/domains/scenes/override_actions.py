"""Verbs on overrides: for an event by the calendar, and by hand until a time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.commands.public import kind
from belvedere.domains.scenes.actions import body_of, locked, told
from belvedere.domains.scenes.bodies import (
    OverrideBody,
    Reach,
    SceneBody,
    check_when,
    checked_value,
    override_body,
    packed,
    scene_body,
)
from belvedere.domains.scenes.errors import BadScene, NoSuchScene, WrongState
from belvedere.domains.scenes.models import Override, Scene
from belvedere.domains.scenes.policies import require
from belvedere.domains.scenes.reaching import things_of
from belvedere.domains.territory.public import TerritoryView
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_

LONGEST_DAYS: Final = 92
LONGEST_BY_HAND: Final = timedelta(days=7)
LONGEST_WHY: Final = 200


def add_override(
    *, actor: Actor, territory: TerritoryView, scene_id: UUID, body: OverrideBody, why: str
) -> int:
    """Another value for some days and some of the things, for an event; gives its number."""
    with transaction.atomic():
        row, scene = _mine(actor, territory, scene_id, "write")
        body = _checked(body, scene)
        first, last = _day(body.first, "first"), _day(body.last, "last")
        if not first <= last <= first + timedelta(days=LONGEST_DAYS):
            raise BadScene(
                N_("It ends after it begins, within {days} days."), days=LONGEST_DAYS, field="last"
            )
        program = scene.program(territory.zone)
        windows = []
        for number in range((last - first).days + 1):
            found = program.window(first + timedelta(number), body.begin.when(), body.end.when())
            windows += [found] if found else []
        at = now()
        if not windows or windows[-1][1] <= at:
            raise BadScene(N_("It is over already."), field="last")
        _some(territory, row, scene, body.reach)
        made = Override.objects.create(
            scene=row,
            by_hand=False,
            body=packed(body),
            since=windows[0][0],
            until=windows[-1][1],
            why=_why(why, needed=True),
            made_at=at,
            made_by_id=actor.person_id,
        )
        _anew(row, at)
        told(actor, row, "add_override", {}, {"override": packed(body), "why": made.why})
    return made.pk


def switch_by_hand(
    *,
    actor: Actor,
    territory: TerritoryView,
    scene_id: UUID,
    value: Any,
    until: datetime,
    reach: Reach | None = None,
    why: str = "",
) -> int:
    """Tell things of a scene something now; after `until` the programme goes on. Gives the override's number.

    Raises:
        WrongState: the scene is off, so nothing would go on; its kind needs a second person each time.
    """
    reach = reach or Reach()
    with transaction.atomic():
        row, scene = _mine(actor, territory, scene_id, "switch_by_hand")
        if not row.is_on:
            raise WrongState(N_("The scene is off: nothing would go on after it. Ask for a command instead."))
        taken = checked_value(scene.command, value, "value")
        at = now()
        if not at < until <= at + LONGEST_BY_HAND:
            raise BadScene(N_("Choose an end from now on, within seven days."), field="until")
        _some(territory, row, scene, reach)
        made = Override.objects.create(
            scene=row,
            by_hand=True,
            body={"value": taken, "reach": packed(reach)},
            since=at,
            until=until,
            why=_why(why),
            made_at=at,
            made_by_id=actor.person_id,
        )
        _anew(row, at)
        after = {"value": taken, "until": until.isoformat(), "reach": packed(reach), "why": made.why}
        told(actor, row, "by_hand", {}, after)
    return made.pk


def end_override(*, actor: Actor, territory: TerritoryView, scene_id: UUID, override_id: int) -> None:
    """Take an override back: from now on the programme holds again."""
    with transaction.atomic():
        row, _scene = _mine(actor, territory, scene_id, "view")
        found = Override.objects.select_for_update().filter(scene=row, pk=override_id).first()
        at = now()
        if found is None or found.ended_at is not None or found.until <= at:
            raise NoSuchScene(N_("This is over already."))
        require(actor, "switch_by_hand" if found.by_hand else "write", territory.id, row.owner_id)
        found.ended_at = at
        found.save(update_fields=["ended_at"])
        _anew(row, at)
        told(actor, row, "end_override", {"override": override_id, "why": found.why}, {})


def _mine(actor: Actor, territory: TerritoryView, scene_id: UUID, right: str) -> tuple[Scene, SceneBody]:
    row = locked(actor, territory, scene_id)
    require(actor, right, territory.id, row.owner_id)
    scene = scene_body(body_of(row)[1])
    if kind(scene.command).dangerous:
        raise WrongState(N_("It can be dangerous: change the scene, and a second person switches it on."))
    return row, scene


def _checked(body: OverrideBody, scene: SceneBody) -> OverrideBody:
    body = override_body(packed(body))
    check_when(body.begin, "begin")
    check_when(body.end, "end")
    value = checked_value(scene.command, body.value, "value")
    return OverrideBody(value, body.first, body.last, body.begin, body.end, body.reach)


def _some(territory: TerritoryView, row: Scene, scene: SceneBody, reach: Reach) -> None:
    """Refuse what means none of the scene's things."""
    every = {one.id for one in things_of(territory.id, row.owner_id, scene.command, scene.reach)}
    meant = {one.id for one in things_of(territory.id, row.owner_id, scene.command, reach)}
    if not every & meant:
        raise BadScene(
            N_("No thing of the scene is in this street. Write a part of its name."), field="street"
        )


def _anew(row: Scene, at: datetime) -> None:
    if row.is_on:
        row.next_at = at
        row.save(update_fields=["next_at"])


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadScene(N_("Choose a day."), field=field) from None


def _why(text: str, *, needed: bool = False) -> str:
    said = " ".join(text.split())
    if len(said) > LONGEST_WHY:
        raise BadScene(N_("Write {most} characters at most."), field="why", most=LONGEST_WHY)
    if needed and not said:
        raise BadScene(N_("Say why: who reads it later wants to know."), field="why")
    return said
