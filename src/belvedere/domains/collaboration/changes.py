"""Telling followers what changed, from the journal: a verb on a measure pays nothing for its followers.

Run by the clock every few minutes. Changes by the platform itself (loading, the demo) are not told.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from belvedere.domains.collaboration.kinds import ASSIGNMENT, CHANGE
from belvedere.domains.collaboration.models import Reading
from belvedere.domains.collaboration.telling import followers_of, leads_of, tell
from belvedere.domains.plans.public import brief
from belvedere.duties.journal.public import Filters, Recorded, entries_in
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_
from belvedere.kernel.paging import LARGEST_PAGE, Window

CHANGES: Final = "changes"
OVERLAP: Final = timedelta(minutes=10)  # entries bear the time at which their verb began
ACTOR_VERBS: Final = frozenset({"plans.set_actor"})


def tell_changes() -> int:
    """Tell of every change since the last time; gives how many entries were read."""
    with transaction.atomic():
        Reading.objects.get_or_create(name=CHANGES, defaults={"entry_id": _newest(), "at": now()})
        mark = Reading.objects.select_for_update().get(name=CHANGES)
        fresh = _since(mark)
        if not fresh:
            return 0
        _tell(fresh)
        mark.entry_id, mark.at = fresh[-1].id, now()
        mark.save()
    return len(fresh)


def _newest() -> int:
    rows = entries_in(None, Window(0, 1)).rows
    return rows[0].id if rows else 0


def _since(mark: Reading) -> list[Recorded]:
    """The entries on measures after the mark, oldest first."""
    filters = Filters(verbs=["plans."], since=mark.at - OVERLAP)
    found: list[Recorded] = []
    start: int | None = 0
    while start is not None:
        page = entries_in(None, Window(start, LARGEST_PAGE), filters)
        found += [row for row in page.rows if row.id > mark.entry_id]
        start = page.next_start if page.rows and page.rows[-1].id > mark.entry_id else None
    return found[::-1]


def _tell(entries: list[Recorded]) -> None:
    touched: dict[UUID, list[Recorded]] = defaultdict(list)
    for entry in entries:
        if entry.actor_id is not None and entry.subject[0] == "plans.measure":
            touched[UUID(entry.subject[1])].append(entry)
    measures = brief.briefs(touched)
    for measure_id, acts in touched.items():
        if measure_id in measures:
            _tell_one(measures[measure_id], acts)


def _tell_one(measure: brief.Brief, acts: list[Recorded]) -> None:
    if any(act.verb in ACTOR_VERBS for act in acts):
        _tell_named(measure, acts[-1].actor_id)
    by = {act.actor_id: act.actor_label for act in acts}
    followers = followers_of(measure)
    if not followers:
        return
    leads = leads_of(measure)
    inside = leads | followers_of(measure, inside_only=True)
    for author, name in by.items():
        key = f"change:{measure.id}"
        # Who changes what is known to the people who work on a measure, not to everyone.
        tell(
            measure,
            followers & inside,
            CHANGE,
            N_("{who} changed “{measure}”"),
            {"who": name},
            key=key,
            author_id=author,
            repeats=True,
        )
        tell(
            measure,
            followers - inside,
            CHANGE,
            N_("“{measure}” was changed"),
            {},
            key=key,
            author_id=author,
            repeats=True,
        )


def _tell_named(measure: brief.Brief, by: UUID | None) -> None:
    for role, person in brief.people_named([measure.id]).get(measure.id, []):
        tell(
            measure,
            [person],
            ASSIGNMENT,
            N_("You are named on “{measure}”: see “People” on its page"),
            {},
            key=f"named:{measure.id}:{role.value}",
            author_id=by,
        )
