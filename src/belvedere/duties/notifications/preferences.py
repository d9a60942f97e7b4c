"""What each person wants by mail, and the links that stop it without signing in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.core import signing
from django.db import transaction

from belvedere.duties.notifications.kinds import EVERY_KIND, Rhythm, due_by, kind_of, kinds
from belvedere.duties.notifications.models import Notice, Preference
from belvedere.kernel.errors import N_, InvalidInput, NotFound

_SALT = "belvedere.notifications.stop"


@dataclass(frozen=True, slots=True)
class Stop:
    """What the link of a mail stops: one kind, or all of them (`EVERY_KIND`)."""

    person_id: UUID
    kind: str


def rhythms_of(person_id: UUID) -> dict[str, Rhythm]:
    """The rhythm of each known kind for a person."""
    return {kind.code: _rhythm(kind.code, _chosen([person_id]).get(person_id, {})) for kind in kinds()}


def rhythms_for(people: Collection[UUID], kind: str) -> dict[UUID, Rhythm]:
    """The rhythm of one kind for many people, in one query."""
    chosen = _chosen(people)
    return {person: _rhythm(kind, chosen.get(person, {})) for person in people}


def _chosen(people: Collection[UUID]) -> dict[UUID, dict[str, Rhythm]]:
    found: dict[UUID, dict[str, Rhythm]] = {}
    rows = Preference.objects.filter(person_id__in=list(people))
    for person, kind, rhythm in rows.values_list("person_id", "kind", "rhythm"):
        found.setdefault(person, {})[kind] = Rhythm(rhythm)
    return found


def _rhythm(kind: str, chosen: Mapping[str, Rhythm]) -> Rhythm:
    known = kind_of(kind)
    if not known.choice:
        return known.rhythm
    return chosen.get(kind) or chosen.get(EVERY_KIND) or known.rhythm


def set_rhythms(person_id: UUID, wanted: Mapping[str, Rhythm]) -> None:
    """Keep what a person chose, kind by kind; notices that wait follow the new choice at once.

    Raises:
        InvalidInput: for a kind that is not known; nothing was changed.
    """
    known = {kind.code for kind in kinds() if kind.choice} | {EVERY_KIND}
    if unknown := sorted(set(wanted) - known):
        raise InvalidInput(
            N_("This kind of message is not known: {kinds}. Open the page again."), kinds=unknown
        )
    with transaction.atomic():
        for kind, rhythm in wanted.items():
            Preference.objects.update_or_create(
                person_id=person_id, kind=kind, defaults={"rhythm": Rhythm(rhythm)}
            )
        _follow(person_id)


def _follow(person_id: UUID) -> None:
    rhythms = rhythms_of(person_id)
    waiting = Notice.objects.select_for_update().filter(
        recipient_id=person_id, sent_at__isnull=True, read_at__isnull=True
    )
    changed = []
    for notice in waiting:
        rhythm = rhythms.get(notice.kind)
        if rhythm is None or rhythm == notice.rhythm:
            continue
        due = due_by(rhythm, notice.told_at, notice.zone)
        notice.rhythm, notice.due_at, notice.latest_at = rhythm, due.at, due.latest
        changed.append(notice)
    Notice.objects.bulk_update(changed, ["rhythm", "due_at", "latest_at"], batch_size=500)


def stop_token(person_id: UUID, kind: str) -> str:
    """The secret part of the link that stops a kind of mail; it does not grow old, as RFC 8058 asks."""
    return signing.Signer(salt=_SALT).sign(f"{person_id.hex}.{kind}").replace(":", "~")


def read_stop(token: str) -> Stop:
    """What a link stops.

    Raises:
        NotFound: when the link is not one of ours.
    """
    try:
        person, _, kind = signing.Signer(salt=_SALT).unsign(token.replace("~", ":")).partition(".")
        return Stop(UUID(person), kind)
    except (signing.BadSignature, ValueError):
        raise NotFound(
            N_(
                "This link is not known. Check that it was copied whole, or choose your messages in the "
                "cockpit."
            )
        ) from None


def stop(token: str) -> Stop:
    """Stop what the link is for; following it twice changes nothing more."""
    found = read_stop(token)
    if found.kind == EVERY_KIND:
        every = {kind.code: Rhythm.NEVER for kind in kinds() if kind.choice}
        set_rhythms(found.person_id, {**every, EVERY_KIND: Rhythm.NEVER})
    else:
        set_rhythms(found.person_id, {found.kind: Rhythm.NEVER})
    return found
