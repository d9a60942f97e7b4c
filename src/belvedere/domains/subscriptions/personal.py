"""Subscriptions as a source of personal data: who asked to be told, of what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from belvedere.domains.subscriptions.models import Subscription
from belvedere.duties.journal.public import record
from belvedere.duties.privacy.public import Held, Order, Outcome, Subject, blind_index, decrypt, encrypt

_TABLE = "subscriptions.subscription"


class SubscriptionSource:
    """The answers of subscriptions; see `belvedere.duties.privacy.sources.Source`."""

    def find(self, subject: Subject) -> list[Held]:
        return [Held(_TABLE, str(row.pk), _values(row)) for row in _rows(subject)]

    def export(self, subject: Subject) -> Mapping[str, Any]:
        found = [_values(row) for row in _rows(subject)]
        return {"subscriptions": found} if found else {}

    def rectify(self, subject: Subject, changes: Mapping[str, str], order: Order) -> list[Outcome]:
        """Another address for the same subscriptions; one that the new address has already is dropped."""
        address = changes.get("email", "").strip()
        rows = list(_rows(subject).select_for_update())
        if not address or not rows or blind_index(address) == blind_index(subject.email):
            return [Outcome(_TABLE, 0)]
        index = blind_index(address)
        had = set(Subscription.objects.filter(email_index=index).values_list("territory_id", "scope_key"))
        for row in rows:
            if (row.territory_id, row.scope_key) in had:
                row.delete()
                continue
            row.email, row.email_index = encrypt(address), index
            row.save(update_fields=["email", "email_index"])
        _journal(order, "subscriptions.rectify", len(rows))
        return [Outcome(_TABLE, len(rows))]

    def erase(self, subject: Subject, order: Order) -> list[Outcome]:
        count = _rows(subject).delete()[0]
        if count:
            _journal(order, "subscriptions.erase", count)
        return [Outcome(_TABLE, count)]


def _rows(subject: Subject) -> QuerySet[Subscription]:
    return Subscription.objects.filter(email_index=blind_index(subject.email)).order_by("created_at", "pk")


def _values(row: Subscription) -> dict[str, Any]:
    return {
        "email": decrypt(row.email),
        "scope": row.scope,
        "measure": None if row.measure_id is None else str(row.measure_id),
        "place": None if row.place_id is None else str(row.place_id),
        "longitude": row.longitude,
        "latitude": row.latitude,
        "radius_m": row.radius_m,
        "language": row.language,
        "rhythm": row.rhythm,
        "created_at": row.created_at.isoformat(),
        "confirmed_at": row.confirmed_at and row.confirmed_at.isoformat(),
        "sent_at": row.sent_at and row.sent_at.isoformat(),
    }


def _journal(order: Order, verb: str, count: int) -> None:
    record(
        actor_id=order.by_id,
        actor_label=order.by_label,
        verb=verb,
        subject=("subscriptions.subscription", "of one address"),
        after={"count": count},
        reason=order.reason,
        request_id=order.request_id,
    )
