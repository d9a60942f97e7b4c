"""What the reads of reach return: frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from belvedere.domains.reach.bodies import HttpBody, RoomBody
from belvedere.domains.reach.states import Kind, Way
from belvedere.kernel.severity import Severity


@dataclass(frozen=True, slots=True)
class GatewayView:
    """A gateway without its secret. `last_error`: as `transport.Outcome.wrong`."""

    id: UUID
    territory_id: UUID
    owner_id: UUID | None
    name: str
    kind: Kind
    ways: tuple[Way, ...]
    body: HttpBody | RoomBody
    language: str
    version: int
    is_on: bool
    sent: int
    failed: int
    last_sent_at: datetime | None
    last_error_at: datetime | None
    last_error: Mapping[str, Any] | None
    retry_at: datetime | None

    @property
    def is_failing(self) -> bool:
        """Whether the last that left failed."""
        at = self.last_error_at
        return at is not None and (self.last_sent_at is None or at > self.last_sent_at)


@dataclass(frozen=True, slots=True)
class BrowserView:
    """A browser of one's own. `mark`: the beginning of the SHA-256 of its endpoint, by which a browser knows
    itself; `last_error`: as `transport.Outcome.wrong`, None when the last message was taken."""

    id: UUID
    name: str
    mark: str
    added_at: datetime
    last_sent_at: datetime | None
    last_error: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class WishesView:
    """How a person is reached. `phone`: as rung, "" without; `is_known`: proved by a code; `awaits_code`: one
    was sent that still counts. `orders`: of each severity, the first way first, e-mail among them. `can`:
    the ways that lead to them, whatever gateways there are."""

    person_id: UUID
    phone: str
    is_known: bool
    awaits_code: bool
    orders: Mapping[Severity, tuple[Way, ...]]
    is_quiet: bool
    quiet_days: tuple[int, ...]
    quiet_from: int
    quiet_until: int
    quiet_most: Severity
    can: frozenset[Way]
