"""The guards of the three tracks: pure functions that say what stands in the way of a step.

A guard takes the facts and, on the track of an agreement, the listing; it gives None, or the obstacle with
what to do. Sources: the research of the Swiss programmes (LUMin art. 17 ff., OUMin, RPAV of ARE).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from belvedere.domains.plans import thresholds
from belvedere.domains.plans.standing import (
    COMMISSIONING_STAGE,
    ListingFacts,
    Standing,
)
from belvedere.domains.plans.states import Agreement, EstimateKind, Implementation, MeasureKind, Priority
from belvedere.domains.plans.vocabulary import Contribution, DecisionType
from belvedere.kernel.errors import N_


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a step is refused: a sentence to translate, its data, and the part of the page that mends it.

    `fix` is "estimate", "site", "listing", "assessment", "agreement", "financing", "decision", "phase",
    "dates", "quantities", "implementation" or "".
    """

    message: str
    fix: str = ""
    data: dict[str, Any] = field(default_factory=dict)


Guard = Callable[[Standing, ListingFacts | None], Obstacle | None]

# Works or plantings on the ground; a study or a service has no site to draw and nothing to commission.
BUILT = frozenset({MeasureKind.INFRASTRUCTURE, MeasureKind.SETTLEMENT, MeasureKind.LANDSCAPE})
UNSIGNED = frozenset({Agreement.IN_AGREEMENT, Agreement.REQUESTED})


# ------------------------------------------------------------------ planning
def sited(standing: Standing, _listing: ListingFacts | None) -> Obstacle | None:
    if standing.has_site or standing.kind not in BUILT:
        return None
    return Obstacle(N_("The measure is not on the map. Draw its site first."), "site")


def costed(standing: Standing, _listing: ListingFacts | None) -> Obstacle | None:
    if standing.estimate is not None:
        return None
    return Obstacle(N_("The cost is not known. Enter an estimate first."), "estimate")


def ready_for_tender(standing: Standing, _listing: ListingFacts | None) -> Obstacle | None:
    """A call for tenders rests on an estimate as good as that of a preliminary project."""
    estimate = standing.estimate
    if estimate is None or estimate.kind in (EstimateKind.TENDER, EstimateKind.FINAL):
        return None  # `costed` speaks of the first; a price that was offered is known
    limit = thresholds.value("tender_accuracy", standing.today)
    if estimate.accuracy is not None and estimate.accuracy <= limit:
        return None
    return Obstacle(
        N_("A tender needs an estimate accurate to ± {percent} % or better. Enter one with its accuracy."),
        "estimate",
        {"percent": int(limit * 100)},
    )


def free_to_build(standing: Standing, _listing: ListingFacts | None) -> Obstacle | None:
    """Works begun before the financing agreement lose the aid."""
    for listing in standing.listings:
        signed = listing.financing_number and listing.financing_date
        if listing.agreement in UNSIGNED and not signed:
            return Obstacle(
                N_(
                    "Works may start only after the financing agreement of {plan} is signed: record its "
                    "number and its date, or declare the aid forfeited."
                ),
                "financing",
                {"plan": listing.plan},
            )
    return None


# ------------------------------------------------------------------ implementation
def commissioned(standing: Standing, _listing: ListingFacts | None) -> Obstacle | None:
    if standing.kind not in BUILT or (standing.stage or 0) >= COMMISSIONING_STAGE:
        return None
    return Obstacle(
        N_("A measure is done once it is commissioned. Move its phase to the commissioning first."), "phase"
    )


def given_up_by_decision(standing: Standing, _listing: ListingFacts | None) -> Obstacle | None:
    if DecisionType.ABANDON in standing.decisions:
        return None
    return Obstacle(
        N_("Giving up needs a decision. Record the decision to abandon, with who took it and when."),
        "decision",
    )


def replaced_by_another(standing: Standing, _listing: ListingFacts | None) -> Obstacle | None:
    if standing.replaced or DecisionType.ABANDON in standing.decisions:
        return None
    return Obstacle(
        N_("Say which measure replaces this one, or record the decision to abandon it."), "decision"
    )


# ------------------------------------------------------------------ agreement
def plan_has_agreement(_standing: Standing, listing: ListingFacts | None) -> Obstacle | None:
    if listing is None or listing.walks:
        return None
    return Obstacle(N_("The plan {plan} has no agreement on aid."), "listing", {"plan": listing.plan})


def assessed(_standing: Standing, listing: ListingFacts | None) -> Obstacle | None:
    if listing is None or not listing.programme or listing.assessed:
        return None
    return Obstacle(N_("Record the priority that the authority gave: A, B or C."), "assessment")


