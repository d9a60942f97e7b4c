"""Rounds, findings and tables as people read them, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext

from belvedere.domains.plans.public import states as plan_states
from belvedere.domains.reporting.public import findings, states, tables
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans import words as plan_words
from belvedere.kernel.errors import N_
from belvedere.kernel.money import Money

# Acts in the journal, as the end of a sentence that begins with who.
VERBS: Mapping[str, str] = {
    "reporting.open_round": N_("opened a reporting round"),
    "reporting.confirm_lines": N_("confirmed measures in a reporting round"),
    "reporting.correct_line": N_("corrected a measure in a reporting round"),
    "reporting.hand_in_task": N_("handed in the answers of an owner"),
    "reporting.remind": N_("reminded an owner"),
    "reporting.reopen_task": N_("asked an owner to look again"),
    "reporting.close_round": N_("closed a reporting round"),
}
Code = findings.Code
FINDINGS: Mapping[findings.Code, str] = {
    Code.NOT_ANSWERED: N_("The owner did not answer."),
    Code.START_PASSED: N_("The works were to start on %(day)s, but the measure is not started."),
    Code.END_PASSED: N_("The works were to end on %(day)s, but the measure is still in progress."),
    Code.STARTED_UNSAID: N_(
        "The works really started on %(day)s, but the measure is said not to be started."
    ),
    Code.NO_REAL_START: N_("In progress without the day on which the works really started."),
    Code.NO_REAL_END: N_("Done without the day on which the works really ended."),
    Code.AFTER_DEADLINE: N_("The works start on %(day)s, after the deadline of the aid, %(deadline)s."),
    Code.CLAIM_TOO_LATE: N_("The works end on %(day)s, after the aid had to be claimed, %(deadline)s."),
    Code.COST_CHANGED: N_("The cost changed from %(before)s to %(now)s, and nobody said why."),
    Code.COST_LEFT: N_("The cost of %(now)s is %(share)s away from the %(listed)s of the plan."),
    Code.PAID_ABOVE: N_("%(paid)s were paid, more than the cost of %(now)s."),
    Code.PAID_EARLY: N_("%(paid)s were paid, but the measure is not started."),
    Code.NO_COST: N_("The cost is missing."),
    Code.NO_DATES: N_("The dates of the works are missing."),
    Code.NO_CODE: N_("The code of the federal office is missing."),
}
QUESTIONS: Mapping[states.Question, str] = {
    states.Question.IMPLEMENTATION: N_("Implementation"),
    states.Question.PHASE: N_("Phase of the project"),
    states.Question.DATES: N_("Start and end of the works"),
    states.Question.COST: N_("Cost"),
    states.Question.PAID: N_("Paid to date"),
}
LINES: Mapping[states.LineState, tuple[str, str]] = {
    states.LineState.TO_CONFIRM: (N_("To confirm"), "warn"),
    states.LineState.CONFIRMED: (N_("Confirmed"), "ok"),
    states.LineState.CORRECTED: (N_("Corrected"), "info"),
}
TABLES: Mapping[str, tuple[str, str]] = {
    "implementation": (
        N_("Implementation table"),
        N_("In the form the federal office asks for: codes, priority, state, dates, costs, differences."),
    ),
    "dates": (
        N_("Controlling of dates"),
        N_("Planned against known dates, and the margin to the deadlines."),
    ),
    "finance": (N_("Controlling of finance"), N_("Aid promised, open and received; what was paid.")),
    "costs": (
        N_("Controlling of costs"),
        N_("From the first estimate to now, and the difference to the plan."),
    ),
    "investment": (
        N_("Investment plan (AP/CP)"),
        N_("Authorisations and payment credits of each operation, by year."),
    ),
    "cofunding": (N_("Co-funding"), N_("Who pays each operation, and what is left to its owner.")),
}
COLUMNS: Mapping[str, str] = {
    "are_code": N_("ARE code"),
    "code": N_("Code"),
    "measure": N_("Measure"),
    "operation": N_("Operation (AP)"),
    "owner": N_("Owner"),
    "priority": N_("Priority"),
    "implementation": N_("Implementation"),
    "phase": N_("Phase"),
    "agreement": N_("Agreement on aid"),
    "agreement_number": N_("No. of the agreement"),
    "financing_number": N_("No. of the financing agreement"),
    "financing_date": N_("Financing agreement of"),
    "start_planned": N_("Start, planned"),
    "start_forecast": N_("Start, forecast"),
    "start_actual": N_("Start, real"),
    "start_known": N_("Start, forecast or real"),
    "start_apart": N_("Start later by, days"),
    "start_deadline": N_("Start by"),
    "end_planned": N_("End, planned"),
    "end_forecast": N_("End, forecast"),
    "end_actual": N_("End, real"),
    "end_known": N_("End, forecast or real"),
    "end_apart": N_("End later by, days"),
    "margin": N_("Margin to the deadline, days"),
    "claim_deadline": N_("Claim by"),
    "cost_agreement": N_("Cost in the plan"),
    "cost_now": N_("Cost now"),
    "difference": N_("Difference"),
    "difference_share": N_("Difference, share"),
    "remarks": N_("Remarks"),
    "cost": N_("Cost"),
    "aid_promised": N_("Aid promised"),
    "aid_open": N_("Aid still open"),
    "received": N_("Received"),
    "to_receive": N_("To receive"),
    "own": N_("Left to the owner"),
    "paid": N_("Paid to date"),
    "paid_share": N_("Paid, share"),
    "first": N_("First estimate"),
    "agreed": N_("Cost in the plan"),
    "at_opening": N_("At the opening of the round"),
    "accuracy": N_("Accuracy, ±"),
    "estimate_kind": N_("Basis of the cost"),
    "authorisation": N_("Authorisation (AP)"),
    "paid_before": N_("Credits before %(year)s"),
    "credit": N_("Credits %(year)s (CP)"),
    "later": N_("Credits after %(year)s"),
    "not_spread": N_("Not spread yet"),
    "eligible": N_("Eligible cost"),
    "other_payers": N_("Other payers"),
    "aid": N_("Aid in all"),
    "aid_share": N_("Aid, share"),
}


def finding(one: findings.Finding) -> str:
    """The finding as a sentence; aid at stake is named."""
    said = {name: _said(value) for name, value in one.data.items()}
    text = gettext(FINDINGS[one.code]) % said
    at_stake = one.data.get("at_stake")
    if isinstance(at_stake, Money) and at_stake.amount:
        text += " " + gettext("At stake: %(amount)s.") % {"amount": formats.money(at_stake)}
    return text


def _said(value: Any) -> str:
    if isinstance(value, date):
        return formats.day(value, "short")
    if isinstance(value, Money):
        return formats.money(value)
    return "" if value is None else formats.percent(value)


def level(one: findings.Finding) -> str:
    return "warn" if one.is_gap else "major"


def line_state(value: states.LineState) -> tuple[str, str]:
    label, of = LINES[value]
    return gettext(label), of


def question(value: states.Question) -> str:
    return gettext(QUESTIONS[value])


def column(one: tables.Column) -> str:
    """The head of a column: an organisation's own name, or what it holds."""
    if one.names:
        return in_language(one.names)
    text = gettext(COLUMNS[one.key])
    return text % {"year": one.year} if one.year else text


