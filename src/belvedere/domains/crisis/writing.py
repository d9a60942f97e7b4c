"""What every verb of a crisis needs: the crisis held, a line of the timeline, a line of the journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from belvedere.domains.access.public import Actor, holders
from belvedere.domains.crisis.errors import BadCrisis, NoSuchCrisis, WrongState
from belvedere.domains.crisis.models import Crisis, CrisisRole, Fact, SituationPoint, Task
from belvedere.domains.crisis.policies import visible
from belvedere.domains.crisis.states import Category
from belvedere.domains.territory.public import TerritoryView
from belvedere.duties.journal.public import record, signed
from belvedere.kernel.errors import N_

NO_SUCH: Final = N_("There is no such crisis, or it is not for you to see.")
ENDED: Final = N_("The crisis is ended: nothing is changed in it any more.")


def held(actor: Actor, territory: TerritoryView, crisis_id: UUID) -> Crisis:
    """The crisis, locked, so that whatever is written of it comes one after the other; WrongState once it is
    ended."""
    rows = Crisis.objects.select_for_update(of=("self",))
    row = rows.filter(visible(actor, territory.id), pk=crisis_id).first()
    if row is None:
        raise NoSuchCrisis(NO_SUCH)
    if row.ended_at is not None:
        raise WrongState(ENDED)
    return row


def note(
    row: Crisis,
    actor: Actor,
    category: Category,
    act: str,
    at: datetime,
    *,
    happened_at: datetime | None = None,
    role: CrisisRole | None = None,
    task: Task | None = None,
    point: SituationPoint | None = None,
    other: UUID | None = None,
    what: str = "",
    text: str = "",
) -> None:
    """A line of the timeline; nobody takes it back."""
    if task is not None and role is None:
        role = task.role
    Fact.objects.create(
        crisis=row,
        at=happened_at or at,
        written_at=at,
        category=category,
        act=act,
        phase=row.phase,
        person_id=actor.person_id,
        other_id=other,
        role_name=role.name if role is not None else "",
        task_id=task.pk if task is not None else None,
        point=point,
        what=what or (task.what if task is not None else ""),
        text=text,
    )


def journal(actor: Actor, verb: str, row: Crisis, after: Mapping[str, Any], reason: str = "") -> None:
    record(
        **signed(actor),
        verb=f"crisis.{verb}",
        subject=("crisis.crisis", str(row.pk)),
        territory_id=row.territory_id,
        after=after,
        reason=reason[:500],
    )


def staff(owner_id: UUID) -> frozenset[UUID]:
    """Who works for an organisation: only they have roles and are given tasks."""
    return holders([owner_id]).get(owner_id, frozenset())


def said(text: str, field: str, most: int, *, needed: str = "") -> str:
    """A text of several lines as it is kept. `needed`: what to say (a msgid) where nothing is written."""
    text = "\n".join(line.rstrip() for line in text.replace("\x00", "").strip().splitlines())
    if needed and not text:
        raise BadCrisis(needed, field=field)
    if len(text) > most:
        raise BadCrisis(N_("Write {most} characters at most."), field=field, most=most)
    return text


def line(text: str, field: str, most: int, *, needed: str = "") -> str:
    """A text of one line as it is kept."""
    return said(" ".join(text.split()), field, most, needed=needed)
