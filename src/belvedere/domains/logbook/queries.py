"""Typed reads of the log book, for who asks. What an automatic entry is about is asked of its own domain."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from belvedere.domains.access.public import Actor, names_of
from belvedere.domains.automation import public as automation
from belvedere.domains.commands import public as commands
from belvedere.domains.interventions import public as interventions
from belvedere.domains.logbook.errors import NoSuchEntry
from belvedere.domains.logbook.models import Entry, HandOver
from belvedere.domains.logbook.policies import may_write, visible
from belvedere.domains.logbook.states import BY_HAND, Category
from belvedere.domains.logbook.views import EntryView, HandOverView, Shift, Wanted
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_
from belvedere.kernel.identifiers import fold
from belvedere.kernel.paging import Page, Window

#: What a first hand-over gathers.
FIRST_SHIFT: Final = timedelta(days=1)
FIRST: Final = Window()
#: So many of what is open are named; the rest is counted.
SHOWN: Final = 100
#: So many alarms and interventions are looked through for the words asked for, the newest first.
LOOKED: Final = 2000


def entries(actor: Actor, territory_id: UUID, wanted: Wanted, window: Window = FIRST) -> Page[EntryView]:
    """Those that fit and that the actor may see, the last that happened first."""
    rows = _fitting(actor, territory_id, wanted)
    some = rows.order_by("-happened_at", "-pk")[window.start : window.start + window.size]
    return Page(_views(actor, territory_id, some), rows.count(), window)


def entry(actor: Actor, territory_id: UUID, entry_id: int) -> EntryView:
    """One entry; NoSuchEntry for who may not know of it."""
    rows = list(Entry.objects.filter(visible(actor, territory_id), pk=entry_id))
    if not rows:
        raise NoSuchEntry(N_("There is no such entry, or it is not for you to see."))
    return _views(actor, territory_id, rows)[0]


def _fitting(actor: Actor, territory_id: UUID, wanted: Wanted) -> QuerySet[Entry]:
    rows = Entry.objects.filter(visible(actor, territory_id))
    if wanted.categories:
        rows = rows.filter(category__in=list(wanted.categories))
    if wanted.places:
        rows = rows.filter(place_id__in=list(wanted.places))
    if wanted.owners:
        ids = [one for one in wanted.owners if one is not None]
        none = Q(owner_id__isnull=True) if None in wanted.owners else Q()
        rows = rows.filter(Q(owner_id__in=ids) | none if ids else none)
    if wanted.since is not None:
        rows = rows.filter(happened_at__gte=wanted.since)
    if wanted.until is not None:
        rows = rows.filter(happened_at__lt=wanted.until)
    if wanted.hand_over:
        rows = rows.filter(hand_over=True, struck_by__isnull=True)
    words = fold(wanted.text).split()
    if words:
        told = Q()
        for word in words:
            told &= Q(search__contains=word)
        rows = rows.filter(told | _about(actor, territory_id, wanted.text))
    return rows


def _about(actor: Actor, territory_id: UUID, text: str) -> Q:
    """Entries about what the actor finds by these words: they hold no words of their own."""
    of_alarms = automation.found_by_words(actor, territory_id, text, most=LOOKED)
    of_jobs = interventions.found_by_words(actor, territory_id, text, most=LOOKED)
    return Q(alarm_id__in=of_alarms) | Q(intervention_id__in=of_jobs)


def _views(actor: Actor, territory_id: UUID, found: Iterable[Entry]) -> list[EntryView]:
    rows = list(found)
    names = names_of({row.person_id for row in rows if row.person_id})
    steps = automation.steps_by_id(actor, territory_id, [row.step_id for row in rows if row.step_id])
    linked = [row.alarm_id for row in rows if row.alarm_id and not row.step_id]
    alarms = automation.alarms_by_id(actor, territory_id, linked)
    jobs = interventions.by_id(
        actor, territory_id, [row.intervention_id for row in rows if row.intervention_id]
    )
    asked = commands.by_id(actor, territory_id, [row.command_id for row in rows if row.command_id])
    struck = dict(
        Entry.objects.filter(strikes_id__in=[row.pk for row in rows]).values_list("strikes_id", "pk")
    )
    able = {one: may_write(actor, territory_id, one) is None for one in {row.owner_id for row in rows}}
    made = []
    for row in rows:
        alarm, step = steps.get(row.step_id or 0, (None, None))
        made.append(
            EntryView(
                id=row.pk,
                owner_id=row.owner_id,
                happened_at=row.happened_at,
                written_at=row.written_at,
                category=Category(row.category),
                text=row.text,
                person_id=row.person_id,
                by=names.get(row.person_id, "") if row.person_id else "",
                hand_over=row.hand_over,
                strikes=row.strikes_id,
                struck_by=struck.get(row.pk),
                place_id=row.place_id,
                entity_id=row.entity_id,
                alarm_id=row.alarm_id,
                act=row.act,
                crisis_id=row.crisis_id,
                alarm=alarm or alarms.get(row.alarm_id or 0),
                step=step,
                intervention=jobs.get(row.intervention_id) if row.intervention_id else None,
                command=asked.get(row.command_id) if row.command_id else None,
                may_strike=able[row.owner_id]
                and row.pk not in struck
                and row.category in (*BY_HAND, Category.CORRECTION),
            )
        )
    return made


# ------------------------------------------------------------------ shifts
def last_taken(territory_id: UUID, owner_id: UUID | None) -> HandOver | None:
    rows = HandOver.objects.filter(territory_id=territory_id, owner_id=owner_id, taken_at__isnull=False)
    return rows.order_by("-left_at").first()


def shift_since(last: HandOver | None, at: datetime) -> datetime:
    """Since when the running shift has to tell: since the last one wrote its word."""
    return last.left_at if last is not None else at - FIRST_SHIFT


def shift(actor: Actor, territory_id: UUID, owner_id: UUID | None) -> Shift:
    """What stands at the desk of an organisation (None: of the whole territory) and has to be handed over.

    What the actor may not see is left out, as everywhere.
    """
    here = HandOver.objects.filter(visible(actor, territory_id), owner_id=owner_id)
    last = here.filter(taken_at__isnull=False).order_by("-left_at").first()
    waits = here.filter(taken_at__isnull=True).first()
    at = now()
    since = waits.since if waits is not None else shift_since(last, at)
    owners = () if owner_id is None else (owner_id,)
    own: tuple[UUID | None, ...] = (owner_id,)
    marked = entries(actor, territory_id, Wanted(owners=own, since=since, hand_over=True), Window(0, SHOWN))
    alarms = automation.alarms(actor, territory_id, automation.Filters(owners=owners), size=SHOWN)
    shelved = automation.alarms(
        actor, territory_id, automation.Filters(owners=owners, shelved=True), size=SHOWN
    )
    running = interventions.Wanted(states=interventions.OPEN, owners=owners)
    failed = commands.commands(
        actor,
        territory_id,
        commands.Wanted(states=(commands.State.FAILED, commands.State.EXPIRED)),
        Window(0, SHOWN),
    )
    return Shift(
        owner_id=owner_id,
        since=since,
        last=_hand_over(last) if last is not None else None,
        waiting=_hand_over(waits) if waits is not None else None,
        marked=tuple(marked.rows),
        alarms=alarms.rows,
        more_alarms=alarms.total - len(alarms.rows),
        shelved=shelved.rows,
        interventions=tuple(interventions.listed(actor, territory_id, running, Window(0, SHOWN)).rows),
        failed=tuple(
            one
            for one in failed.rows
            if one.finished_at is not None
            and one.finished_at >= since
            and (owner_id is None or one.owner_id == owner_id)
        ),
    )


def _hand_over(row: HandOver) -> HandOverView:
    people = {one for one in (row.left_by_id, row.taken_by_id) if one is not None}
    return HandOverView(
        id=row.pk,
        since=row.since,
        left_at=row.left_at,
        left_by=row.left_by_id,
        word=row.word,
        taken_at=row.taken_at,
        taken_by=row.taken_by_id,
        names=names_of(people),
    )
