"""What the verbs of the outlook take: plain values, checked when they are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from belvedere.domains.plans.outlook.question import REFERENCE, Adjustments
from belvedere.domains.plans.values import Texts, checked_texts
from belvedere.domains.plans.vocabulary import Nature, ScenarioType, SnapshotKind
from belvedere.kernel.clock import today
from belvedere.kernel.errors import N_, InvalidInput
from belvedere.kernel.identifiers import slugify
from belvedere.kernel.money import Money
from belvedere.science.finance.prices import IndexSeries

SMALLEST_INDEX, LARGEST_INDEX = Decimal("0.0001"), Decimal(100_000)
CODE = 60
Lines = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class FrameDraft:
    """A ceiling of a year, for the organisation, a plan, or an axis of it. `nature` None: all spending."""

    year: int
    ceiling: Money
    source: str  # who decided: "Conseil général, 17.06.2025"
    decided_on: date | None = None
    nature: Nature | None = None
    plan_id: UUID | None = None
    node_id: UUID | None = None

    def __post_init__(self) -> None:
        if not 1950 <= self.year <= 2150:
            raise InvalidInput(N_("{year} is not a year of a budget."), year=self.year, field="year")
        if self.ceiling.amount < 0:
            raise InvalidInput(N_("A ceiling cannot be negative."), field="ceiling")
        object.__setattr__(self, "source", self.source.strip()[:300])
        if not self.source:
            raise InvalidInput(N_("Say who decided the ceiling, and when."), field="source")


@dataclass(frozen=True, slots=True)
class IndexDraft:
    """An index of prices: its values by month ("2025-10"), and how prices go on beyond the last."""

    code: str
    names: Texts
    source: str
    values: Mapping[str, Decimal]
    yearly_rate: Decimal | None = None  # an assumption: 0.015 for 1.5 % a year

    def __post_init__(self) -> None:
        object.__setattr__(self, "code", slugify(self.code)[:CODE])
        object.__setattr__(self, "source", self.source.strip()[:300])
        object.__setattr__(
            self, "names", checked_texts(self.names, field="names", longest=200, required=True)
        )
        if not self.code:
            raise InvalidInput(N_("Give the index a short code, such as construction-ch."), field="code")
        if not self.source:
            raise InvalidInput(N_("Say where the values of the index come from."), field="source")
        # The mathematics refuses what it could not compute with.
        IndexSeries(self.values, next(iter(self.names.values())), yearly_rate=self.yearly_rate)
        for month, value in self.values.items():
            if not SMALLEST_INDEX <= value < LARGEST_INDEX:
                raise InvalidInput(
                    N_("The value {value} of {month} is not one of an index of prices."),
                    value=str(value),
                    month=month,
                    field="values",
                )


@dataclass(frozen=True, slots=True)
class VatDraft:
    """The normal rate of VAT (share 0–1) from a day on, by whose word."""

    valid_from: date
    rate: Decimal
    source: str

    def __post_init__(self) -> None:
        if not self.rate.is_finite() or not 0 <= self.rate < 1:
            raise InvalidInput(N_("A VAT rate is a share from 0 to 100 %."), field="rate")
        object.__setattr__(self, "source", self.source.strip()[:300])
        if not self.source:
            raise InvalidInput(N_("Say where the rate of VAT stands: the law, the page."), field="source")


@dataclass(frozen=True, slots=True)
class ScenarioDraft:
    """Changes laid over the reference, under a name."""

    name: str
    adjustments: Adjustments = REFERENCE
    type: ScenarioType = ScenarioType.OWN
    note: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", " ".join(self.name.split()))
        if not 0 < len(self.name) <= 120:
            raise InvalidInput(N_("Give the scenario a name, at most 120 characters."), field="name")
        if not self.adjustments:
            raise InvalidInput(
                N_("Nothing differs from the reference. Move a measure or a cost first, then save."),
                field="changes",
            )


@dataclass(frozen=True, slots=True)
class SnapshotDraft:
    """What was voted, by whom, when; `content` and `lines` as the cockpit freezes them.

    They are JSON-safe: texts, whole numbers, true, false, None, lists and mappings; amounts are texts. A
    line holds measure_id, title, codes, cost, net_total, works_start and works_end.
    """

    kind: SnapshotKind
    title: str
    body: str
    voted_on: date
    content: Mapping[str, Any] = field(default_factory=dict)
    lines: Lines = ()
    scenario_name: str = ""

    def __post_init__(self) -> None:
        for name in ("title", "body"):
            text = " ".join(getattr(self, name).split())
            object.__setattr__(self, name, text)
            if not 0 < len(text) <= 200:
                raise InvalidInput(
                    N_("Say what was voted, and by whom: each in at most 200 characters."), field=name
                )
        if self.voted_on > today():
            raise InvalidInput(
                N_("A vote lies in the past: {day} is still to come."),
                day=self.voted_on.isoformat(),
                field="voted_on",
            )
