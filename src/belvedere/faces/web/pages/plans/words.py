"""The vocabularies of measures as people read them, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext, ngettext

from belvedere.domains.plans.public import guards, states, vocabulary
from belvedere.faces.web import formats
from belvedere.kernel.errors import N_

IMPLEMENTATIONS: dict[states.Implementation, tuple[str, str]] = {
    states.Implementation.NOT_STARTED: (N_("Not started"), ""),
    states.Implementation.IN_PROGRESS: (N_("In progress"), "info"),
    states.Implementation.SUSPENDED: (N_("Suspended"), "warn"),
    states.Implementation.DONE: (N_("Done"), "ok"),
    states.Implementation.ABANDONED: (N_("Abandoned"), "major"),
    states.Implementation.REPLACED: (N_("Replaced"), "warn"),
}
FLAGS: dict[states.Flag, tuple[str, str, str]] = {
    # in a line of the list · what is the matter · what to do
    states.Flag.NO_COST: (
        N_("Cost missing"),
        N_("The cost is not known."),
        N_("Enter a first estimate with its accuracy: without it the measure is in no total."),
    ),
    states.Flag.NO_SITE: (
        N_("Site missing"),
        N_("The measure is not on the map."),
        N_("Draw its site, even roughly."),
    ),
    states.Flag.NO_DATES: (
        N_("Years missing"),
        N_("No amount is set for any year."),
        N_("Spread the cost over the years, so that the budget of each year counts it."),
    ),
    states.Flag.AID_EXCEEDS_COST: (
        N_("Aid above the cost"),
        N_("The aid is larger than the cost."),
        N_("Check the estimate and the funding lines: one of them is wrong."),
    ),
    states.Flag.SPENDING_GAP: (
        N_("Years and cost differ"),
        N_("The yearly amounts do not add up to the estimate."),
        N_("Correct the years, or let them follow the estimate."),
    ),
    states.Flag.UNLIKE_FUNDING: (
        N_("Aid not comparable"),
        N_("A funding line is in another currency, VAT status or price base than the cost."),
        N_("State it in the same terms as the cost: until then it counts for nothing."),
    ),
    states.Flag.LATE: (
        N_("Late"),
        N_("A date has passed without being met, or the forecast ends after what was planned."),
        N_("Enter what was really done, or a new forecast."),
    ),
    states.Flag.DEADLINE_RISK: (
        N_("Deadline at risk"),
        N_("The works come after a deadline of the aid, or less than a year before it."),
        N_("Bring the works forward, or ask the authority for a later deadline: the aid hangs on it."),
    ),
    states.Flag.COST_DRIFT: (
        N_("Cost drifting"),
        N_("The estimate has left the accuracy announced by the one before."),
        N_("Say what changed, and tell those who pay before they find out."),
    ),
    states.Flag.STALE: (
        N_("Not kept up"),
        N_("Nothing was changed for a year."),
        N_("Look the measure through and confirm what still holds."),
    ),
    states.Flag.INCOMPLETE: (
        N_("Incomplete"),
        N_("The description, the phase or the pilot is missing."),
        N_("Complete them: others cannot follow a measure that nobody describes or pilots."),
    ),
    states.Flag.UNFUNDED: (
        N_("Not funded"),
        N_("The measure is in progress, and part of its cost is neither promised nor voted."),
        N_("Record the credit that was voted and the aid that was promised, or find what is lacking."),
    ),
}
FLAG_LEVEL: dict[states.Flag, str] = {
    states.Flag.AID_EXCEEDS_COST: "major",
    states.Flag.SPENDING_GAP: "major",
    states.Flag.UNLIKE_FUNDING: "major",
    states.Flag.DEADLINE_RISK: "major",
    states.Flag.UNFUNDED: "major",
    states.Flag.STALE: "",
    states.Flag.INCOMPLETE: "",
}
AGREEMENTS: dict[states.Agreement, tuple[str, str]] = {
    states.Agreement.NOT_LISTED: (N_("Not proposed"), ""),
    states.Agreement.PROPOSED: (N_("Proposed"), "info"),
    states.Agreement.ASSESSED: (N_("Assessed by the authority"), "info"),
    states.Agreement.IN_AGREEMENT: (N_("In the agreement on services"), "info"),
    states.Agreement.REQUESTED: (N_("Financing agreement requested"), "info"),
    states.Agreement.SIGNED: (N_("Financing agreement signed"), "ok"),
    states.Agreement.WORKS_STARTED: (N_("Works started"), "ok"),
    states.Agreement.CLAIMS: (N_("Aid claimed"), "ok"),
    states.Agreement.FINAL_ACCOUNT: (N_("Final account"), "ok"),
    states.Agreement.CLOSED: (N_("Account closed"), "ok"),
    states.Agreement.FORFEITED: (N_("Aid forfeited"), "major"),
}
CONTRIBUTIONS: dict[vocabulary.Contribution, str] = {
    vocabulary.Contribution.INDIVIDUAL: N_("Contribution to the measure itself"),
    vocabulary.Contribution.LUMP: N_("Lump sum per unit"),
}
CONTINUITIES: dict[vocabulary.Continuity, str] = {
    vocabulary.Continuity.SAME: N_("the same measure"),
    vocabulary.Continuity.MODIFIED: N_("the same measure, changed"),
    vocabulary.Continuity.REPLACES: N_("takes the place of"),
    vocabulary.Continuity.SPLIT: N_("split off from"),
    vocabulary.Continuity.MERGED: N_("merged from"),
}
SPEND_STATES: dict[states.SpendState, str] = {
    states.SpendState.PAID: N_("paid"),
    states.SpendState.COMMITTED: N_("committed"),
    states.SpendState.VOTED: N_("voted"),
    states.SpendState.PROJECTED: N_("projected"),
}
ESTIMATES: dict[states.EstimateKind, str] = {
    states.EstimateKind.PLAN_SHEET: N_("Sheet of the plan"),
    states.EstimateKind.AGREEMENT: N_("Agreement on services"),
    states.EstimateKind.STUDY: N_("Study"),
    states.EstimateKind.PROJECT: N_("Project"),
    states.EstimateKind.TENDER: N_("Tender result"),
    states.EstimateKind.FINAL: N_("Final account"),
}
FUNDING_STATES: dict[states.FundingState, tuple[str, str]] = {
    states.FundingState.CONSIDERED: (N_("considered"), ""),
    states.FundingState.REQUESTED: (N_("requested"), "info"),
    states.FundingState.OBTAINED: (N_("obtained"), "ok"),
    states.FundingState.AGREED: (N_("agreed"), "ok"),
    states.FundingState.PAID: (N_("paid out"), "ok"),
    states.FundingState.REFUSED: (N_("refused"), "major"),
    states.FundingState.FORFEITED: (N_("lost"), "major"),
}
KINDS: dict[states.MeasureKind, str] = {
    states.MeasureKind.INFRASTRUCTURE: N_("Infrastructure"),
    states.MeasureKind.STUDY: N_("Study"),
    states.MeasureKind.SETTLEMENT: N_("Settlement"),
    states.MeasureKind.LANDSCAPE: N_("Landscape"),
    states.MeasureKind.SERVICE: N_("Service"),
    states.MeasureKind.RECURRENT: N_("Recurrent"),
}
SITE_METHODS: dict[states.SiteMethod, str] = {
    states.SiteMethod.DRAWN: N_("drawn"),
    states.SiteMethod.NETWORK: N_("taken from the network"),
    states.SiteMethod.ADDRESS: N_("placed at the address"),
    states.SiteMethod.CENTROID: N_("placed at the centre of the commune"),
    states.SiteMethod.IMPORTED: N_("imported"),
}
SCHEMES = {"sia112": N_("SIA 112 phases"), "mop": N_("MOP phases")}


@dataclass(frozen=True, slots=True)
class Word:
    """A value of a vocabulary as it is shown; `level` is that of the design system's states."""

    value: str
    label: str
    level: str = ""
    more: str = ""


