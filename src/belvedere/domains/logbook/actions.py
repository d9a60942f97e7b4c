"""Verbs on the log book: write an entry, strike one, hand a shift over, take it over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.automation import public as automation
from belvedere.domains.logbook.errors import AlreadyStruck, BadEntry, NoSuchEntry, WrongShift
from belvedere.domains.logbook.models import Entry, HandOver
from belvedere.domains.logbook.policies import require, visible
from belvedere.domains.logbook.queries import last_taken, shift_since
from belvedere.domains.logbook.states import BY_HAND, COMES, LEAVES, Category
from belvedere.domains.logbook.views import EntryDraft
from belvedere.domains.territory.public import TerritoryView, owners_among, places_of
from belvedere.domains.twin.public import entity_page
from belvedere.duties.journal.public import record, signed
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, Refused
from belvedere.kernel.identifiers import fold

LONGEST: Final = 4000
#: Clocks of people and of the platform differ a little.
AHEAD: Final = timedelta(minutes=5)
OLDEST: Final = timedelta(days=366)
NO_SUCH: Final = N_("There is no such entry, or it is not for you to see.")


def write_entry(*, actor: Actor, territory: TerritoryView, owner_id: UUID | None, draft: EntryDraft) -> int:
    """Write in the log book of an organisation (None: of the territory); gives the number of the entry.

    Raises:
        BadEntry: the text, the time or what it is about cannot be taken.
        Refused: it is not the actor's to write in this log book.
    """
    _owner(actor, territory, owner_id)
    if draft.category not in BY_HAND:
        raise BadEntry(N_("Choose what the entry is about."), field="category")
    text, at = _text(draft.text, "text"), now()
    happened_at = draft.happened_at or at
    if not at - OLDEST <= happened_at <= at + AHEAD:
        raise BadEntry(
            N_("Write when it happened: within the last year, not in the future."), field="happened_at"
        )
    if draft.alarm_id is not None:
        found = automation.alarm(actor, draft.alarm_id).alarm
        if found.territory_id != territory.id:
            raise BadEntry(N_("This alarm is of another territory."), field="alarm")
    if draft.entity_id is not None and entity_page(actor, draft.entity_id).territory_id != territory.id:
        raise BadEntry(N_("This thing is of another territory."), field="thing")
    if draft.place_id is not None and draft.place_id not in {one.id for one in places_of(territory)}:
        raise BadEntry(N_("Choose a place of the territory."), field="place")
    with transaction.atomic():
        row = Entry.objects.create(
            territory_id=territory.id,
            owner_id=owner_id,
            happened_at=happened_at,
            written_at=at,
            category=draft.category,
            text=text,
            search=fold(text),
            person_id=actor.person_id,
            hand_over=draft.hand_over,
            place_id=draft.place_id,
            entity_id=draft.entity_id,
            alarm_id=draft.alarm_id,
        )
        _journal(actor, "write", row, {"category": row.category, "hand_over": row.hand_over})
    return row.pk


def strike_entry(*, actor: Actor, territory: TerritoryView, entry_id: int, text: str) -> int:
    """Strike an entry that was written by hand and say what is right; both stay to be read."""
    text, at = _text(text, "text"), now()
    with transaction.atomic():
        rows = Entry.objects.select_for_update(of=("self",))
        old = rows.filter(visible(actor, territory.id), pk=entry_id).first()
        if old is None:
            raise NoSuchEntry(NO_SUCH)
        require(actor, territory.id, old.owner_id)
        if old.category not in (*BY_HAND, Category.CORRECTION):
            raise BadEntry(N_("What the platform wrote cannot be struck. Write an entry of your own."))
        if Entry.objects.filter(strikes=old).exists():
            raise AlreadyStruck(N_("Somebody struck this entry already. Look at the correction."))
        row = Entry.objects.create(
            territory_id=territory.id,
            owner_id=old.owner_id,
            happened_at=old.happened_at,
            written_at=at,
            category=Category.CORRECTION,
            text=text,
            search=fold(text),
            person_id=actor.person_id,
            hand_over=old.hand_over,
            strikes=old,
            place_id=old.place_id,
            entity_id=old.entity_id,
            alarm_id=old.alarm_id,
        )
        _journal(actor, "strike", row, {"strikes": old.pk}, text)
    return row.pk


def note_crisis(
    *,
    territory_id: UUID,
    owner_id: UUID,
    crisis_id: UUID,
    act: str,
    at: datetime,
    name: str,
    text: str,
    person_id: UUID | None,
) -> None:
    """What happened to a crisis, told by it in its own transaction: `begin:` and `phase:` with the phase that
    it has then, or `end`. The right was checked there."""
    told = f"{name}\n{text}"[:LONGEST]
    Entry.objects.create(
        territory_id=territory_id,
        owner_id=owner_id,
        happened_at=at,
        written_at=at,
        category=Category.CRISIS,
        text=told,
        search=fold(told),
        person_id=person_id,
        crisis_id=crisis_id,
        act=act,
    )


def hand_over(*, actor: Actor, territory: TerritoryView, owner_id: UUID | None, word: str) -> UUID:
    """Leave the shift with a word for the next one; it waits until somebody takes over."""
    _owner(actor, territory, owner_id)
    if actor.person_id is None:
        raise Refused(N_("Only people hand a shift over."))
    word, at = _text(word, "word"), now()
    with transaction.atomic():
        lock_desk(territory.id)
        if _waiting(territory.id, owner_id).exists():
            raise WrongShift(N_("The shift is handed over already: somebody has to take over first."))
        made = HandOver.objects.create(
            territory_id=territory.id,
            owner_id=owner_id,
            since=shift_since(last_taken(territory.id, owner_id), at),
            left_at=at,
            left_by_id=actor.person_id,
            word=word,
        )
        row = _shift_entry(actor, made, LEAVES, at, word)
        _journal(actor, "hand_over", row, {"hand_over": str(made.pk)}, word)
    return made.pk


def take_over(*, actor: Actor, territory: TerritoryView, hand_over_id: UUID) -> None:
    """Take the shift over that somebody else has left."""
    with transaction.atomic():
        lock_desk(territory.id)
        made = HandOver.objects.filter(visible(actor, territory.id), pk=hand_over_id).first()
        if made is None:
            raise NoSuchEntry(N_("There is no such hand-over, or it is not for you to see."))
        require(actor, territory.id, made.owner_id)
        if made.taken_at is not None:
            raise WrongShift(N_("Somebody has taken this shift over already."))
        if actor.person_id is None or actor.person_id == made.left_by_id:
            raise BadEntry(N_("You have left this shift: somebody else takes it over."))
        made.taken_at = max(now(), made.left_at)
        made.taken_by_id = actor.person_id
        made.save(update_fields=["taken_at", "taken_by"])
        row = _shift_entry(actor, made, COMES, made.taken_at)
        _journal(actor, "take_over", row, {"hand_over": str(made.pk)})


def lock_desk(territory_id: UUID) -> None:
    """Shifts of a territory change one after the other."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"logbook {territory_id}"])


