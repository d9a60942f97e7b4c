"""Reads of suggestions: the owner's queue, what a person suggested, and the mails still to be written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from belvedere.domains.access.public import Actor, names_of
from belvedere.domains.collaboration.models import Suggestion
from belvedere.domains.collaboration.policies import decides_for
from belvedere.domains.collaboration.states import DECIDED, TEXTS, WRITTEN, Part, SuggestionState
from belvedere.domains.collaboration.suggesting import present_values
from belvedere.domains.collaboration.views import Names, SuggestionView
from belvedere.domains.plans.public import brief, policies
from belvedere.duties.privacy.public import decrypt
from belvedere.kernel.paging import Page, Window

UNCONFIRMED_FOR: Final = timedelta(days=30)
ADDRESS_FOR: Final = timedelta(days=365)


def queue(
    actor: Actor, territory_id: UUID, *, decided: bool = False, window: Window | None = None
) -> Page[SuggestionView]:
    """The suggestions that the actor decides: open ones oldest first, decided ones newest first."""
    rows = _mine_to_decide(actor, territory_id)
    if decided:
        rows = rows.filter(state__in=DECIDED).order_by("-decided_at", "pk")
    else:
        rows = rows.filter(state=SuggestionState.OPEN).order_by("created_at", "pk")
    window = window or Window()
    return Page(
        _views(actor, rows[window.start : window.start + window.size], alive=not decided),
        rows.count(),
        window,
    )


def waiting_for(actor: Actor, territory_id: UUID) -> int:
    """How many suggestions wait for the actor's answer."""
    return _mine_to_decide(actor, territory_id).filter(state=SuggestionState.OPEN).count()


def _mine_to_decide(actor: Actor, territory_id: UUID) -> QuerySet[Suggestion]:
    rows = Suggestion.objects.filter(measure__territory_id=territory_id)
    owners = decides_for(actor, territory_id)
    return rows if owners is None else rows.filter(measure__owner_id__in=owners)


def suggested_by(actor: Actor, territory_id: UUID) -> list[SuggestionView]:
    """What the actor suggested here, newest first, with the answers; of measures they still may see."""
    if actor.person_id is None:
        return []
    rows = Suggestion.objects.filter(person_id=actor.person_id, measure__territory_id=territory_id).order_by(
        "-created_at"
    )
    known = brief.briefs({row.measure_id for row in rows})
    return _views(
        actor,
        [row for row in rows if policies.sees(actor, known[row.measure_id].thing)],
        alive=False,
    )


def _views(actor: Actor, rows: Iterable[Suggestion], *, alive: bool) -> list[SuggestionView]:
    found = list(rows)
    known = brief.briefs({row.measure_id for row in found})
    people = {row.person_id for row in found} | {row.decided_by_id for row in found}
    names = names_of([person for person in people if person is not None])
    return [_view(actor, row, known[row.measure_id], names, alive) for row in found]


def _view(
    actor: Actor, row: Suggestion, measure: brief.Brief, names: dict[UUID, str], alive: bool
) -> SuggestionView:
    part = Part(row.part)
    writable = part in WRITTEN and bool(row.value)
    by = names.get(row.person_id, "") if row.person_id else decrypt(row.name) if row.name else ""
    today = row.present
    if alive and part in TEXTS:
        today = getattr(measure, part.value).get(row.language, "")
    elif alive and writable:
        today = present_values(actor, row.measure_id, row.language).get(part, "")
    return SuggestionView(
        id=row.pk,
        measure_id=row.measure_id,
        title=measure.title,
        owner_id=measure.owner_id,
        part=part,
        language=row.language,
        present=row.present,
        now=today,
        value=row.value,
        message=row.message,
        by=by,
        with_account=row.person_id is not None,
        state=SuggestionState(row.state),
        created_at=row.created_at,
        answer=row.answer,
        decided_at=row.decided_at,
        decided_by=names.get(row.decided_by_id, "") if row.decided_by_id else "",
        writable=writable,
    )


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that someone without an account waits for. `state` WAITING: the link to confirm."""

    suggestion_id: UUID
    territory_id: UUID
    measure_id: UUID
    title: Names
    published: bool
    email: str
    name: str
    language: str
    state: SuggestionState
    answer: str


def letters() -> list[UUID]:
    """The suggestions whose mail has not left: to confirm, or with the answer."""
    waiting = Q(state=SuggestionState.WAITING, asked_at__isnull=True)
    decided = Q(state__in=DECIDED, told_at__isnull=True)
    rows = Suggestion.objects.filter(waiting | decided, email__isnull=False).order_by("created_at", "pk")
    return list(rows.values_list("pk", flat=True))


def post(suggestion_id: UUID, at: datetime, deliver: Callable[[Letter], bool]) -> bool:
    """Have one letter delivered, held meanwhile so that two jobs never send the same; whether it left."""
    with transaction.atomic():
        rows = Suggestion.objects.select_for_update(of=("self",), skip_locked=True)
        row = rows.filter(pk=suggestion_id, email__isnull=False).first()
        if row is None:
            return False
        name = "asked_at" if row.state == SuggestionState.WAITING else "told_at"
        if getattr(row, name) is not None or not deliver(_letter(row)):
            return False
        setattr(row, name, at)
        row.save(update_fields=[name])
        return True


def _letter(row: Suggestion) -> Letter:
    measure = brief.briefs([row.measure_id])[row.measure_id]
    return Letter(
        suggestion_id=row.pk,
        territory_id=measure.territory_id,
        measure_id=row.measure_id,
        title=measure.title,
        published=measure.published,
        email=decrypt(row.email) if row.email else "",
        name=decrypt(row.name) if row.name else "",
        language=row.language,
        state=SuggestionState(row.state),
        answer=row.answer,
    )


def forget_old_suggestions(at: datetime) -> int:
    """Remove what was never confirmed, and the name and address of who was answered a year ago."""
    gone = Suggestion.objects.filter(
        state=SuggestionState.WAITING, created_at__lt=at - UNCONFIRMED_FOR
    ).delete()[0]
    old = Suggestion.objects.filter(decided_at__lt=at - ADDRESS_FOR, person__isnull=True)
    return gone + old.filter(Q(email__isnull=False) | Q(name__isnull=False)).update(
        name=None, email=None, email_index="", told_at=F("decided_at")
    )
