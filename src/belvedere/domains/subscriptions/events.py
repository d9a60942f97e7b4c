"""What happened to subscriptions; faces/notices turns it into messages. Addresses are in clear here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from belvedere.domains.subscriptions.scope import Scope
from belvedere.domains.subscriptions.values import ChangeView


@dataclass(frozen=True, slots=True)
class SubscriptionAsked:
    """Someone typed this address: it gets a link. `known`: it was confirmed before."""

    subscription_id: UUID
    territory_id: UUID
    scope: Scope
    email: str
    language: str
    known: bool


@dataclass(frozen=True, slots=True)
class DigestDue:
    """What a subscriber is to be told now. Whoever sends it says so with `digest_was_sent`."""

    subscription_id: UUID
    territory_id: UUID
    scope: Scope
    email: str
    language: str
    changes: tuple[ChangeView, ...]
    until: datetime
