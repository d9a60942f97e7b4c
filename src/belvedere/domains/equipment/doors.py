"""What other domains ask of the register, for the platform itself: no actor, no rights."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q, QuerySet

from belvedere.domains.equipment.dues import Hours, due_at
from belvedere.domains.equipment.models import Contract, Equipment, Maintenance
from belvedere.domains.equipment.reading import times_of
from belvedere.domains.equipment.states import State, Step
from belvedere.domains.equipment.views import Known, Under
from belvedere.domains.territory.public import territory_by_id
from belvedere.kernel.clock import now
from belvedere.kernel.severity import Severity

_KNOWN = (
    "id",
    "territory_id",
    "owner_id",
    "number",
    "name",
    "kind",
    "longitude",
    "latitude",
    "place_id",
    "parent_id",
    "contract_id",
    "entity_id",
    "state",
)
_ABOVE = """
    WITH RECURSIVE above(bottom, id, parent_id, level) AS (
        SELECT id, id, parent_id, 0 FROM equipment_equipment WHERE id = ANY(%s)
        UNION ALL
        SELECT above.bottom, one.id, one.parent_id, above.level + 1
        FROM equipment_equipment one JOIN above ON one.id = above.parent_id WHERE above.level < 50
    )
    SELECT bottom, id FROM above ORDER BY bottom, level
"""
_BELOW = """
    WITH RECURSIVE below(top, id, level) AS (
        SELECT parent_id, id, 1 FROM equipment_equipment WHERE parent_id = ANY(%s)
        UNION ALL
        SELECT below.top, one.id, below.level + 1
        FROM equipment_equipment one JOIN below ON one.parent_id = below.id WHERE below.level < 50
    )
    SELECT below.top, one.id FROM below JOIN equipment_equipment one ON one.id = below.id
    WHERE one.state <> 'removed' ORDER BY below.top, below.level, one.number
"""


def known(equipment_ids: Collection[UUID]) -> dict[UUID, Known]:
    """Equipment by its id, removed equipment too."""
    return {one.id: one for one in _known(Q(pk__in=list(equipment_ids)))} if equipment_ids else {}


def by_thing(entity_ids: Collection[int]) -> dict[int, Known]:
    """The equipment that things of the live territory are, by the number of the thing."""
    if not entity_ids:
        return {}
    found = _known(Q(entity_id__in=list(entity_ids)))
    return {one.entity_id: one for one in found if one.entity_id is not None}


def _known(which: Q) -> list[Known]:
    worked_on = _running(now()).filter(equipment__in=Equipment.objects.filter(which))
    running = set(worked_on.values_list("equipment_id", flat=True))
    found = []
    for row in Equipment.objects.filter(which).values(*_KNOWN):
        x, y, state = row.pop("longitude"), row.pop("latitude"), State(row.pop("state"))
        shown = State.MAINTENANCE if row["id"] in running and state is not State.REMOVED else state
        found.append(Known(**row, at=None if x is None or y is None else (x, y), state=shown))
    return found


def _running(at: datetime) -> QuerySet[Maintenance]:
    return Maintenance.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at), starts_at__lte=at)


def children_of(equipment_ids: Collection[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """What stands straight under each and is not removed, by number; those without children are left out."""
    found: dict[UUID, list[UUID]] = {}
    rows = Equipment.objects.filter(parent_id__in=list(equipment_ids)).exclude(state=State.REMOVED)
    for parent_id, pk in rows.order_by("number").values_list("parent_id", "pk"):
        found.setdefault(parent_id, []).append(pk)
    return {key: tuple(ids) for key, ids in found.items()}


def all_below(equipment_ids: Collection[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """What stands under each at any depth and is not removed, the nearest first."""
    found: dict[UUID, list[UUID]] = {}
    for top, pk in _asked(_BELOW, equipment_ids):
        found.setdefault(top, []).append(pk)
    return {key: tuple(ids) for key, ids in found.items()}


def things_below(entity_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """The things whose equipment stands under that of each thing, at any depth: the lamps of a cabinet."""
    tops = by_thing(entity_ids)
    below = all_below([one.id for one in tops.values()])
    ids = {pk for some in below.values() for pk in some}
    rows = Equipment.objects.filter(pk__in=ids, entity_id__isnull=False)
    things: dict[UUID, int] = dict(rows.values_list("pk", "entity_id"))
    found = {
        number: tuple(things[pk] for pk in below.get(one.id, ()) if pk in things)
        for number, one in tops.items()
    }
    return {number: some for number, some in found.items() if some}


def things_above(entity_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """The things whose equipment each thing's equipment stands under, the nearest first: a lamp's cabinet."""
    bottoms = by_thing(entity_ids)
    chains = _chains([one.id for one in bottoms.values()])
    ids = {pk for chain in chains.values() for pk in chain}
    rows = Equipment.objects.filter(pk__in=ids, entity_id__isnull=False)
    things: dict[UUID, int] = dict(rows.values_list("pk", "entity_id"))
    found = {
        number: tuple(things[pk] for pk in chains.get(one.id, ()) if pk != one.id and pk in things)
        for number, one in bottoms.items()
    }
    return {number: some for number, some in found.items() if some}


def under_maintenance(at: datetime, equipment_ids: Collection[UUID]) -> dict[UUID, Under]:
    """Which of these are under maintenance at `at`, by their own or by that of what they stand under."""
    chains = _chains(equipment_ids)
    wanted = {pk for chain in chains.values() for pk in chain}
    rows = _running(at).filter(equipment_id__in=wanted)
    running = {
        one: Under(one, starts_at, ends_at, reason)
        for one, starts_at, ends_at, reason in rows.values_list(
            "equipment_id", "starts_at", "ends_at", "reason"
        )
    }
    found = {}
    for bottom, chain in chains.items():
        under = next((running[pk] for pk in chain if pk in running), None)
        if under is not None:
            found[bottom] = under
    return found


def things_under_maintenance(at: datetime, entity_ids: Collection[int]) -> dict[int, Under]:
    """As `under_maintenance`, asked by things of the live territory."""
    own = by_thing(entity_ids)
    found = under_maintenance(at, [one.id for one in own.values()])
    return {number: found[one.id] for number, one in own.items() if one.id in found}


def _chains(equipment_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Each with what it stands under, itself first."""
    found: dict[UUID, list[UUID]] = {}
    for bottom, pk in _asked(_ABOVE, equipment_ids):
        found.setdefault(bottom, []).append(pk)
    return found


def _asked(sql: str, ids: Iterable[UUID]) -> list[tuple[UUID, UUID]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(ids)])
        rows: list[tuple[UUID, UUID]] = cursor.fetchall()
    return rows


def due(
    contract_id: UUID, severity: Severity, since: datetime, holidays: Collection[date] = ()
) -> dict[Step, datetime]:
    """By when the contractor owes each step of a fault that began at `since`; steps without a time are left
    out. Empty when the contract is not in force on that day, or says nothing of the severity."""
    row = Contract.objects.prefetch_related("response_times").filter(pk=contract_id).first()
    if row is None:
        return {}
    zone = territory_by_id(row.territory_id).zone
    day = since.astimezone(ZoneInfo(zone)).date()
    times = times_of(row.response_times.all()).get(severity)
    if times is None or day < row.starts_on or (row.ends_on is not None and day > row.ends_on):
        return {}
    working = None
    if not times.round_the_clock:
        working = Hours(frozenset(row.work_days), row.works_from, row.works_until)
    asked = {step: times.hours(step) for step in Step}
    return {
        step: due_at(since, hours, working, zone, holidays)
        for step, hours in asked.items()
        if hours is not None
    }
