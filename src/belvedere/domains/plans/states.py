"""The vocabularies of plans and measures, as data.

Three axes of maturity are kept apart: the planning phase (where the project stands in SIA 112 or MOP
terms), the implementation (what one can see), and the agreement on aid, which each plan keeps of its own.
Which step may follow which, and on what condition, stands in `maturity`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from belvedere.kernel.errors import N_


class Priority(StrEnum):
    """Swiss horizon classes of a generation; NONE where the plan has none."""

    A = "A"
    B = "B"
    C = "C"
    NONE = ""


class MeasureKind(StrEnum):
    INFRASTRUCTURE = "infrastructure"
    STUDY = "study"
    SETTLEMENT = "settlement"
    LANDSCAPE = "landscape"
    SERVICE = "service"
    RECURRENT = "recurrent"


class Implementation(StrEnum):
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    SUSPENDED = "suspended"
    DONE = "done"
    ABANDONED = "abandoned"
    REPLACED = "replaced"


# Which state may follow which; abandoning and replacing always need a reason.
IMPLEMENTATION_TRANSITIONS: dict[Implementation, frozenset[Implementation]] = {
    Implementation.NOT_STARTED: frozenset(
        {
            Implementation.IN_PROGRESS,
            Implementation.SUSPENDED,
            Implementation.ABANDONED,
            Implementation.REPLACED,
        }
    ),
    Implementation.IN_PROGRESS: frozenset(
        {Implementation.SUSPENDED, Implementation.DONE, Implementation.ABANDONED, Implementation.REPLACED}
    ),
    Implementation.SUSPENDED: frozenset(
        {
            Implementation.NOT_STARTED,
            Implementation.IN_PROGRESS,
            Implementation.ABANDONED,
            Implementation.REPLACED,
        }
    ),
    Implementation.DONE: frozenset({Implementation.IN_PROGRESS}),
    Implementation.ABANDONED: frozenset({Implementation.NOT_STARTED}),
    Implementation.REPLACED: frozenset({Implementation.NOT_STARTED}),
}


class Agreement(StrEnum):
    """Where the aid of a plan stands for a measure it lists."""

    NOT_LISTED = "not_listed"
    PROPOSED = "proposed"
    ASSESSED = "assessed"  # the authority said A, B or C, which may differ from ours
    IN_AGREEMENT = "in_agreement"  # listed in the agreement on services
    REQUESTED = "requested"  # the financing agreement is asked for
    SIGNED = "signed"
    WORKS_STARTED = "works_started"
    CLAIMS = "claims"
    FINAL_ACCOUNT = "final_account"
    CLOSED = "closed"
    FORFEITED = "forfeited"


AGREEMENT_TRANSITIONS: dict[Agreement, frozenset[Agreement]] = {
    Agreement.NOT_LISTED: frozenset({Agreement.PROPOSED}),
    Agreement.PROPOSED: frozenset({Agreement.ASSESSED, Agreement.NOT_LISTED}),
    Agreement.ASSESSED: frozenset({Agreement.IN_AGREEMENT, Agreement.PROPOSED, Agreement.NOT_LISTED}),
    Agreement.IN_AGREEMENT: frozenset({Agreement.REQUESTED, Agreement.FORFEITED}),
    Agreement.REQUESTED: frozenset({Agreement.SIGNED, Agreement.IN_AGREEMENT, Agreement.FORFEITED}),
    Agreement.SIGNED: frozenset({Agreement.WORKS_STARTED, Agreement.FORFEITED}),
    Agreement.WORKS_STARTED: frozenset({Agreement.CLAIMS, Agreement.FORFEITED}),
    Agreement.CLAIMS: frozenset({Agreement.FINAL_ACCOUNT}),
    Agreement.FINAL_ACCOUNT: frozenset({Agreement.CLOSED, Agreement.CLAIMS}),
    Agreement.CLOSED: frozenset(),
    Agreement.FORFEITED: frozenset({Agreement.IN_AGREEMENT}),
}


@dataclass(frozen=True, slots=True)
class PhaseStep:
    """A step of a phase scheme; `stage` maps it onto the common ladder (0 idea … 10 closed)."""

    code: str
    label: str  # msgid
    stage: int


PHASE_SCHEMES: dict[str, tuple[PhaseStep, ...]] = {
    # SIA 112 (2014), phases 1 to 6, split where the agglomeration programmes ask for it.
    "sia112": (
        PhaseStep("1", N_("Definition of objectives"), 1),
        PhaseStep("2", N_("Preliminary studies"), 2),
        PhaseStep("31", N_("Preliminary project"), 3),
        PhaseStep("32", N_("Construction project"), 4),
        PhaseStep("33", N_("Approval procedure"), 5),
        PhaseStep("4", N_("Tender"), 6),
        PhaseStep("5", N_("Works"), 7),
        PhaseStep("53", N_("Commissioning"), 8),
        PhaseStep("6", N_("Operation"), 10),
    ),
    # Maîtrise d'œuvre publique (code de la commande publique, art. R2431-1 ff.).
    "mop": (
        PhaseStep("ESQ", N_("Feasibility"), 2),
        PhaseStep("AVP", N_("Preliminary design"), 3),
        PhaseStep("PRO", N_("Detailed design"), 4),
        PhaseStep("ACT", N_("Tender"), 6),
        PhaseStep("EXE", N_("Works"), 7),
        PhaseStep("AOR", N_("Acceptance"), 8),
        PhaseStep("GPA", N_("Warranty"), 9),
    ),
}
SCHEME_OF_COUNTRY = {"CH": "sia112", "FR": "mop", "LI": "sia112"}


class SiteMethod(StrEnum):
    """How a geometry came about, hence how far to trust it."""

    DRAWN = "drawn"
    NETWORK = "network_segment"
    ADDRESS = "address"
    CENTROID = "commune_centroid"
    IMPORTED = "imported"


class EstimateKind(StrEnum):
    PLAN_SHEET = "plan_sheet"
    AGREEMENT = "agreement"
    STUDY = "study"
    PROJECT = "project"
    TENDER = "tender"
    FINAL = "final"


class SpendState(StrEnum):
    PROJECTED = "projected"
    VOTED = "voted"
    COMMITTED = "committed"
    PAID = "paid"


class FundingRule(StrEnum):
    """In the order in which they are resolved, whatever the position of the lines."""

    FIXED = "fixed"
    LUMP = "lump_per_unit"
    RATE = "rate_on_eligible"
    FILL_UP = "fill_up_to"
    RESIDUAL = "residual"


class FundingState(StrEnum):
    CONSIDERED = "considered"
    REQUESTED = "requested"
    OBTAINED = "obtained"
    AGREED = "agreed"
    PAID = "paid"
    REFUSED = "refused"
    FORFEITED = "forfeited"


# Lines in these states are kept for the record but bring no money.
LOST_FUNDING = frozenset({FundingState.REFUSED, FundingState.FORFEITED})


class Flag(StrEnum):
    """What a person should look at; derived, never typed by hand."""

    NO_COST = "no_cost"
    NO_SITE = "no_site"
    NO_DATES = "no_dates"
    AID_EXCEEDS_COST = "aid_exceeds_cost"
    SPENDING_GAP = "spending_gap"  # the yearly amounts do not add up to the estimate
    UNLIKE_FUNDING = "unlike_funding"  # a funding line in another currency, VAT status or price base
    LATE = "late"  # the forecast ends after what was planned, or a date has passed without being done
    DEADLINE_RISK = "deadline_risk"  # works start after a frozen deadline, or too close to it
    COST_DRIFT = "cost_drift"  # the estimate left the accuracy announced by the one before
    STALE = "stale"  # nobody touched it for a year
    INCOMPLETE = "incomplete"  # no description, no phase or no pilot
    UNFUNDED = "unfunded"  # in progress, and part of the money is neither promised nor the owner's vote


@dataclass(frozen=True, slots=True)
class PlanType:
    """A kind of plan; `countries` empty for all."""

    code: str
    label: str  # msgid
    countries: tuple[str, ...] = ()


PLAN_TYPES: tuple[PlanType, ...] = (
    PlanType("agglomeration_programme", N_("Agglomeration programme"), ("CH",)),
    PlanType("master_plan", N_("Intercommunal master plan")),
    PlanType("communal_plan", N_("Communal master plan")),
    PlanType("four_year_plan", N_("Four-year plan"), ("CH",)),
    PlanType("investment_plan", N_("Multi-year investment plan")),
    PlanType("climate_plan", N_("Climate, air and energy plan"), ("FR",)),
    PlanType("grant_list", N_("List of subsidised projects")),
)
