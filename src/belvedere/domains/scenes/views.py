"""What the reads give: frozen values, no rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from belvedere.domains.scenes.bodies import Figures, OverrideBody, Reach, SceneBody
from belvedere.kernel.errors import N_
from belvedere.science.scenes.programs import Moment, Value
from belvedere.science.scenes.savings import Saved


class Confidence(StrEnum):
    """How sure a saving is."""

    MEASURED = "measured"
    COMPUTED = "computed"
    ESTIMATED = "estimated"


CONFIDENCE_NAMES = {
    Confidence.MEASURED: N_("measured by a meter"),
    Confidence.COMPUTED: N_("computed from what was done"),
    Confidence.ESTIMATED: N_("estimated"),
}


@dataclass(frozen=True, slots=True)
class OverrideView:
    """Another value for a time; `body`: of one by the calendar."""

    id: int
    by_hand: bool
    value: Value
    since: datetime
    until: datetime
    reach: Reach
    why: str
    made_by: UUID | None
    body: OverrideBody | None


@dataclass(frozen=True, slots=True)
class VersionView:
    number: int
    made_at: datetime
    made_by: UUID | None


@dataclass(frozen=True, slots=True)
class SceneView:
    """A scene as the actor sees it. `things`: how many it reaches now; `now`: what its programme holds."""

    id: UUID
    territory_id: UUID
    owner_id: UUID
    name: str
    body: SceneBody
    version: int
    is_on: bool
    on_since: datetime | None
    things: int
    now: Moment | None
    next: Moment | None
    written_by: UUID | None
    may_write: bool
    may_switch_by_hand: bool
    versions: tuple[VersionView, ...] = ()
    overrides: tuple[OverrideView, ...] = ()


@dataclass(frozen=True, slots=True)
class DayView:
    """The steps of a day, or of a night."""

    day: date
    moments: tuple[Moment, ...]
    sunset: datetime | None
    sunrise: datetime | None


@dataclass(frozen=True, slots=True)
class SavingView:
    """What a scene saves: `lamps` of which `told` have confirmed a step; `before_h` and `after_h`: hours of
    full light of all lamps together."""

    since: datetime
    until: datetime
    lamps: int
    told: int
    before_h: float
    after_h: float
    figures: Figures
    saved: Saved


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A scene (`scene_id`) or what somebody entered (`entry_id`) with what it saved in a time. `spent`:
    what it took, None where nothing was noted."""

    title: str
    owner_id: UUID
    first: date
    last: date
    saved: Saved
    currency: str
    spent: Decimal | None
    confidence: Confidence
    source: str
    scene_id: UUID | None = None
    entry_id: UUID | None = None
    intervention_id: UUID | None = None
    may_remove: bool = False
