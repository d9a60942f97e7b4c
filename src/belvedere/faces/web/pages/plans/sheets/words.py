"""The words of the import pages: fields, verdicts, problems, reasons of a gap."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext

from belvedere.domains.plans.public import states
from belvedere.domains.plans.sheets import public as sheets
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans.words import implementation, phase_anywhere
from belvedere.kernel.errors import N_

# verdict -> (label of a row, label of the tab, icon, level)
VERDICTS: dict[str, tuple[str, str, str, str]] = {
    "fix": (N_("to fix"), N_("To fix"), "alert-triangle", "major"),
    "create": (N_("to create"), N_("To create"), "plus", "ok"),
    "change": (N_("to change"), N_("To change"), "pencil", "info"),
    "same": (N_("already so"), N_("Unchanged"), "equal", ""),
    "left_out": (N_("left out"), N_("Rows left out"), "ban", ""),
}
TAKEN: dict[str, str] = {"create": N_("Created"), "change": N_("Changed")}
CHANGES: dict[str, str] = {
    "title": N_("Title"),
    "description": N_("Description"),
    "owner": N_("Owner"),
    "external_id": N_("Stable identifier"),
    "kind": N_("Kind of measure"),
    "category": N_("Category"),
    "phase_scheme": N_("Scheme of phases"),
    "phase": N_("Phase"),
    "implementation": N_("State"),
    "published": N_("Published"),
    "is_example": N_("Example"),
    "cost": N_("Cost"),
    "eligible": N_("Eligible cost"),
    "spend": N_("Spending"),
    "aid": N_("Aid"),
    "listings": N_("Plans"),
    "sites": N_("Sites"),
    "phases": N_("Dates"),
    "places": N_("Communes"),
    "estimates": N_("Estimate"),
    "quantities": N_("Quantity"),
    "steps": N_("Generations"),
}
# What differs of a part that stays.
PARTS: dict[str, str] = {
    "accuracy": N_("accuracy"),
    "accuracy_m": N_("accuracy, in metres"),
    "actual_end": N_("really ended"),
    "actual_start": N_("really started"),
    "advance_share": N_("share paid with the works"),
    "agreement": N_("state of the agreement"),
    "agreement_number": N_("number of the agreement"),
    "amount": N_("amount"),
    "are_code": N_("ARE code"),
    "assessed_priority": N_("priority of the authority"),
    "cap": N_("maximum"),
    "claim_deadline": N_("to be claimed by"),
    "code": N_("code"),
    "conditions": N_("conditions"),
    "confirmed": N_("confirmed"),
    "contribution": N_("kind of contribution"),
    "currency": N_("currency"),
    "dated": N_("date"),
    "deadline_source": N_("source of the deadline"),
    "deadlines_frozen_on": N_("deadlines frozen on"),
    "decided_on": N_("decided on"),
    "eligible": N_("eligible cost"),
    "financing_date": N_("date of the financing agreement"),
    "financing_number": N_("number of the financing agreement"),
    "forecast_end": N_("forecast end"),
    "forecast_start": N_("forecast start"),
    "geometry": N_("outline"),
    "horizon_from": N_("horizon from"),
    "horizon_to": N_("horizon to"),
    "indexed": N_("indexed"),
    "instrument": N_("scheme of aid"),
    "kind": N_("kind"),
    "label": N_("what"),
    "lag_years": N_("years until the rest is paid"),
    "listed_cost": N_("cost in the plan"),
    "listed_cost_note": N_("note on the cost"),
    "method": N_("how it was drawn"),
    "name": N_("name"),
    "node": N_("axis"),
    "organisation": N_("payer"),
    "planned": N_("quantity planned"),
    "planned_end": N_("planned end"),
    "planned_start": N_("planned start"),
    "position": N_("order"),
    "price_base": N_("price base"),
    "priority": N_("priority"),
    "rate": N_("rate"),
    "raw_text": N_("as the source wrote it"),
    "realised": N_("built"),
    "reason": N_("reason"),
    "relation": N_("relation"),
    "requested_on": N_("requested on"),
    "rule": N_("rule"),
    "source": N_("source"),
    "source_crs": N_("system of coordinates"),
    "start_deadline": N_("works must start by"),
    "state": N_("State"),
    "tariff": N_("tariff"),
    "unit": N_("unit"),
    "vat": N_("VAT"),
}
AMOUNTS: dict[str, str] = {"cost": N_("Cost"), "spend": N_("Years"), "subsidy": N_("Aid")}
_SUMS = frozenset({"sum", "total", "gap", "amount"})
SYSTEMS: dict[str, str] = {
    "EPSG:4326": N_("Longitude and latitude (WGS 84)"),
    "EPSG:2056": N_("Swiss coordinates (MN95)"),
    "EPSG:21781": N_("Old Swiss coordinates (MN03)"),
    "EPSG:2154": N_("Lambert 93"),
}
_MONEY = re.compile(r"(-?\d+(?:\.\d+)?) ([A-Z]{3})")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_DAY = re.compile(r"\b(\d{4})-(\d\d)-\d\d\b")
MILLION = Decimal(1_000_000)
REASONS: dict[str, str] = {
    "left_out": N_("left out"),
    "amount_unreadable": N_("text that is no amount"),
    "negative_amount": N_("negative amount"),
    "mixed_currencies": N_("another currency"),
    "other_unit": N_("amount in another unit"),
    "corrected": N_("read differently, or corrected"),
    "not_read": N_("not read"),
    "repeated": N_("the total stands again on each line"),
}


def said(message: str, data: Mapping[str, Any]) -> str:
    """A message of the domain in the reader's language, with its data."""
    shown = {
        key: ", ".join(map(str, value)) if isinstance(value, list | tuple) else value
        for key, value in data.items()
    }
    for key in _SUMS & shown.keys():
        if _NUMBER.fullmatch(str(shown[key])):
            shown[key] = amount(str(shown[key]))
    system = SYSTEMS.get(str(shown.get("crs")))
    if system:
        shown["crs"] = gettext(system)
    return gettext(message).format_map(shown) if message else ""


