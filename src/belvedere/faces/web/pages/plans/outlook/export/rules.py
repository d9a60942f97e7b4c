"""A funding line in words, its amounts in full: what it brings, by when, and why it brings less."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from decimal import Decimal

from django.utils.translation import gettext, ngettext

from belvedere.domains.plans.public import outlook, states
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans import words
from belvedere.faces.web.pages.plans.outlook import present, units


def rule(line: outlook.views.FundingRow) -> str:
    """“40 % of the eligible cost, at most 7,000,000”; its programme has a column of its own."""
    said = present.rule_in_words(line, units.Unit(line.kind, Decimal(1), Decimal(1)))
    return said.removesuffix(f", {line.instrument}") if line.instrument else said


def deadline(line: outlook.views.FundingRow) -> str:
    return present.deadline_in_words(line)


def remark(line: outlook.views.FundingRow) -> str:
    """Why a line brings nothing, or less than its rule says; "" where it brings what it says."""
    if line.lost == "departure":
        return gettext("lost: the payer leaves")
    if line.lost:
        said = gettext("lost: the deadline is missed")
        if line.keeping_shift is not None:
            kept = ngettext(
                "kept with a shift of %(n)s year at most",
                "kept with a shift of %(n)s years at most",
                line.keeping_shift,
            )
            said += ", " + kept % {"n": formats.number(line.keeping_shift)}
        return said
    if line.state in (states.FundingState.REFUSED, states.FundingState.FORFEITED):
        return gettext("brings nothing")
    if line.unlike:
        return gettext("other money than the cost: brings nothing")
    if line.capped:
        return gettext("cap reached")
    return gettext("limited to what is left to pay") if line.clipped else ""


class Words:
    """The same words said once: tens of thousands of lines share a few rules, states and deadlines."""

    def __init__(self) -> None:
        self._said: dict[Hashable, str] = {}

    def _once(self, key: Hashable, say: Callable[[], str]) -> str:
        found = self._said.get(key)
        if found is None:
            found = self._said[key] = say()
        return found

    def rule(self, line: outlook.views.FundingRow) -> str:
        key = ("rule", line.rule, line.rate, line.amount, line.tariff, line.unit, line.cap, line.instrument)
        return self._once(key, lambda: rule(line))

    def deadline(self, line: outlook.views.FundingRow) -> str:
        return self._once(("by", line.start_deadline, line.claim_deadline), lambda: deadline(line))

    def remark(self, line: outlook.views.FundingRow) -> str:
        key = ("remark", line.lost, line.keeping_shift, line.state, line.unlike, line.capped, line.clipped)
        return self._once(key, lambda: remark(line))

    def state(self, line: outlook.views.FundingRow) -> str:
        return self._once(("state", line.state), lambda: words.funding_state(line.state).label)

    def phase(self, one: outlook.WholeMeasure) -> str:
        key = ("phase", one.phase_scheme, one.phase)
        return self._once(key, lambda: words.phase(one.phase_scheme, one.phase))

    def implementation(self, one: outlook.WholeMeasure) -> str:
        key = ("implementation", one.implementation)
        return self._once(key, lambda: words.implementation(one.implementation).label)


__all__ = ["Words", "deadline", "remark", "rule"]
