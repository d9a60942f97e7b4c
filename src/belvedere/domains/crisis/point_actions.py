"""Verbs on situation points: write one, strike one by the right one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from belvedere.domains.access.public import Actor
from belvedere.domains.crisis.errors import BadCrisis, WrongState
from belvedere.domains.crisis.models import Crisis, SituationPoint
from belvedere.domains.crisis.policies import may_act, require
from belvedere.domains.crisis.running import LONGEST
from belvedere.domains.crisis.states import Category
from belvedere.domains.crisis.views import PointDraft
from belvedere.domains.crisis.writing import held, journal, note, said
from belvedere.domains.territory.public import TerritoryView
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_


def write_point(*, actor: Actor, territory: TerritoryView, crisis_id: UUID, draft: PointDraft) -> int:
    """Write where things stand; gives its number, from 1 in each crisis."""
    with transaction.atomic():
        row = held(actor, territory, crisis_id)
        require(may_act(actor, row))
        made = _write(row, actor, draft, now(), None)
        journal(actor, "write_point", row, {"number": made.number})
    return made.number


def strike_point(
    *, actor: Actor, territory: TerritoryView, crisis_id: UUID, number: int, draft: PointDraft
) -> int:
    """Strike a situation point by the right one; both stay to be read. Gives the number of the new one."""
    with transaction.atomic():
        row = held(actor, territory, crisis_id)
        require(may_act(actor, row))
        old = row.points.filter(number=number).first()
        if old is None:
            raise BadCrisis(N_("There is no such situation point."))
        if row.points.filter(strikes=old).exists():
            raise WrongState(N_("Somebody struck this situation point already. Look at the correction."))
        made = _write(row, actor, draft, now(), old)
        journal(actor, "strike_point", row, {"number": made.number, "strikes": old.number})
    return made.number


def _write(
    row: Crisis, actor: Actor, draft: PointDraft, at: datetime, strikes: SituationPoint | None
) -> SituationPoint:
    is_kept = strikes is not None and draft.next_at == strikes.next_at
    if draft.next_at is not None and draft.next_at <= at and not is_kept:
        raise BadCrisis(N_("The next situation point is later than now."), field="next_at")
    made = SituationPoint.objects.create(
        crisis=row,
        number=(row.points.aggregate(most=Max("number"))["most"] or 0) + 1,
        at=at,
        person_id=actor.person_id,
        situation=said(draft.situation, "situation", LONGEST, needed=N_("Write what the situation is.")),
        done=said(draft.done, "done", LONGEST),
        expected=said(draft.expected, "expected", LONGEST),
        decisions=said(draft.decisions, "decisions", LONGEST),
        next_at=draft.next_at,
        strikes=strikes,
    )
    note(row, actor, Category.POINT, "strike" if strikes else "write", at, point=made)
    return made
