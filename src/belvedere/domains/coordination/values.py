"""What the reads of coordination return."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from belvedere.domains.coordination.states import Advice, Kind, State
from belvedere.domains.plans.public import works
from belvedere.science.coordination.meeting import Place


@dataclass(frozen=True, slots=True)
class VerdictView:
    """What a person said; `outdated` when the dates of the works are not those it was given on."""

    state: State
    note: str
    leader_id: UUID | None
    given_at: datetime
    outdated: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two works that meet; `first` starts first. `decide_by`: after that day one of them can no longer move.

    `distance_m` between their nearest sites, `gap_days` from the end of the first to the start of the second
    (0 or less: at the same time), `stretch_m` how long a stretch both open, `road` the name of the road both
    lie on, "" for none.
    """

    first: works.MeasureWorks
    second: works.MeasureWorks
    kind: Kind
    place: Place
    distance_m: float
    gap_days: int
    stretch_m: float
    road: str
    advice: Advice
    decide_by: date
    verdict: VerdictView | None

    @property
    def pair(self) -> tuple[UUID, UUID]:
        """The identifiers in order."""
        a, b = sorted((self.first.id, self.second.id))
        return (a, b)

    @property
    def owners(self) -> tuple[UUID, ...]:
        """The owners, one or two."""
        return tuple(dict.fromkeys((self.first.owner_id, self.second.owner_id)))

    @property
    def settled(self) -> bool:
        """Whether someone said what comes of it, and the dates are still those."""
        said = self.verdict
        return said is not None and said.state is not State.TO_COORDINATE and not said.outdated

    @property
    def waits_for_years(self) -> float:
        """Years from the end of the first works to the start of the second."""
        return max(0, self.gap_days) / 365.25
