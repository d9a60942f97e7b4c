"""What the reads of duty return: frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from belvedere.domains.duty.bodies import PlanBody, RosterBody
from belvedere.domains.duty.states import CallState, Channel, Ended
from belvedere.kernel.severity import Severity
from belvedere.science.rosters.turns import Turn


@dataclass(frozen=True, slots=True)
class StandInView:
    """Who stands in for whom (None: for anybody)."""

    id: int
    person_id: UUID
    instead_of: UUID | None
    since: datetime
    until: datetime
    why: str


@dataclass(frozen=True, slots=True)
class FeedView:
    """A private address of a calendar: `token` is its secret part; of a roster, or (None) of one's turns."""

    id: UUID
    roster_id: UUID | None
    token: str
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class GapView:
    """Somebody is on duty and away, and nobody stands in."""

    person_id: UUID
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class RosterView:
    """A roster; `turns` from now on, `people`: the names of all whom it names."""

    id: UUID
    territory_id: UUID
    owner_id: UUID
    name: str
    body: RosterBody
    version: int
    turns: tuple[Turn, ...]
    stand_ins: tuple[StandInView, ...]
    people: dict[UUID, str]

    @property
    def now(self) -> Turn:
        return self.turns[0]


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan of climbing; `kinds` none: of all kinds of things."""

    id: UUID
    territory_id: UUID
    owner_id: UUID
    name: str
    severities: tuple[Severity, ...]
    kinds: tuple[str, ...]
    body: PlanBody
    version: int


@dataclass(frozen=True, slots=True)
class CallView:
    """That somebody was told, or is about to be: which level (from 0), which time, by what. `at`: when that
    was done, or begun. `person_id`: None of a room. `wrong`: why it failed, as `reach.Outcome.wrong`;
    `waits_until`: told no earlier, for quiet hours or the next try."""

    person_id: UUID | None
    name: str
    channel: Channel
    level: int
    round: int
    state: CallState
    at: datetime
    attempts: int
    wrong: Mapping[str, Any] | None = None
    waits_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClimbView:
    """Who was told of an alarm, the newest last. `next_at`: when the next level `level` of `body` is told,
    None once it is over for the reason `ended`."""

    calls: tuple[CallView, ...]
    body: PlanBody
    plan_id: UUID | None
    begun_at: datetime
    level: int
    round: int
    next_at: datetime | None
    ended: Ended | None
