"""Changes of things and of what they say, told to who shows them: the pages that are open now."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from belvedere.domains.automation.events import AlarmsChanged
from belvedere.domains.context.events import ValuesShown
from belvedere.domains.intake.events import PresentChanged
from belvedere.domains.twin.events import EntitiesCreated, EntityChanged, EntityRemoved, StatesChanged
from belvedere.engines import changes, telling
from belvedere.engines.changes import StateChange, ValueChange
from belvedere.kernel.events import subscribe


def listen() -> None:
    """Plug in."""
    subscribe(PresentChanged, tell_values)
    subscribe(ValuesShown, tell_values)
    subscribe(StatesChanged, tell_states)
    subscribe(AlarmsChanged, tell_alarms)
    subscribe(EntitiesCreated, tell_anew)
    subscribe(EntityChanged, tell_anew)
    subscribe(EntityRemoved, tell_anew)


def tell_values(event: PresentChanged | ValuesShown) -> None:
    """Present values, by territory."""
    by_territory: dict[UUID, list[ValueChange]] = defaultdict(list)
    for one in event.shown:
        by_territory[one.territory_id].append(
            ValueChange(
                one.entity_id,
                one.owner_id,
                one.visibility,
                one.kept,
                one.series_id,
                one.term,
                one.number,
                one.value,
                one.unit,
                one.observed_at.timestamp(),
                one.level,
            )
        )
    telling.tell([told for key, rows in by_territory.items() for told in changes.told(key, values=rows)])


def tell_states(event: StatesChanged) -> None:
    """Things that are otherwise than before, by territory."""
    by_territory: dict[UUID, list[StateChange]] = defaultdict(list)
    for one in event.changes:
        by_territory[one.territory_id].append(
            StateChange(one.entity_id, one.kind, one.owner_id, one.visibility, one.before, one.after)
        )
    telling.tell([told for key, rows in by_territory.items() for told in changes.told(key, states=rows)])


def tell_alarms(event: AlarmsChanged) -> None:
    """Whose alarms moved, by territory: lists of alarms are read anew."""
    owners: dict[UUID, set[UUID | None]] = defaultdict(set)
    for one in event.changes:
        owners[one.territory_id].add(one.owner_id)
    telling.tell([changes.alarms(key, sorted(some, key=str)) for key, some in owners.items()])


def tell_anew(event: EntitiesCreated | EntityChanged | EntityRemoved) -> None:
    """What a thing is changed: pages read the territory anew."""
    telling.tell([changes.reset(event.territory_id)])