def phase(scheme: str, code: str) -> str:
    """The name of a phase; "" when it is not said."""
    return next(
        (gettext(step.label) for step in states.PHASE_SCHEMES.get(scheme, ()) if step.code == code), code
    )


def phase_anywhere(code: str) -> str:
    """The name of a phase whatever its scheme: a territory uses one."""
    for steps in states.PHASE_SCHEMES.values():
        for step in steps:
            if step.code == code:
                return gettext(step.label)
    return code


def implementation(value: states.Implementation) -> Word:
    label, level = IMPLEMENTATIONS[value]
    return Word(value.value, gettext(label), level)


def flag(value: states.Flag) -> Word:
    """The flag as a few words."""
    return Word(
        value.value, gettext(FLAGS[value][0]), FLAG_LEVEL.get(value, "warn"), gettext(FLAGS[value][1])
    )


def agreement(value: states.Agreement) -> Word:
    label, level = AGREEMENTS[value]
    return Word(value.value, gettext(label), level)


def contribution(value: vocabulary.Contribution) -> str:
    return gettext(CONTRIBUTIONS[value])


def continuity(value: vocabulary.Continuity) -> str:
    return gettext(CONTINUITIES[value])


def obstacle(value: guards.Obstacle) -> str:
    """What stands in the way of a step, as a sentence; its dates as the reader writes them."""
    said = {
        name: formats.day(what, "short") if isinstance(what, date) else what
        for name, what in value.data.items()
    }
    return gettext(value.message).format(**said)


def funding_state(value: states.FundingState) -> Word:
    label, level = FUNDING_STATES[value]
    return Word(value.value, gettext(label), level)


def spend_state(value: states.SpendState) -> str:
    return gettext(SPEND_STATES[value])


def estimate_kind(value: states.EstimateKind) -> str:
    return gettext(ESTIMATES[value])


def scheme(code: str) -> str:
    return gettext(SCHEMES[code]) if code in SCHEMES else code


def years(first: int | None, last: int | None, *, short: bool = True) -> str:
    """“2029–31” of a first and a last year; "" when neither is known."""
    if first is None:
        return ""
    if last is None or last == first:
        return str(first)
    return f"{first}–{str(last)[2:] if short and first // 100 == last // 100 else last}"


def measures(number: int, written: str) -> str:
    """“305 measures”; `written` is the number in the reader's language."""
    return ngettext("%(n)s measure", "%(n)s measures", number) % {"n": written}
