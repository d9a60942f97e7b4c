"""Private addresses under which calendars read turns: signed, so that nobody guesses one, and revocable.

Who holds an address reads what its person may see now; it is worth nothing once the person may not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.contrib.auth import get_user_model
from django.core import signing
from django.db import transaction

from belvedere.domains.access.public import Actor, actor_of
from belvedere.domains.duty.errors import NoSuchFeed
from belvedere.domains.duty.models import Feed, Roster
from belvedere.domains.duty.policies import visible
from belvedere.domains.duty.queries import NO_SUCH_ROSTER, view_of
from belvedere.domains.duty.views import FeedView, RosterView
from belvedere.domains.territory.public import TerritoryView
from belvedere.duties.journal.public import record, signed
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, Refused

_SALT: Final = "belvedere.duty.feed"
PAST: Final = timedelta(weeks=5)
AHEAD: Final = timedelta(weeks=26)
_NOTED_EVERY: Final = timedelta(hours=1)
NO_SUCH_FEED: Final = N_("This address of a calendar is not known, or was revoked.")


@dataclass(frozen=True, slots=True)
class FeedRead:
    """What a calendar reads. `person_id`: only their turns (None: those of everybody)."""

    territory_id: UUID
    language: str
    person_id: UUID | None
    rosters: tuple[RosterView, ...]


def open_feed(*, actor: Actor, territory: TerritoryView, roster_id: UUID | None = None) -> UUID:
    """Make an address for the actor, of a roster or of their own turns; the one there is stays."""
    person_id = _person(actor)
    if roster_id is not None:
        seen = Roster.objects.filter(visible(actor, territory.id), pk=roster_id)
        if not seen.exists():
            raise NoSuchFeed(NO_SUCH_ROSTER)
    with transaction.atomic():
        made = Feed(territory_id=territory.id, person_id=person_id, roster_id=roster_id, created_at=now())
        Feed.objects.bulk_create([made], ignore_conflicts=True)
        mine = Feed.objects.filter(territory_id=territory.id, person_id=person_id, revoked_at=None)
        row = mine.filter(roster_id=roster_id).get() if roster_id else mine.get(roster_id__isnull=True)
        if row.pk == made.pk:
            _journal(actor, row, "open_feed")
    return row.pk


def close_feed(*, actor: Actor, territory: TerritoryView, feed_id: UUID) -> None:
    """Revoke an address of the actor: whoever has it reads nothing any more."""
    person_id = _person(actor)
    with transaction.atomic():
        rows = Feed.objects.select_for_update(of=("self",))
        row = rows.filter(pk=feed_id, territory_id=territory.id, person_id=person_id, revoked_at=None).first()
        if row is None:
            raise NoSuchFeed(NO_SUCH_FEED)
        row.revoked_at = now()
        row.save(update_fields=["revoked_at"])
        _journal(actor, row, "close_feed")


def my_feeds(actor: Actor, territory_id: UUID) -> list[FeedView]:
    """The addresses of the actor that count."""
    if actor.person_id is None or actor.scopes is not None:
        return []
    rows = Feed.objects.filter(territory_id=territory_id, person_id=actor.person_id, revoked_at=None)
    return [FeedView(one.pk, one.roster_id, _token(one.pk), one.read_at) for one in rows.order_by("pk")]


def read_feed(token: str, at: datetime) -> FeedRead:
    """What is under an address; NoSuchFeed when it is not ours, revoked, or its person may not see it."""
    row = Feed.objects.filter(pk=_key(token), revoked_at=None).first()
    people = get_user_model().objects.filter(is_active=True)
    person = people.filter(pk=row.person_id).first() if row is not None else None
    if row is None or person is None:
        raise NoSuchFeed(NO_SUCH_FEED)
    actor = actor_of(person)
    found = Roster.objects.filter(visible(actor, row.territory_id)).order_by("name", "pk")
    if row.roster_id is not None:
        found = found.filter(pk=row.roster_id)
    rosters = tuple(view_of(one, at - PAST, PAST + AHEAD) for one in found)
    if row.roster_id is not None and not rosters:
        raise NoSuchFeed(NO_SUCH_FEED)
    if row.read_at is None or at - row.read_at > _NOTED_EVERY:
        Feed.objects.filter(pk=row.pk).update(read_at=at)
    return FeedRead(
        row.territory_id, actor.language, row.person_id if row.roster_id is None else None, rosters
    )


def _token(feed_id: UUID) -> str:
    return signing.Signer(salt=_SALT).sign(feed_id.hex).replace(":", "~")


def _key(token: str) -> UUID:
    try:
        return UUID(signing.Signer(salt=_SALT).unsign(token.replace("~", ":")))
    except (signing.BadSignature, ValueError):
        raise NoSuchFeed(NO_SUCH_FEED) from None


def _person(actor: Actor) -> UUID:
    if actor.person_id is None or actor.scopes is not None:
        raise Refused(N_("A token cannot do this. Sign in with a browser."))
    return actor.person_id


def _journal(actor: Actor, row: Feed, verb: str) -> None:
    record(
        **signed(actor),
        verb=f"duty.{verb}",
        subject=("duty.feed", str(row.pk)),
        territory_id=row.territory_id,
        before={},
        after={"roster": str(row.roster_id or "")},
    )
