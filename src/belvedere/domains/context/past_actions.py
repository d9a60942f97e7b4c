"""Verbs on the past of entities (ETSI GS CIM 009, clauses 5.6.11 to 5.6.16).

The past of a thing is its history: what is told here stands in the charts too, and what devices told is asked
here too. What is newer than the present value becomes the present value; what is older does not.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from msgspec.structs import replace as with_fields

from belvedere.domains.access.public import Actor
from belvedere.domains.context import telling
from belvedere.domains.context.entity_actions import held_for
from belvedere.domains.context.events import ContextChanged
from belvedere.domains.context.models import Deletion, InstanceDetail, Past
from belvedere.domains.context.past_sums import forget_sums
from belvedere.domains.observations.public import LOCK, take_all_back
from belvedere.domains.territory.public import TerritoryView
from belvedere.domains.twin.public import (
    Held,
    Saved,
    Thing,
    Told,
    Visibility,
    create_things,
    draft_thing,
    load_things,
    remove_things,
    require,
    save_things,
    share_present,
)
from belvedere.duties.journal.public import record_many
from belvedere.engines.transactions import announce
from belvedere.kernel.clock import now
from belvedere.standards.ngsi_ld import merging
from belvedere.standards.ngsi_ld.documents import Document, Instance
from belvedere.standards.ngsi_ld.merging import NO_SUCH_ATTRIBUTE
from belvedere.standards.ngsi_ld.problems import ResourceNotFound
from belvedere.standards.ngsi_ld.temporal import EARLIEST, LATEST

Key = tuple[str, str]


def create_past(
    *,
    actor: Actor,
    territory: TerritoryView,
    document: Document,
    owner_id: UUID | None,
    visibility: Visibility = Visibility.OWN,
) -> bool:
    """Tell the past of a thing (5.6.11), which is made if there is none; whether it was made."""
    at = now()
    with transaction.atomic():
        share_present(LOCK)
        held = load_things(territory.id, [document.id], lock=True).get(document.id)
        if held is not None:
            require(actor, "edit_entity", held.thing)
            _append(actor, territory, held, document, at)
            return False
        require(actor, "create_entity", Thing(territory.id, owner_id, visibility), new=True)
        latest, rest = _split(document, at)
        made = merging.created(latest, at)
        draft = draft_thing(territory, made, owner_id=owner_id, visibility=visibility, at=at)
        saved = create_things(territory, [draft])
        Past.objects.create(entity_id=draft.number, modified_at=at)
        change = telling.created(draft.number, made, owner_id, visibility)
        act = telling.creation(actor, "create_past", territory.id, draft)
        telling.tell(territory.id, _with(saved, rest, {}, at), [change], [act], at)
    return True


def append_past(*, actor: Actor, territory: TerritoryView, urn: str, fragment: Document) -> None:
    """Tell more of the past of a thing (5.6.12)."""
    at = now()
    with transaction.atomic():
        share_present(LOCK)
        _append(actor, territory, held_for(actor, "edit_entity", territory, urn), fragment, at)


def _append(actor: Actor, territory: TerritoryView, held: Held, fragment: Document, at: datetime) -> None:
    latest, rest = _split(fragment, at)
    merged = merging.append(held.document, latest, at)
    saved = save_things(territory, [(held, merged.document)], at)
    known = {key: row.id for key, row in held.rows.items()}
    _tell(actor, "append_past", territory, held, _with(saved, rest, known, at), at)
    Past.objects.filter(entity_id=held.row.id).update(modified_at=at)


def _tell(actor: Actor, verb: str, territory: TerritoryView, held: Held, saved: Saved, at: datetime) -> None:
    change = telling.updated(held, saved.documents[0])
    entries = [] if change is None else telling.acts(actor, verb, territory.id, change)
    telling.tell(territory.id, saved, [] if change is None else [change], entries, at)


def _split(document: Document, at: datetime) -> tuple[Document, list[tuple[str, Instance]]]:
    """The latest instance of each dataset as a document, and the others by attribute."""
    latest: dict[str, list[Instance]] = {}
    rest: list[tuple[str, Instance]] = []
    for name, many in document.attributes.items():
        newest: dict[str, Instance] = {}
        for one in many:
            held = newest.get(one.dataset_id)
            if held is None:
                newest[one.dataset_id] = one
            elif (one.observed_at or at) >= (held.observed_at or at):
                newest[one.dataset_id] = one
                rest.append((name, held))
            else:
                rest.append((name, one))
        latest[name] = list(newest.values())
    return with_fields(document, attributes=latest), rest


def _with(saved: Saved, rest: Iterable[tuple[str, Instance]], known: dict[Key, int], at: datetime) -> Saved:
    """What was saved, and the older instances under the numbers of their series."""
    series = known | {(one.name, one.instance.dataset_id): one.series_id for one in saved.told}
    older = [
        Told(series[(name, one.dataset_id)], name, one, one.observed_at or at, late=True)
        for name, one in rest
    ]
    # Of two told at one instant the last counts: the older ones first, the present one last.
    return dataclasses.replace(saved, told=[*older, *saved.told])


def delete_past(*, actor: Actor, territory: TerritoryView, urn: str) -> None:
    """Take the past of a thing away (5.6.16); and the thing too, when it was made by telling its past and
    nobody has told it a value otherwise."""
    with transaction.atomic():
        share_present(LOCK)
        held = held_for(actor, "remove_entity", territory, urn)
        if _only_past(held):
            remove_things(territory.id, [held])
            announce(ContextChanged(territory.id, (telling.deleted(held),)))
        else:
            forget([row.id for row in held.rows.values()])
            Deletion.objects.filter(entity_id=held.row.id).delete()
        record_many(
            [telling.entry(actor, "delete_past", held.row.id, territory.id, before={"urn": held.row.urn})]
        )


def _only_past(held: Held) -> bool:
    past = Past.objects.filter(entity_id=held.row.id).first()
    return past is not None and all(row.modified_at <= past.modified_at for row in held.rows.values())


def forget(series_ids: list[int]) -> None:
    """Take back all that these series told, and what was kept beside it."""
    forget_sums()
    take_all_back(series_ids, EARLIEST, LATEST)
    InstanceDetail.objects.filter(series_id__in=series_ids).delete()


def delete_past_attribute(
    *,
    actor: Actor,
    territory: TerritoryView,
    urn: str,
    name: str,
    dataset_id: str = "",
    all_of_them: bool = False,
) -> None:
    """Take the past of an attribute away (5.6.13): of one of its datasets, or of all. Its present value
    stays, unless the thing was made by telling its past."""
    at = now()
    with transaction.atomic():
        share_present(LOCK)
        held = held_for(actor, "edit_entity", territory, urn)
        rows = [
            row
            for (key, dataset), row in held.rows.items()
            if key == name and row.told and (all_of_them or dataset == dataset_id)
        ]
        if not rows:
            raise ResourceNotFound(NO_SUCH_ATTRIBUTE)
        forget([row.id for row in rows])
        if _only_past(held):
            merged = merging.delete_attribute(
                held.document, name, at, dataset_id=dataset_id, all_of_them=all_of_them
            )
            saved = save_things(territory, [(held, merged.document)], at)
            _tell(actor, "delete_past_attribute", territory, held, saved, at)
            Deletion.objects.filter(entity_id=held.row.id, name=name).delete()
            Past.objects.filter(entity_id=held.row.id).update(modified_at=at)
        else:
            act = telling.entry(
                actor, "delete_past_attribute", held.row.id, territory.id, before={"name": name}
            )
            record_many([act])
