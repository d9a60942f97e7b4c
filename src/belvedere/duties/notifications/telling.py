"""Telling people something: a notice each, once for each key, or once more on the one that still waits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import F, Value
from django.db.models.functions import Least

from belvedere.duties.notifications.kinds import Rhythm, due_by
from belvedere.duties.notifications.models import Notice
from belvedere.duties.notifications.preferences import rhythms_for
from belvedere.kernel.clock import now
from belvedere.kernel.identifiers import new_id

Said = str | Mapping[str, str]
LONGEST_QUOTE = 600


def notify(
    recipients: Iterable[UUID],
    kind: str,
    message: str,
    values: Mapping[str, Said],
    *,
    key: str,
    subject_id: str = "",
    group: str = "",
    territory_id: UUID | None = None,
    zone: str = "Europe/Zurich",
    link: str = "",
    quote: str = "",
    author_id: UUID | None = None,
    repeats: bool = False,
    at: datetime | None = None,
) -> int:
    """Tell each of `recipients` but `author_id`; gives how many new notices were made.

    `message` is a msgid (`N_`) with `{placeholders}`; a value is a text, or texts by language. The same
    (recipient, kind, key) is told once, ever. With `repeats`, what happens again while the notice is
    neither read nor sent is counted on it; afterwards it is told anew. Call it in the verb's transaction.
    """
    people = sorted({person for person in recipients if person != author_id})
    if not people:
        return 0
    at = at or now()
    rhythms = rhythms_for(people, kind)
    if repeats:
        again = _again(people, kind, key, message, values, author_id, rhythms, zone, at)
        people = [person for person in people if person not in again]
    rows = []
    for person in people:
        due = due_by(rhythms[person], at, zone)
        row = Notice(
            recipient_id=person,
            author_id=author_id,
            kind=kind,
            subject_id=subject_id,
            territory_id=territory_id,
            zone=zone,
            group=group or subject_id,
            key=f"{key}#{new_id().hex}" if repeats else key,
            message=message,
            values=_plain(values),
            quote=quote[:LONGEST_QUOTE],
            link=link,
            created_at=at,
            told_at=at,
            rhythm=rhythms[person],
            due_at=due.at,
            latest_at=due.latest,
        )
        rows.append(row)
    known = set() if repeats else _known(people, kind, key)
    fresh = [row for row in rows if row.recipient_id not in known]
    Notice.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=True)
    return len(fresh)


def _known(people: list[UUID], kind: str, key: str) -> set[UUID]:
    rows = Notice.objects.filter(recipient_id__in=people, kind=kind, key=key)
    return set(rows.values_list("recipient_id", flat=True))


def _again(
    people: list[UUID],
    kind: str,
    key: str,
    message: str,
    values: Mapping[str, Said],
    author_id: UUID | None,
    rhythms: Mapping[UUID, Rhythm],
    zone: str,
    at: datetime,
) -> set[UUID]:
    """Count it once more on notices that wait; gives whose."""
    waiting = Notice.objects.filter(
        recipient_id__in=people,
        kind=kind,
        key__startswith=f"{key}#",
        letter="",  # a mail that is on its way says what it says
        sent_at__isnull=True,
        read_at__isnull=True,
    )
    found = dict(waiting.values_list("recipient_id", "pk"))
    for person, pk in found.items():
        due = due_by(rhythms[person], at, zone)
        Notice.objects.filter(pk=pk).update(
            count=F("count") + 1,
            message=message,
            values=_plain(values),
            author_id=author_id,
            told_at=at,
            # A digest leaves at the hour it was meant for; what is sent at once waits for the quiet.
            due_at=Least(Value(due.at), F("latest_at")) if due.at else None,
        )
    return set(found)


def _plain(values: Mapping[str, Said]) -> dict[str, str | dict[str, str]]:
    return {name: said if isinstance(said, str) else dict(said) for name, said in values.items()}
