"""What the reads of automation return: frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from belvedere.domains.automation.bodies import Body
from belvedere.domains.automation.states import Act, AlarmState, Why
from belvedere.kernel.severity import Severity


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A rule to save. `body`: as `bodies.Body`, or the same as JSON."""

    owner_id: UUID | None
    name: str
    severity: Severity
    body: Body | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule as it is, or was in one version. `open_alarms` counts those not closed (of all versions)
    that the reader may see."""

    id: int
    territory_id: UUID
    owner_id: UUID | None
    name: str
    severity: Severity
    body: Body
    version: int
    is_on: bool
    changed_at: datetime
    switched_at: datetime | None
    author_id: UUID | None = None
    reason: str = ""
    open_alarms: int = 0
    is_removed: bool = False


@dataclass(frozen=True, slots=True)
class RaisedBy:
    """A value that raised an alarm: a number or a text of an attribute, at its instant (None: never told).
    `usual`: what a number was compared with, where it was; `foreseen_at`: for when it was foreseen. Of things
    judged together the first one tells what `among` so many they come to (`counted`: how many of them were
    wrong), the others some of the things (`thing`, `names`) that were wrong."""

    attribute: str
    number: float | None
    text: str
    unit: str
    at: datetime | None
    series_id: int
    usual: float | None = None
    foreseen_at: datetime | None = None
    among: int | None = None
    counted: int | None = None
    thing: int | None = None
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AlarmView:
    """An alarm as lists show it. `children`: how many open ones are grouped beneath it. `entity_id`: 0 for
    one that stands for all things of its rule."""

    id: int
    territory_id: UUID
    rule_id: int
    version: int
    rule_name: str
    entity_id: int
    kind: str
    names: Mapping[str, str]
    owner_id: UUID | None
    place_id: UUID | None
    longitude: float | None
    latitude: float | None
    severity: Severity
    state: AlarmState
    times: int
    raised_at: datetime
    first_raised_at: datetime
    known_at: datetime
    acknowledged_at: datetime | None
    cleared_at: datetime | None
    why_cleared: Why
    closed_at: datetime | None
    shelved_until: datetime | None
    shelved_why: str
    parent_id: int | None
    values: tuple[RaisedBy, ...]
    children: int = 0

    @property
    def thing_id(self) -> int | None:
        """The thing, where the alarm is of one."""
        return self.entity_id or None

    @property
    def is_open(self) -> bool:
        return self.state is not AlarmState.CLOSED


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of a timeline. `by`: the name of who did it; "" for the platform, and for a person erased."""

    id: int
    at: datetime
    act: Act
    before: str
    after: AlarmState
    person_id: UUID | None
    by: str
    note: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AlarmPage:
    """An alarm with all there is to tell: `rule` as it was when the alarm was raised."""

    alarm: AlarmView
    rule: RuleView
    steps: tuple[StepView, ...]
    children: tuple[AlarmView, ...]
    parent: AlarmView | None


@dataclass(frozen=True, slots=True)
class AlarmList:
    """A page of alarms. `after`: give it back for the next page; "" at the end. `total`, `by_state` and
    `by_severity` count all that fit (`by_severity` those that go on)."""

    rows: tuple[AlarmView, ...]
    after: str
    total: int
    by_state: Mapping[AlarmState, int] = field(default_factory=dict)
    by_severity: Mapping[Severity, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WatchedBy:
    """What a rule would watch: how many things, how many series, the names of the first few; of how many it
    cannot say anything yet, since nothing is usual there (as far as that was looked at)."""

    things: int
    series: int
    names: tuple[Mapping[str, str], ...]
    unlearnt: int = 0


@dataclass(frozen=True, slots=True)
class Past:
    """An alarm that a rule would have raised, until when (None: it goes on), by which value of its first
    clause."""

    entity_id: int
    names: Mapping[str, str]
    start: datetime
    end: datetime | None
    number: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What a rule would have raised from `start` to `end`: how many `alarms`, by local day, the newest of
    them one by one. Of `things` that it watches `things_tried` were tried: more are too many readings.
    `unlearnt`: of those tried, how many have nothing that is usual yet."""

    start: datetime
    end: datetime
    alarms: int
    episodes: tuple[Past, ...]
    by_day: Mapping[date, int]
    things: int
    things_tried: int
    things_alarmed: int
    readings: int
    unlearnt: int = 0
