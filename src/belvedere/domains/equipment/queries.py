"""Typed reads of the register, for who asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.fields import CharField

from belvedere.domains.access.public import Actor
from belvedere.domains.equipment.doors import all_below
from belvedere.domains.equipment.errors import NoSuchEquipment
from belvedere.domains.equipment.models import Equipment, Maintenance
from belvedere.domains.equipment.policies import NO_SUCH_EQUIPMENT, Thing, may, visible
from belvedere.domains.equipment.reading import documents_of
from belvedere.domains.equipment.states import Purpose, State
from belvedere.domains.equipment.views import Ancestor, EquipmentView, MaintenanceView, Row, Tallies
from belvedere.domains.equipment.writing import facts_of
from belvedere.kernel.clock import now
from belvedere.kernel.identifiers import fold
from belvedere.kernel.paging import Page, Window

FIRST = Window()
_ROW = (
    "id",
    "number",
    "code",
    "kind",
    "name",
    "where",
    "longitude",
    "latitude",
    "place_id",
    "owner_id",
    "contract_id",
    "entity_id",
    "shown",
    "maker",
    "model",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which equipment is asked for; empty asks for nothing in particular, but without what was removed."""

    text: str = ""
    kinds: Collection[str] = ()
    states: Collection[str] = ()
    owners: Collection[UUID] = ()
    contracts: Collection[UUID] = ()
    places: Collection[UUID] = ()
    parents: Collection[UUID] = ()
    ids: Collection[UUID] = ()
    with_removed: bool = False


def with_state(rows: QuerySet[Equipment]) -> QuerySet[Any]:
    """The rows with `shown`: how each is now, a maintenance that runs included."""
    at = now()
    running = Maintenance.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=at), equipment=OuterRef("pk"), starts_at__lte=at
    )
    return rows.annotate(
        shown=Case(
            When(state=State.REMOVED, then=F("state")),
            When(Exists(running), then=Value(State.MAINTENANCE.value)),
            default=F("state"),
            output_field=CharField(),
        )
    )


def selected(actor: Actor, territory_id: UUID, wanted: Wanted) -> QuerySet[Any]:
    """The equipment that the actor may see and that fits, with how it is now."""
    rows = with_state(Equipment.objects.filter(visible(actor, territory_id)))
    chosen: dict[str, Collection[Any]] = {
        "kind__in": wanted.kinds,
        "shown__in": wanted.states,
        "owner_id__in": wanted.owners,
        "contract_id__in": wanted.contracts,
        "place_id__in": wanted.places,
        "parent_id__in": wanted.parents,
        "pk__in": wanted.ids,
    }
    rows = rows.filter(**{column: list(values) for column, values in chosen.items() if values})
    if not wanted.with_removed and State.REMOVED not in wanted.states:
        rows = rows.exclude(state=State.REMOVED)
    for word in fold(wanted.text).split():
        rows = rows.filter(search__contains=word)
    return rows


def listed(actor: Actor, territory_id: UUID, wanted: Wanted, window: Window = FIRST) -> Page[Row]:
    """The equipment that fits, by number: EP-2 before EP-10."""
    rows = selected(actor, territory_id, wanted)
    found = rows.order_by("sort_key", "number", "pk").values_list(*_ROW)[
        window.start : window.start + window.size
    ]
    some = list(found)
    below = Equipment.objects.filter(parent_id__in=[one[0] for one in some]).exclude(state=State.REMOVED)
    counted = dict(below.order_by().values_list("parent_id").annotate(n=Count("pk")))
    return Page([_row(one, counted.get(one[0], 0)) for one in some], rows.count(), window)


def _row(row: tuple[Any, ...], below: int) -> Row:
    pk, number, code, kind, name, where, x, y, place, owner, contract, entity, shown, maker, model = row
    return Row(
        id=pk,
        number=number,
        code=code,
        kind=kind,
        name=name,
        where=where,
        at=None if x is None or y is None else (x, y),
        place_id=place,
        owner_id=owner,
        contract_id=contract,
        entity_id=entity,
        state=State(shown),
        maker=maker,
        model=model,
        children=below,
    )


