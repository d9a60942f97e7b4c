"""What is sent to change a measure, and the drafts it means."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

from belvedere.domains.plans.public import states, values
from belvedere.faces.rest.schemas.shared import (
    Amount,
    Between,
    Geometry,
    Language,
    Line,
    LongText,
    MoneyIn,
    Share,
    Strict,
    Title,
    Year,
    checked_day,
)
from belvedere.kernel.errors import N_, InvalidInput
from belvedere.kernel.geometry import from_geojson
from belvedere.kernel.money import Money

Titles = dict[Language, Title]
LongTexts = dict[Language, LongText]
Code = Annotated[str, Field(max_length=60, pattern="^[^\\x00]*$")]
PhaseCode = Annotated[str, Field(max_length=8, pattern="^[A-Z0-9]*$")]
Reason = Annotated[str, Field(max_length=500, pattern="^[^\\x00]*$")]
CategoryId = Annotated[int, Field(ge=1, le=2**53)]


class Written(Schema):
    """What was changed, and the version it has now: send it as `If-Match` with the next change."""

    id: UUID
    version: int
    url: str


class EstimateIn(Strict):
    """A version of the cost; `accuracy` ± share, `eligible` what aid applies to, in the same money."""

    amount: MoneyIn
    dated: date
    kind: states.EstimateKind = states.EstimateKind.STUDY
    eligible: Amount | None = None
    accuracy: Share | None = None
    source: Line = ""

    def draft(self) -> values.EstimateDraft:
        amount = self.amount.money()
        checked_day(self.dated)
        return values.EstimateDraft(
            amount=amount,
            dated=self.dated,
            kind=self.kind,
            eligible=None if self.eligible is None else Money(Decimal(self.eligible), amount.kind),
            accuracy=None if self.accuracy is None else Decimal(self.accuracy),
            source=self.source,
        )


class NewEstimate(EstimateIn):
    """`follow_with_spending` scales the yearly amounts to the new cost, to the cent."""

    follow_with_spending: bool = False
    reason: Reason = ""


class SpendingIn(Strict):
    """The amount of one year; below zero it says why."""

    year: Year
    amount: MoneyIn
    state: states.SpendState = states.SpendState.PROJECTED
    reason: Line = ""

    def draft(self) -> values.SpendDraft:
        return values.SpendDraft(self.year, self.amount.money(), self.state, reason=self.reason)


class NewSpending(Strict):
    """All yearly amounts of the measure: those not sent are taken away."""

    lines: list[SpendingIn] = Field(max_length=200)
    reason: Reason = ""


class SiteIn(Strict):
    """A GeoJSON geometry in WGS 84 (RFC 7946)."""

    geometry: Geometry
    name: Line = ""

    def draft(self) -> values.SiteDraft:
        return values.SiteDraft(from_geojson(self.geometry), states.SiteMethod.IMPORTED, name=self.name)


class NewSite(SiteIn):
    reason: Reason = ""


class ListingIn(Strict):
    plan_id: UUID
    code: Code = ""
    priority: states.Priority = states.Priority.NONE
    axis_id: UUID | None = None


class MeasureIn(Strict):
    """A measure to create, with what is known of it."""

    title: Titles
    owner_id: UUID
    description: LongTexts = {}
    kind: states.MeasureKind = states.MeasureKind.INFRASTRUCTURE
    category_id: CategoryId | None = None
    external_id: Annotated[str, Field(max_length=120, pattern="^[^\\x00]*$")] = ""
    phase: PhaseCode = ""
    published: bool = False
    plans: list[ListingIn] = Field(default=[], max_length=20)
    estimate: EstimateIn | None = None
    spending: list[SpendingIn] = Field(default=[], max_length=200)
    sites: list[SiteIn] = Field(default=[], max_length=50)
    reason: Reason = ""

    def draft(self, scheme: str) -> values.MeasureDraft:
        once([(line.year, line.state) for line in self.spending])
        if len({listing.plan_id for listing in self.plans}) < len(self.plans):
            raise InvalidInput(N_("A plan stands twice. Keep one line for each."), field="plans")
        return values.MeasureDraft(
            title=self.title,
            owner_id=self.owner_id,
            description=self.description,
            kind=self.kind,
            category_id=self.category_id,
            external_id=self.external_id,
            phase_scheme=scheme,
            phase=self.phase,
            published=self.published,
            memberships=tuple(
                values.MembershipDraft(one.plan_id, one.code, one.priority, one.axis_id) for one in self.plans
            ),
            estimates=() if self.estimate is None else (self.estimate.draft(),),
            spending=tuple(line.draft() for line in self.spending),
            sites=tuple(site.draft() for site in self.sites),
        )


def once(keys: list[tuple[int, states.SpendState]]) -> None:
    if len(set(keys)) < len(keys):
        raise InvalidInput(N_("A year stands twice. Add its amounts up into one line."), field="year")


class EssentialsIn(Strict):
    """What the measure says of itself; what is not sent stays. A title or text is sent in all languages."""

    title: Titles | None = None
    description: LongTexts | None = None
    justification: LongTexts | None = None
    kind: states.MeasureKind | None = None
    category_id: CategoryId | None = None
    reason: Reason = ""


class PhaseIn(Strict):
    """The dates of a phase; one without any date is taken away."""

    code: Annotated[str, Field(min_length=1, max_length=8, pattern="^[A-Z0-9]*$")]
    planned: Between = Between()
    forecast: Between = Between()
    actual: Between = Between()
    confirmed: bool = False

    def draft(self) -> values.PhaseDraft:
        return values.PhaseDraft(
            self.code, self.planned.pair(), self.forecast.pair(), self.actual.pair(), self.confirmed
        )


class PhasesIn(Strict):
    """The phases sent are set, the others stay."""

    phases: list[PhaseIn] = Field(max_length=30)
    reason: Reason = ""


class PlanningIn(Strict):
    """The phase the planning moves to; going back needs a reason."""

    phase: PhaseCode
    reason: Reason = ""


class ImplementationIn(Strict):
    """`replaced_by`: the measure that takes the place of one that is replaced."""

    to: states.Implementation
    replaced_by: UUID | None = None
    reason: Reason = ""


class PublicationIn(Strict):
    published: bool
    reason: Reason = ""