def first_class(_standing: Standing, listing: ListingFacts | None) -> Obstacle | None:
    """Only A measures are paid; a B may stand in for an A that is not built (substitution)."""
    if listing is None or not listing.programme or listing.accepted == Priority.A:
        return None
    if listing.accepted == Priority.B and listing.substitutes:
        return None
    return Obstacle(
        N_(
            "Only A measures enter the agreement on services. Wait for the next generation, or link this "
            "measure as the substitute of an A measure that is not built."
        ),
        "assessment",
    )


def numbered(_standing: Standing, listing: ListingFacts | None) -> Obstacle | None:
    if listing is None or listing.agreement_number:
        return None
    return Obstacle(N_("Enter the number of the measure in the agreement on services."), "agreement")


def planned_enough(standing: Standing, listing: ListingFacts | None) -> Obstacle | None:
    """The planning state that the programme asks for a measure of this size."""
    estimate = standing.estimate
    if listing is None or not listing.programme or estimate is None:
        return None  # `costed` speaks of the last
    if estimate.amount.currency != "CHF":
        return Obstacle(
            N_("The planning state is asked by cost in CHF. Enter an estimate in CHF."), "estimate"
        )
    # An amount with VAT is at least what it is without: the stricter level is asked until it is known.
    asked = thresholds.planning_state(estimate.amount.amount, standing.today)
    data = {"level": asked.level, "millions": f"{asked.above / 1_000_000:f}"}
    if (standing.stage or 0) < asked.stage:
        return Obstacle(_STAGE_ASKED[asked.level], "phase", data)
    exact = estimate.kind in (EstimateKind.TENDER, EstimateKind.FINAL)
    if asked.accuracy is None or exact:
        return None
    if estimate.accuracy is None or estimate.accuracy > asked.accuracy:
        return Obstacle(
            N_(
                "Above {millions} Mio CHF the agreement asks for an estimate accurate to ± {percent} %. "
                "Enter one with its accuracy."
            ),
            "estimate",
            {**data, "percent": int(asked.accuracy * 100)},
        )
    return None


_STAGE_ASKED = {
    1: N_("Say in which phase the measure is: the agreement asks for planning state 1."),
    2: N_(
        "Above {millions} Mio CHF the agreement asks for planning state 2: the preliminary study comes first."
    ),
    3: N_(
        "Above {millions} Mio CHF the agreement asks for planning state 3: the preliminary project comes "
        "first."
    ),
}


def counted(standing: Standing, listing: ListingFacts | None) -> Obstacle | None:
    """A lump sum is paid per unit: the units must be known."""
    if listing is None or listing.contribution is not Contribution.LUMP:
        return None
    missing = sorted(standing.lump_units - standing.units)
    if standing.units and not missing:
        return None
    return Obstacle(
        N_("A lump sum is counted in units built. Enter the quantities of the measure."),
        "quantities",
        {"units": missing},
    )


def signed(standing: Standing, listing: ListingFacts | None) -> Obstacle | None:
    if listing is None:
        return None
    if not listing.financing_number or listing.financing_date is None:
        return Obstacle(N_("Enter the number and the date of the financing agreement."), "financing")
    if listing.financing_date > standing.today:
        return Obstacle(
            N_("The financing agreement is dated {date}, which is still to come."),
            "financing",
            {"date": listing.financing_date},
        )
    return None


def works_have_started(standing: Standing, listing: ListingFacts | None) -> Obstacle | None:
    begun = standing.works_started
    if listing is not None and begun and listing.financing_date and begun < listing.financing_date:
        return Obstacle(
            N_(
                "The works started on {started}, before the financing agreement of {signed}: the aid is "
                "lost. Correct the date, or declare the aid forfeited."
            ),
            "dates",
            {"started": begun, "signed": listing.financing_date},
        )
    if begun or standing.implementation in (Implementation.IN_PROGRESS, Implementation.DONE):
        return None
    return Obstacle(
        N_("Record first that the works have started: their date, or the implementation."), "implementation"
    )


def claimed_in_time(standing: Standing, listing: ListingFacts | None) -> Obstacle | None:
    if listing is None or listing.claim_deadline is None or standing.today <= listing.claim_deadline:
        return None
    return Obstacle(
        N_(
            "The aid had to be claimed by {date}. If the authority extended the deadline, record its letter "
            "on the listing; else declare the aid forfeited."
        ),
        "listing",
        {"date": listing.claim_deadline},
    )


def settled(standing: Standing, _listing: ListingFacts | None) -> Obstacle | None:
    if standing.estimate is not None and standing.estimate.kind is EstimateKind.FINAL:
        return None
    return Obstacle(N_("Record the final account as the latest estimate."), "estimate")


def finished(standing: Standing, _listing: ListingFacts | None) -> Obstacle | None:
    if standing.implementation is Implementation.DONE:
        return None
    return Obstacle(N_("The agreement is closed once the measure is done."), "implementation")