def tallies(actor: Actor, territory_id: UUID) -> Tallies:
    """How much there is, removed equipment counted under its state alone."""
    rows = selected(actor, territory_id, Wanted(with_removed=True))
    grouped = rows.order_by().values_list("kind", "shown", "owner_id", "contract_id").annotate(n=Count("*"))
    kinds: Counter[str] = Counter()
    states: Counter[State] = Counter()
    owners: Counter[UUID] = Counter()
    contracts: Counter[UUID] = Counter()
    for kind, shown, owner_id, contract_id, n in grouped:
        states[State(shown)] += n
        if shown == State.REMOVED:
            continue
        kinds[kind] += n
        owners[owner_id] += n
        if contract_id is not None:
            contracts[contract_id] += n
    return Tallies(sum(kinds.values()), kinds, states, owners, contracts)


def equipment(actor: Actor, equipment_id: UUID) -> EquipmentView:
    """One piece of equipment; NoSuchEquipment for who may not know of it."""
    row = with_state(Equipment.objects.filter(pk=equipment_id)).first()
    if row is None or not Equipment.objects.filter(visible(actor, row.territory_id), pk=row.pk).exists():
        raise NoSuchEquipment(NO_SUCH_EQUIPMENT)
    files = documents_of(row)
    return EquipmentView(
        id=row.pk,
        territory_id=row.territory_id,
        owner_id=row.owner_id,
        code=row.code,
        facts=facts_of(row),
        place_id=row.place_id,
        state=State(row.shown),
        state_since=row.state_since,
        version=row.version,
        created_at=row.created_at,
        modified_at=row.modified_at,
        above=_above(actor, row),
        below=_below(actor, row),
        maintenance=tuple(_maintenance(row)),
        photos=tuple(files.get(Purpose.PHOTO, ())),
        documents=tuple(files.get(Purpose.DOCUMENT, ())),
        may_edit=may(actor, "change", Thing(row.territory_id, row.owner_id)) is None,
    )


def _above(actor: Actor, row: Equipment) -> tuple[Ancestor, ...]:
    """What the actor sees of what it stands under, the nearest last."""
    found: list[Ancestor] = []
    here = row.parent_id
    seen = Equipment.objects.filter(visible(actor, row.territory_id))
    while here is not None and len(found) < 50:
        one = seen.filter(pk=here).values_list("pk", "number", "name", "kind", "parent_id").first()
        if one is None:
            break
        found.append(Ancestor(*one[:4]))
        here = one[4]
    return tuple(reversed(found))


def _below(actor: Actor, row: Equipment) -> dict[str, int]:
    ids = all_below([row.pk]).get(row.pk, ())
    if not ids:
        return {}
    rows = Equipment.objects.filter(visible(actor, row.territory_id), pk__in=ids)
    counted = rows.order_by().values_list("kind").annotate(n=Count("*"))
    return dict(sorted(counted, key=lambda pair: (-pair[1], pair[0])))


def _maintenance(row: Equipment) -> list[MaintenanceView]:
    rows = row.maintenances.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now())).order_by("starts_at")
    return [MaintenanceView(*one) for one in rows.values_list("pk", "starts_at", "ends_at", "reason")]


def at_code(actor: Actor, code: str) -> tuple[UUID, UUID]:
    """The territory and the id of the equipment whose label carries `code`, in any case of letters."""
    found = Equipment.objects.filter(code=code.strip().lower()).values_list("territory_id", "pk").first()
    if found is None or not Equipment.objects.filter(visible(actor, found[0]), pk=found[1]).exists():
        raise NoSuchEquipment(NO_SUCH_EQUIPMENT)
    return found


def could_stand_under(actor: Actor, territory_id: UUID, equipment_id: UUID | None, text: str) -> list[Row]:
    """Equipment that fits the words and that something may stand under, at most twenty."""
    wanted = Wanted(text=text)
    rows = listed(actor, territory_id, wanted, Window(0, 60)).rows
    below = set(all_below([equipment_id]).get(equipment_id, ())) if equipment_id else set()
    return [one for one in rows if one.id != equipment_id and one.id not in below][:20]
