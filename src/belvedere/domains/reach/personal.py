"""Reach as a source of personal data: how a person wants to be reached, what they were told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from belvedere.domains.access.public import AccountSource
from belvedere.domains.reach.models import Browser, Message, Wishes
from belvedere.duties.privacy.public import Held, Outcome


class ReachSource(AccountSource):
    """The answers of reach: all of it is the person's, and goes with the account."""

    def held(self, person_id: UUID) -> list[Held]:
        wishes = Wishes.objects.filter(pk=person_id)
        mine = Browser.objects.filter(person_id=person_id).order_by("pk")
        told = Message.objects.filter(person_id=person_id).order_by("pk")
        return [
            *(Held("reach.wishes", str(row.pk), _wishes(row)) for row in wishes),
            *(Held("reach.browser", str(row.pk), _browser(row)) for row in mine),
            *(Held("reach.message", str(row.pk), _told(row)) for row in told),
        ]

    def let_go(self, person_id: UUID) -> list[Outcome]:
        return [
            Outcome("reach.wishes", Wishes.objects.filter(pk=person_id).delete()[0]),
            Outcome("reach.browser", Browser.objects.filter(person_id=person_id).delete()[0]),
            Outcome("reach.message", Message.objects.filter(person_id=person_id).delete()[0]),
        ]


def _wishes(row: Wishes) -> dict[str, Any]:
    return {
        "orders": row.orders,
        "is_quiet": row.is_quiet,
        "quiet_days": row.quiet_days,
        "quiet_from": row.quiet_from,
        "quiet_until": row.quiet_until,
        "quiet_most": row.quiet_most,
        "phone_proved": bool(row.known_phone),
    }


def _browser(row: Browser) -> dict[str, Any]:
    return {
        "name": row.name,
        "added_at": row.added_at.isoformat(),
        "last_sent_at": row.last_sent_at and row.last_sent_at.isoformat(),
    }


def _told(row: Message) -> dict[str, Any]:
    return {
        "text": row.text.format(**row.values),
        "way": row.way,
        "state": row.state,
        "created_at": row.created_at.isoformat(),
        "done_at": row.done_at and row.done_at.isoformat(),
    }