def in_language(names: Mapping[str, str]) -> str:
    """A text in the reader's language, else in French, else in any."""
    language = formats.locale().language
    for code in (language, "fr", *sorted(names)):
        if names.get(code):
            return names[code]
    return ""


def word(cell: tables.Word) -> str:
    """A value of a vocabulary; the code itself where it is not known any more."""
    if not cell.code:
        return ""
    if cell.vocabulary == "phase":
        return plan_words.phase(cell.of, cell.code)
    known: Mapping[str, Any] = {
        "implementation": plan_states.Implementation,
        "agreement": plan_states.Agreement,
        "estimate_kind": plan_states.EstimateKind,
    }
    try:
        value = known[cell.vocabulary](cell.code)
    except ValueError:
        return cell.code
    if cell.vocabulary == "estimate_kind":
        return plan_words.estimate_kind(value)
    of = plan_words.implementation if cell.vocabulary == "implementation" else plan_words.agreement
    return of(value).label


def remarks(cell: tables.Remarks) -> str:
    """The owner's own words, where an amount comes from, then what does not hold together."""
    parts = [cell.note] if cell.note else []
    if cell.converted_from:
        base = formats.price_base(cell.converted_from)
        parts.append(gettext("The owner’s cost is at prices of %(month)s.") % {"month": base})
    parts += [finding(one) for one in cell.findings]
    return " ".join(parts)
