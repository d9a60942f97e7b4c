"""Duty as a source of personal data: stand-ins, absences, calendars and calls of a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from belvedere.domains.access.public import AccountSource
from belvedere.domains.duty.models import Absence, Call, Feed, StandIn
from belvedere.duties.privacy.public import Held, Outcome


class DutySource(AccountSource):
    """The answers of duty.

    A roster that names somebody erased shows nobody in their turns: their account has no name left.
    """

    def held(self, person_id: UUID) -> list[Held]:
        return [
            Held(f"duty.{name}", str(row.pk), _values(row))
            for name, rows in _rows(person_id).items()
            for row in rows.order_by("pk")
        ]

    def let_go(self, person_id: UUID) -> list[Outcome]:
        return [Outcome(f"duty.{name}", rows.delete()[0]) for name, rows in _rows(person_id).items()]


def _rows(person_id: UUID) -> Mapping[str, QuerySet[Any]]:
    return {
        "standin": StandIn.objects.filter(Q(person_id=person_id) | Q(instead_of_id=person_id)),
        "absence": Absence.objects.filter(person_id=person_id),
        "feed": Feed.objects.filter(person_id=person_id),
        "call": Call.objects.filter(person_id=person_id),
    }


def _values(row: StandIn | Absence | Feed | Call) -> dict[str, Any]:
    if isinstance(row, StandIn):
        return {"since": row.since.isoformat(), "until": row.until.isoformat(), "why": row.why}
    if isinstance(row, Absence):
        return {"since": row.since.isoformat(), "until": row.until.isoformat()}
    if isinstance(row, Feed):
        return {"made_at": row.created_at.isoformat(), "read_at": row.read_at and row.read_at.isoformat()}
    return {"channel": row.channel, "state": row.state, "at": (row.done_at or row.created_at).isoformat()}
