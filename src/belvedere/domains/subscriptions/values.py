"""What the reads of subscriptions give back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from belvedere.domains.subscriptions.scope import Scope
from belvedere.domains.subscriptions.states import ChangeKind, Rhythm


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A public fact that changed. `detail`: "before" and "after" as stored, "title" or "titles", "type"."""

    id: UUID
    measure_id: UUID
    titles: Mapping[str, str]  # of the measure
    at: datetime
    kind: ChangeKind
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SubscriptionView:
    """A subscription as its owner manages it; the address is not in it."""

    id: UUID
    territory_id: UUID
    scope: Scope
    language: str
    rhythm: Rhythm
    confirmed: bool
