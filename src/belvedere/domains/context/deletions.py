"""What was taken away from things: noted with the act, for who asks for it by `timeproperty=deletedAt`
(ETSI GS CIM 009, clauses 4.8, 5.7.3). Values themselves stay in the history of what is still there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from belvedere.domains.context.events import Change, ContextChanged, Trigger
from belvedere.domains.context.models import Deletion, InstanceDetail, Past
from belvedere.domains.twin.events import EntityRemoved
from belvedere.kernel.clock import now
from belvedere.standards.ngsi_ld.documents import NULL, Instance, Kind
from belvedere.standards.ngsi_ld.merging import SCOPE

_MOST = 10_000


def note_deletions(event: ContextChanged) -> None:
    """Note which instances of attributes and which scopes are gone."""
    at = now()
    gone = [one for change in event.changes if _may_lose(change) for one in _gone(change, at)]
    if gone:
        Deletion.objects.bulk_create(gone)


def _may_lose(change: Change) -> bool:
    return change.what is Trigger.ENTITY_UPDATED


def _gone(change: Change, at: datetime) -> Iterable[Deletion]:
    before, after = change.before, change.after
    if before is None or after is None:
        return
    for name, what in change.attributes.items():
        if what is Trigger.ATTRIBUTE_CREATED:
            continue
        there = {one.dataset_id for one in after.attributes.get(name, ())}
        for one in before.attributes.get(name, ()):
            if one.dataset_id not in there:
                yield Deletion(
                    entity_id=change.entity_id,
                    name=name,
                    dataset_id=one.dataset_id,
                    kind=one.kind.value,
                    deleted_at=at,
                )
    if before.scopes and not after.scopes:
        yield Deletion(entity_id=change.entity_id, name=SCOPE, kind=Kind.PROPERTY.value, deleted_at=at)


def forget_removed(event: EntityRemoved) -> None:
    """Nothing of a thing that is gone is kept here."""
    Deletion.objects.filter(entity_id=event.entity_id).delete()
    Past.objects.filter(entity_id=event.entity_id).delete()
    InstanceDetail.objects.filter(series_id__in=event.series_ids).delete()


def deletions(
    entity_ids: Iterable[int], start: datetime, end: datetime
) -> dict[int, dict[str, list[Instance]]]:
    """What was taken away from things from `start` to before `end`: by thing and attribute, instances whose
    value is the NGSI-LD Null."""
    found: dict[int, dict[str, list[Instance]]] = {}
    rows = Deletion.objects.filter(
        entity_id__in=list(entity_ids), deleted_at__gte=start, deleted_at__lt=end
    ).order_by("deleted_at", "id")[:_MOST]
    for row in rows:
        kind = Kind(row.kind)
        value: object = {"@none": NULL} if kind is Kind.LANGUAGE else NULL
        instance = Instance(
            kind=kind,
            value=[] if row.name == SCOPE else value,
            dataset_id=row.dataset_id,
            deleted_at=row.deleted_at,
            instance_id=f"urn:ngsi-ld:instance:deletion:{row.pk}",
        )
        found.setdefault(row.entity_id, {}).setdefault(row.name, []).append(instance)
    return found
