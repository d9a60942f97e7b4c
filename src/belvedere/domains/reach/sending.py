"""Messages through the gateways there are: which one, counted, left alone for a while when it fails."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import F, QuerySet

from belvedere.domains.reach.models import Gateway
from belvedere.domains.reach.states import Kind, Way
from belvedere.domains.reach.transport import Outcome, Outgoing, send
from belvedere.duties.privacy.public import decrypt
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, Unavailable

FIRST_REST: Final = timedelta(seconds=30)
LONGEST_REST: Final = timedelta(minutes=10)
NO_GATEWAY: Final = N_("No gateway for this is written, or it does not answer now.")


def ways_here(territory_id: UUID, owner_ids: Collection[UUID | None]) -> frozenset[Way]:
    """By what telephones can be reached for these organisations: by their gateways and the territory's."""
    rows = _on(territory_id).filter(kind=Kind.HTTP)
    mine = [one for one in rows if one.owner_id is None or one.owner_id in owner_ids]
    return frozenset(Way(way) for one in mine for way in one.ways)


def ring(
    territory_id: UUID, owner_id: UUID | None, way: Way, to: str, text: str, language: str, key: str
) -> Outcome:
    """Ring a telephone by the first gateway that takes it: those of the organisation before those of the
    territory. One that failed just now is not asked again at once, so that nobody waits for it."""
    at = now()
    rows = _on(territory_id).filter(kind=Kind.HTTP, ways__contains=[way.value])
    mine = sorted(
        (one for one in rows if one.owner_id in (owner_id, None)), key=lambda one: one.owner_id is None
    )
    outcome = Outcome(wrong={"message": NO_GATEWAY, "data": {}}, is_permanent=True)
    for row in mine:
        if row.retry_at is not None and row.retry_at > at:
            continue
        was_unsure = outcome.is_unsure
        outcome = through(row, to, text, language, key)
        if outcome.taken:
            break
        outcome = replace(outcome, is_unsure=was_unsure or outcome.is_unsure)
    return outcome


def write_into(gateway_id: UUID, text: str, key: str) -> Outcome:
    """Write into a room; one that failed just now is left alone."""
    row = Gateway.objects.filter(pk=gateway_id, removed_at=None, is_on=True).first()
    if row is None:
        return Outcome(wrong={"message": NO_GATEWAY, "data": {}}, is_permanent=True)
    if row.retry_at is not None and row.retry_at > now():
        return Outcome(wrong={"message": NO_GATEWAY, "data": {}})
    return through(row, "", text, row.language, key)


def through(row: Gateway, to: str, text: str, language: str, key: str) -> Outcome:
    """Send by this very gateway and note what became of it. Private to the domain."""
    at = now()
    try:
        told = Outgoing(to, text, language, key)
        outcome = send(Kind(row.kind), row.settings, decrypt(row.secret), told, at)
    except Unavailable as error:  # the key of the secrets is away
        outcome = Outcome(wrong={"message": error.message, "data": {}})
    _note(row, outcome, at)
    return outcome


def _note(row: Gateway, outcome: Outcome, at: datetime) -> None:
    rows = Gateway.objects.filter(pk=row.pk)
    if outcome.taken:
        rows.update(sent=F("sent") + 1, failures=0, last_sent_at=at, retry_at=None)
        return
    # Refused for good is mostly about one number: the gateway itself is not left alone for it.
    rest = min(FIRST_REST * 2 ** min(row.failures, 6), LONGEST_REST)
    rows.update(
        failed=F("failed") + 1,
        failures=F("failures") + 1,
        last_error_at=at,
        last_error=outcome.wrong,
        retry_at=None if outcome.is_permanent else at + rest,
    )


def _on(territory_id: UUID) -> QuerySet[Gateway]:
    return Gateway.objects.filter(territory_id=territory_id, removed_at=None, is_on=True).order_by(
        "created_at"
    )