def _waiting(territory_id: UUID, owner_id: UUID | None) -> Any:
    return HandOver.objects.filter(territory_id=territory_id, owner_id=owner_id, taken_at__isnull=True)


def _shift_entry(actor: Actor, made: HandOver, act: str, at: datetime, text: str = "") -> Entry:
    return Entry.objects.create(
        territory_id=made.territory_id,
        owner_id=made.owner_id,
        happened_at=at,
        written_at=at,
        category=Category.SHIFT,
        text=text,
        search=fold(text),
        person_id=actor.person_id,
        act=act,
    )


def _owner(actor: Actor, territory: TerritoryView, owner_id: UUID | None) -> None:
    if owner_id is not None and not owners_among(territory.id, [owner_id]):
        raise BadEntry(N_("Choose the organisation."), field="owner")
    require(actor, territory.id, owner_id)


def _text(text: str, field: str) -> str:
    text = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if not text:
        raise BadEntry(N_("Write what has to be known."), field=field)
    if len(text) > LONGEST:
        raise BadEntry(N_("Write {most} characters at most."), field=field, most=LONGEST)
    return text


def _journal(actor: Actor, verb: str, row: Entry, after: Mapping[str, Any], reason: str = "") -> None:
    record(
        **signed(actor),
        verb=f"logbook.{verb}",
        subject=("logbook.entry", str(row.pk)),
        territory_id=row.territory_id,
        after=after,
        reason=reason[:500],
    )