def reading(suggestion: str) -> str:
    """What the proposed reading does, on its button."""
    if suggestion == "swapped":
        return gettext("Swap the two")
    system = SYSTEMS.get(suggestion)
    if system:
        return gettext("Read as: %(system)s") % {"system": gettext(system)}
    try:
        number = Decimal(suggestion)
        shown = formats.number(number, max(0, -int(number.as_tuple().exponent)))
    except InvalidOperation:
        shown = suggestion
    return gettext("Read as %(value)s") % {"value": shown}


def value(text: str, field: str = "") -> str:
    """A value of a row for people: amounts and days in the reader's writing, codes by their names."""
    if field == "phase":
        return phase_anywhere(text)
    if field == "implementation" and text in set(states.Implementation):
        return implementation(states.Implementation(text)).label
    if field == "phases":  # "5 2027-03-01 – 2028-06-30 · 6 …"
        said = (part.partition(" ") for part in text.split(" · "))
        text = " · ".join(f"{phase_anywhere(code)}{gap}{days}" for code, gap, days in said)
    money = _MONEY.fullmatch(text)
    if money:
        number = Decimal(money[1])
        whole = number == number.to_integral_value()
        return f"{formats.number(number, 0 if whole else 2)} {money[2]}"
    return _DAY.sub(lambda found: f"{found[2]}.{found[1]}", text)


def change_label(field: str) -> str:
    """“Spending 2027” for spend:2027, “Plans PA5, code” for listings:PA5:code."""
    name, _, rest = field.partition(":")
    rest, _, part = rest.rpartition(":") if rest.rpartition(":")[2] in PARTS else (rest, "", "")
    if part:
        return f"{change_label(f'{name}:{rest}')}, {gettext(PARTS[part])}"
    if name == "spend" and rest[:1] in ("≤", "≥"):
        said = gettext("Spending up to %(year)s") if rest[0] == "≤" else gettext("Spending from %(year)s on")
        return said % {"year": rest[1:]}
    return f"{gettext(CHANGES.get(name, name))} {rest}".strip()


def amount_label(field: str) -> str:
    """What an amount held against the sheet is: the cost, the years, the aid."""
    label = AMOUNTS[field]
    return gettext(label)


def when(of: sheets.When) -> str:
    """“Spending of 2027, voted”, “All up to 2026”."""
    if of.span == "before":
        said = gettext("All years up to %(year)s")
    elif of.span == "after":
        said = gettext("All years from %(year)s on")
    else:
        said = gettext("Spending of %(year)s")
    text = said % {"year": of.year}
    return f"{text}, {gettext(STATES[of.state])}" if of.state else text


STATES: dict[str, str] = {
    "projected": N_("projected"),
    "voted": N_("voted"),
    "committed": N_("committed"),
    "paid": N_("paid"),
}


def lines(numbers: Sequence[int]) -> str:
    """“2–4, 7” of 2, 3, 4, 7; "" for a single line."""
    if len(numbers) < 2:
        return ""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs[:12])


def in_millions(texts: Iterable[str]) -> bool:
    """Whether these amounts are better read in millions."""
    return any(abs(Decimal(text)) >= MILLION for text in texts)


def amount(text: str, millions: bool = False) -> str:
    """An amount in the reader's writing, the sign in front; a gap below 0.01 million is not hidden."""
    value = Decimal(text)
    if millions:
        value /= MILLION
        if 0 < abs(value) < Decimal("0.01"):
            return f"{'−' if value < 0 else ''}{formats.number(abs(value), 6)}"
    shown = formats.number(abs(value), 2)
    return f"−{shown}" if value < 0 else shown
