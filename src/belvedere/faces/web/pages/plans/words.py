"""The vocabularies of measures as people read them, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from belvedere.domains.plans.public import states
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
}
FLAG_LEVEL: dict[states.Flag, str] = {
    states.Flag.AID_EXCEEDS_COST: "major",
    states.Flag.SPENDING_GAP: "major",
    states.Flag.UNLIKE_FUNDING: "major",
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
