"""What of the measures changed for everyone: the public facts of now against those of last time.

Everything is read with the eyes of the public, never from the journal: what is not public cannot get in.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.public import follow, queries, reported
from belvedere.domains.subscriptions.models import PublicChange, PublicState, Watch
from belvedere.domains.subscriptions.states import ChangeKind
from belvedere.domains.territory.public import territories
from belvedere.kernel.clock import now

PUBLIC = Actor.public()
Facts = dict[str, Any]


def watch_all() -> int:
    """Look through every published territory in which something changed; gives the number of changes."""
    return sum(watch(territory.id) for territory in territories(published_only=True))


def watch(territory_id: UUID) -> int:
    """Record what changed in one territory since last time."""
    with transaction.atomic():
        Watch.objects.get_or_create(territory_id=territory_id)
        row = Watch.objects.select_for_update().get(territory_id=territory_id)
        mark = queries.state_of(PUBLIC, territory_id)
        if row.mark == mark:
            return 0
        made = _compare(territory_id, first=not row.mark)
        row.mark = mark
        row.save(update_fields=["mark"])
    return made


def _compare(territory_id: UUID, *, first: bool) -> int:
    known = {row.measure_id: row for row in PublicState.objects.filter(territory_id=territory_id)}
    shown = {measure.id: measure for measure in reported.reported(PUBLIC, territory_id)}
    gone = known.keys() - shown.keys()
    # Taken back: not even what once was public is told on.
    PublicState.objects.filter(measure_id__in=gone).delete()
    PublicChange.objects.filter(measure_id__in=gone).delete()
    touched = {
        key: measure
        for key, measure in shown.items()
        if key not in known or known[key].version != measure.version
    }
    steps = follow.public_steps(touched.keys())
    changes: list[PublicChange] = []
    states: list[PublicState] = []
    for key, measure in touched.items():
        if key not in steps:  # taken back meanwhile
            continue
        before = known.get(key)
        facts = facts_of(measure, steps[key])
        at = measure.updated_at if first else now()
        changes += _changes(territory_id, key, None if before is None else before.facts, facts, at)
        states.append(
            PublicState(measure_id=key, territory_id=territory_id, version=measure.version, facts=facts)
        )
        if before is not None:
            _forget(key, before.facts, facts)
    PublicState.objects.bulk_create(
        states, update_conflicts=True, unique_fields=["measure"], update_fields=["version", "facts"]
    )
    PublicChange.objects.bulk_create(changes)
    return len(changes)


def _forget(measure_id: UUID, before: Facts, after: Facts) -> None:
    """What was said of a document that is public no more, or of a milestone that was taken out."""
    for name, kind in (("documents", ChangeKind.DOCUMENT), ("milestones", ChangeKind.MILESTONE)):
        lost = before.get(name, {}).keys() - after[name].keys()
        if lost:
            PublicChange.objects.filter(measure_id=measure_id, kind=kind, about__in=lost).delete()


def facts_of(measure: reported.ReportedMeasure, steps: follow.PublicSteps) -> Facts:
    """What everyone may read of the measure and a resident may want to be told of."""
    return {
        "state": measure.implementation.value,
        "dates": [None if day is None else day.isoformat() for day in works_days(measure)],
        "milestones": {
            str(one.id): {
                "type": one.type.value,
                "titles": dict(one.title.texts),
                "on": None if one.expected is None else one.expected.isoformat(),
                "reached": one.actual is not None,
            }
            for one in steps.milestones
        },
        "documents": {str(key): title for key, title in steps.documents.items()},
    }


def works_days(measure: reported.ReportedMeasure) -> tuple[Any, Any]:
    """The days of the works as they are known to the day; (None, None) where only years are."""
    works = measure.works_phase
    if works is None:
        return (None, None)
    start = works.actual[0] or works.forecast[0] or works.planned[0]
    end = works.actual[1] or works.forecast[1] or works.planned[1]
    return (start, end)


def _changes(
    territory_id: UUID, measure_id: UUID, before: Facts | None, after: Facts, at: datetime
) -> list[PublicChange]:
    def change(kind: ChangeKind, detail: Mapping[str, Any], about: str = "") -> PublicChange:
        return PublicChange(
            territory_id=territory_id,
            measure_id=measure_id,
            at=at,
            kind=kind,
            about=about,
            detail=dict(detail),
        )

    if before is None:
        return [change(ChangeKind.PUBLISHED, {"state": after["state"], "dates": after["dates"]})]
    found = [
        change(kind, {"before": before[name], "after": after[name]})
        for kind, name in ((ChangeKind.STATE, "state"), (ChangeKind.DATES, "dates"))
        if before[name] != after[name]
    ]
    for key, milestone in after["milestones"].items():
        was = before["milestones"].get(key)
        if milestone["on"] is not None and (was is None or _said(was) != _said(milestone)):
            detail = {**milestone, "before": None if was is None else was["on"]}
            found.append(change(ChangeKind.MILESTONE, detail, key))
    found += [
        change(ChangeKind.DOCUMENT, {"title": title}, key)
        for key, title in after["documents"].items()
        if key not in before["documents"]
    ]
    return found


def _said(milestone: Facts) -> tuple[Any, Any]:
    return (milestone["on"], milestone["reached"])
