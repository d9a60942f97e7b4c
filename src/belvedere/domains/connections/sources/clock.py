"""Which sources are due, each asked by one process only, and what is remembered of it. No actor: a clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import F

from belvedere.domains.connections.lists import ListMap, Row
from belvedere.domains.connections.models import Source
from belvedere.domains.connections.sources.admitting import Admitted, admit
from belvedere.domains.connections.sources.announcing import announce_rows
from belvedere.domains.connections.sources.reading import Answer, Way
from belvedere.domains.connections.states import SourceForm
from belvedere.domains.territory.public import TerritoryView, territory_by_id
from belvedere.duties.privacy.public import decrypt
from belvedere.engines.fetching import Mark
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, BelvedereError

#: Who asks has so long; after that the source is due again, whoever was killed meanwhile.
LEASE = timedelta(minutes=5)
LONGEST_BACKOFF_S = 6 * 3600
MOST_DOUBLINGS = 8
#: What is said when it is our own fault.
FAULT = N_("The platform itself failed on this answer. Who runs it finds the reason in its log.")


@dataclass(frozen=True, slots=True)
class Due:
    """A source to ask, for who claimed it at `asked_at`."""

    id: UUID
    asked_at: datetime
    territory: TerritoryView
    way: Way

    def subject(self, key: str) -> str:
        """Where the bus keeps what is told of a device."""
        return f"devices.{self.territory.slug}.{key}.uplink"


def way_of(row: Source, territory: TerritoryView, *, anew: bool = False) -> Way:
    """Where to ask and how to read; `anew`: even if nothing changed."""
    return Way(
        form=SourceForm(row.form),
        url=row.url,
        header=row.header,
        secret=decrypt(row.secret) if row.secret else "",
        mark=Mark() if anew else Mark(row.etag, row.modified),
        kind=row.kind,
        languages=territory.languages,
        mapping=mapping_of(row),
    )


def mapping_of(row: Source) -> ListMap:
    """How its list is read; an empty one before anybody said so."""
    return msgspec.convert(row.mapping, ListMap) if row.mapping else ListMap()


def claim(most: int) -> list[Due]:
    """Take up to `most` sources that are due; nobody else gets them before the lease is over."""
    at = now()
    with transaction.atomic():
        rows = list(
            Source.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(is_on=True, next_at__lte=at)
            .order_by("next_at")[:most]
        )
        for row in rows:
            row.asked_at, row.next_at = at, at + LEASE
        Source.objects.bulk_update(rows, ["asked_at", "next_at"])
    territories = {key: territory_by_id(key) for key in {row.territory_id for row in rows}}
    return [_due(row, territories[row.territory_id], at) for row in rows]


def _due(row: Source, territory: TerritoryView, at: datetime) -> Due:
    return Due(row.pk, at, territory, way_of(row, territory))


def admit_rows(due: Due, rows: Sequence[Row]) -> Admitted:
    """What of an answer can be handed on; things that are new are made. Nothing for a source that was
    changed, switched off or removed since it was asked."""
    with transaction.atomic():
        row = Source.objects.select_for_update(of=("self",)).filter(**_still(due)).first()
        if row is None:
            return Admitted([], 0, 0)
        is_announced = due.way.form is SourceForm.ALERTS
        take = announce_rows if is_announced else admit
        found = take(row, due.territory, rows, due.asked_at)
        row.made += found.made
        row.save(update_fields=["made"])
        return found


def answered(due: Due, answer: Answer, admitted: Admitted | None) -> None:
    """All of it is on our disk. It is asked next as set, and not before the source itself expects news."""
    changes: dict[str, object] = {
        "heard_at": due.asked_at,
        "failures": 0,
        "problem": "",
        "problem_at": None,
        "problem_data": {},
        "etag": answer.mark.etag,
        "modified": answer.mark.modified,
    }
    if admitted is not None:
        given = len(admitted.frames) + admitted.told
        changes |= {
            "rows": given + admitted.left_out,
            "left_out": admitted.left_out,
            "taken": F("taken") + given,
        }
    _settle(due, changes, answer.ttl_s)


def failed(due: Due, error: BelvedereError) -> None:
    """It could not be asked or read: later again, each time after twice as long."""
    row = Source.objects.filter(**_still(due)).first()
    if row is None:
        return
    failures = row.failures + 1
    wait = row.every_s * 2 ** min(failures - 1, MOST_DOUBLINGS)
    asked_for = error.data.get("wait_s", 0)
    wait = max(min(wait, LONGEST_BACKOFF_S), asked_for if isinstance(asked_for, int) else 0)
    data = {name: str(value)[:200] for name, value in error.data.items()}
    changes = {
        "failures": failures,
        "problem": error.message[:300],
        "problem_data": data,
        "problem_at": due.asked_at,
    }
    _settle(due, changes, min(wait, 86_400))


def _settle(due: Due, changes: dict[str, object], least_s: int) -> None:
    rows = Source.objects.filter(**_still(due))
    every_s = rows.values_list("every_s", flat=True).first()
    if every_s is not None:
        wait = timedelta(seconds=max(every_s, least_s))
        rows.update(**changes, next_at=due.asked_at + wait)


def _still(due: Due) -> dict[str, object]:
    """The source as it was claimed; who claims it again, changes it or switches it off ends that."""
    return {"pk": due.id, "asked_at": due.asked_at, "is_on": True, "url": due.way.url}
