"""What hangs together from a signal to its proof: equipment, alarms, interventions, commands, savings.

Each page of the chain shows its neighbours, as far as the reader may see them: a fixed number of questions,
however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext

from belvedere.domains.automation import public as automation
from belvedere.domains.commands import public as commands
from belvedere.domains.equipment import public as equipment
from belvedere.domains.interventions import public as interventions
from belvedere.domains.scenes import public as scenes
from belvedere.faces.web import formats
from belvedere.faces.web.pages.automation import words as automation_words
from belvedere.faces.web.pages.commands import words as commands_words
from belvedere.faces.web.pages.equipment import words as equipment_words
from belvedere.faces.web.pages.interventions import words as intervention_words
from belvedere.faces.web.pages.live.words import Word
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.paging import Window

MOST = 5


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One thing to go to. `told`: what else is worth a look before; `at`: an instant or a day."""

    label: str
    url: str
    state: Word | None
    told: str = ""
    at: datetime | date | None = None

    @property
    def when(self) -> str:
        if self.at is None:
            return ""
        return formats.moment(self.at) if isinstance(self.at, datetime) else formats.day(self.at)


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbours of one kind; `more_url` lists all where there are more."""

    title: str
    rows: tuple[Neighbour, ...]
    more_url: str = ""


def equipment_of(room: Room, entity_ids: Iterable[int]) -> Group | None:
    """The pieces of equipment that these things are."""
    known = equipment.by_thing(list(entity_ids))
    if not known:
        return None
    wanted = equipment.Wanted(ids=[one.id for one in known.values()], with_removed=True)
    found = equipment.listed(room.actor, room.territory.id, wanted, Window(0, MOST)).rows
    rows = tuple(
        Neighbour(
            f"{one.number}, {one.name}",
            reverse("equipment:equipment", args=[room.territory, one.id]),
            equipment_words.state(one.state),
            equipment_words.kind(one.kind),
        )
        for one in found
    )
    return Group(gettext("Piece of equipment"), rows) if rows else None


def alarms_of(room: Room, entity_id: int) -> Group | None:
    """The last alarms of a thing, those that are open first."""
    found = automation.alarms_of(room.actor, room.territory.id, entity_id, size=MOST + 1)
    listed = reverse("automation:alarms", args=[room.territory])
    return _alarms(room, found, f"{listed}?thing={entity_id}")


def _alarms(room: Room, found: list[automation.AlarmView], more_url: str) -> Group | None:
    rows = tuple(
        Neighbour(
            one.rule_name,
            reverse("automation:alarm", args=[room.territory, one.id]),
            automation_words.severity(one.severity) if one.is_open else automation_words.state(one.state),
            automation_words.state(one.state).label if one.is_open else "",
            one.raised_at,
        )
        for one in found[:MOST]
    )
    return Group(gettext("Alarms"), rows, more_url if len(found) > MOST else "") if rows else None


def alarm_of(room: Room, alarm_id: int | None) -> Group | None:
    """The alarm that an intervention is for."""
    if alarm_id is None:
        return None
    found = automation.alarms_by_id(room.actor, room.territory.id, [alarm_id])
    return _alarms(room, list(found.values()), "")


def interventions_of(room: Room, wanted: interventions.Wanted) -> tuple[Group | None, list[UUID]]:
    """The interventions that fit, open ones first, with their ids."""
    found = interventions.listed(room.actor, room.territory.id, wanted, Window(0, MOST))
    rows = tuple(
        Neighbour(
            f"{one.number}, {one.what}",
            reverse("interventions:intervention", args=[room.territory, one.id]),
            intervention_words.state(one.state),
            one.team,
            one.planned_on,
        )
        for one in found.rows
    )
    group = Group(gettext("Interventions"), rows) if rows else None
    return group, [one.id for one in found.rows]


def commands_of(room: Room, entity_id: int) -> Group | None:
    """The last commands to a thing."""
    wanted = commands.Wanted(entity_id=entity_id)
    found = commands.commands(room.actor, room.territory.id, wanted, Window(0, MOST))
    rows = tuple(
        Neighbour(
            commands_words.what(one.kind, one.value),
            reverse("commands:command", args=[room.territory, one.id]),
            commands_words.state(one.state),
            at=one.created_at,
        )
        for one in found.rows
    )
    more = reverse("commands:list", args=[room.territory]) + f"?thing={entity_id}"
    return Group(gettext("Commands"), rows, more if found.next_start else "") if rows else None


def savings_of(room: Room, intervention_ids: list[UUID]) -> Group | None:
    """Lines of the ledger of savings that were entered of interventions."""
    found = scenes.entered_for(room.actor, room.territory.id, intervention_ids)
    listed = reverse("scenes:ledger", args=[room.territory])
    rows = tuple(
        Neighbour(
            one.title,
            f"{listed}#entry-{one.entry_id}",
            None,
            gettext("%(kwh)s kWh and %(money)s saved")
            % {
                "kwh": formats.number(one.saved.kwh),
                "money": f"{formats.number(one.saved.money, 0)}\u00a0{one.currency}",
            },
            one.last,
        )
        for one in found[:MOST]
    )
    return Group(gettext("Savings"), rows) if rows else None


def around_thing(room: Room, entity_id: int) -> list[Group]:
    """What hangs on a thing."""
    jobs, ids = interventions_of(room, interventions.Wanted(things=[entity_id]))
    found = (
        equipment_of(room, [entity_id]),
        alarms_of(room, entity_id),
        jobs,
        commands_of(room, entity_id),
        savings_of(room, ids),
    )
    return [one for one in found if one is not None]


def around_equipment(room: Room, equipment_id: UUID, entity_id: int | None) -> list[Group]:
    """What hangs on a piece of equipment and on the thing that it is."""
    jobs, ids = interventions_of(room, interventions.Wanted(equipment=[equipment_id]))
    found = (
        alarms_of(room, entity_id) if entity_id is not None else None,
        jobs,
        commands_of(room, entity_id) if entity_id is not None else None,
        savings_of(room, ids),
    )
    return [one for one in found if one is not None]


def around_alarm(room: Room, alarm_id: int, entity_id: int | None) -> list[Group]:
    """What was done about an alarm, and on what."""
    jobs, ids = interventions_of(room, interventions.Wanted(alarms=[alarm_id]))
    found = (
        equipment_of(room, [entity_id]) if entity_id is not None else None,
        jobs,
        commands_of(room, entity_id) if entity_id is not None else None,
        savings_of(room, ids),
    )
    return [one for one in found if one is not None]


def around_intervention(room: Room, view: interventions.InterventionView) -> list[Group]:
    """Why an intervention was made, and what came of it; its equipment stands among its facts."""
    found = (
        alarm_of(room, view.alarm_id),
        commands_of(room, view.entity_id) if view.entity_id is not None else None,
        savings_of(room, [view.row.id]),
    )
    return [one for one in found if one is not None]
