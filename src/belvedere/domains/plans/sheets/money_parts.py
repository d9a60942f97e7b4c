"""What the lines of a measure say of money: cost, years with their buckets, who pays.

A measure may stand on one line with a column for each year, or on several with a line for each source or
year; both are gathered into the same figures, then laid over the measure as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import msgspec

from belvedere.domains.plans.sheets import parsing, payers
from belvedere.domains.plans.sheets.amounts import MoneyWords, check_shares
from belvedere.domains.plans.sheets.context import Context
from belvedere.domains.plans.sheets.horizon import When
from belvedere.domains.plans.sheets.parsing import Unreadable, clean, is_empty
from belvedere.domains.plans.sheets.payers import Key
from belvedere.domains.plans.sheets.reading import column_name
from belvedere.domains.plans.sheets.records import Aid, Estimate, Record, Spend
from belvedere.domains.plans.sheets.verdicts import Row
from belvedere.kernel.errors import N_
from belvedere.kernel.money import CENT

_ORDER = ("projected", "voted", "committed", "paid")
_ZERO = Decimal(0)
Told = dict[str, Any]


@dataclass
class Gathered:
    """What the lines add up to. An amount of None is an empty cell: that year has none."""

    years: dict[When, Decimal | None] = field(default_factory=dict)
    aids: dict[Key, Decimal] = field(default_factory=dict)
    reasons: dict[When, str] = field(default_factory=dict)
    paid_by_others: Decimal | None = None  # as aid columns say it

    def spend(self, when: When, value: Decimal | None) -> None:
        known = self.years.get(when)
        self.years[when] = known if value is None else value + (known or _ZERO)

    def aid(self, key: Key, value: Decimal) -> None:
        self.aids[key] = self.aids.get(key, _ZERO) + value

    @property
    def total(self) -> Decimal | None:
        """The sum over the years, None where none is said."""
        said = [value for value in self.years.values() if value is not None]
        return sum(said, _ZERO) if said else None


def money(context: Context, row: Row, base: Record) -> Told:
    """Estimate, yearly amounts and funding lines that the row changes."""
    said: Told = {}
    kind = context.money.money_words(row)
    found = Gathered()
    for line in row.each:
        _years(context, line, kind, found)
        _line_amount(context, line, kind, found)
        _aid_columns(context, line, kind, found)
    if context.mapping.settings.states == "furthest":
        _keep_furthest(found)
    cost = _cost(context, row, base, kind, found, said)
    _spending(context, row, base, kind, cost, found, said)
    _funding(context, row, base, kind, found, said)
    row.out.cost = cost
    row.out.spent = found.total
    row.out.aid = found.paid_by_others if row.has("subsidy") else sum(found.aids.values(), _ZERO) or None
    check_shares(row, cost, row.out.aid)
    return said


# ------------------------------------------------------------------ gathering
def _years(context: Context, row: Row, kind: MoneyWords, found: Gathered) -> None:
    """The columns of yearly amounts of one line."""
    payer: Key | None = None
    if context.mapping.keys and row.columns.get("spend") and not row.has("subsidy"):
        payer = payers.of_line(context, row)
    for at in row.columns.get("spend", ()):
        column = context.mapping.columns[at]
        when = column.when
        value = context.money.read(row, "spend", at, kind, signed=True)
        found.spend(when, value)
        if value is None:
            continue
        if value < 0:
            _note_negative(context, row, at, when, found)
        key = payers.of_word(context, column.payer) if column.payer else payer
        if key is not None:
            found.aid(key, value)


def _line_amount(context: Context, row: Row, kind: MoneyWords, found: Gathered) -> None:
    """The one amount of a line in long form: of its year, of its payer, or of both."""
    at = row.column("line")
    if at is None:
        return
    value = context.money.read(row, "line", at, kind, signed=True)
    if value is None:
        return
    year = year_of(context, row)
    if year is not None:
        when = When(year)
        found.spend(when, value)
        if value < 0:
            _note_negative(context, row, at, when, found)
    else:
        found.spend(UNDATED, value)
    key = payers.of_line(context, row)
    if key is not None:
        found.aid(key, value)


UNDATED = When(0)


def _aid_columns(context: Context, row: Row, kind: MoneyWords, found: Gathered) -> None:
    columns = row.columns.get("subsidy", ())
    for at in columns:
        value = context.money.read(row, "subsidy", at, kind)
        if value is None:
            continue
        found.paid_by_others = value + (found.paid_by_others or _ZERO)
        key = payers.of_line(context, row) if row.has("fund_code") else payers.of_name(context, row)
        if key is None:
            continue
        organisation, instrument = key
        if not row.has("fund_code"):
            instrument = row.text("instrument")[:200]
            if not instrument and len(columns) > 1:
                instrument = context.mapping.columns[at].header[:200]
        line = (organisation, instrument)
        known = found.aids.get(line)
        found.aids[line] = value + (known or _ZERO)


def _note_negative(context: Context, row: Row, at: int, when: When, found: Gathered) -> None:
    """Keep why an amount is negative: the row's own words, or where it stands."""
    cell = f"{column_name(at)}{row.line}"
    own = clean(row.raw("reason")) if row.has("reason") else ""
    reason = (own or context.as_in_source(cell, row.line))[:300]
    found.reasons.setdefault(when, reason)
    row.warn(
        "negative_year",
        "spend",
        N_("A negative amount is kept, with this reason: “{reason}”."),
        data={"reason": reason},
        at=at,
    )


def _keep_furthest(found: Gathered) -> None:
    """Of one year in several states, the one that went furthest says what it is."""
    best: dict[tuple[int, str], When] = {}
    for when in sorted(
        (w for w, v in found.years.items() if v is not None),
        key=lambda w: _ORDER.index(w.state or "projected"),
    ):
        best[when.year, when.span] = when
    found.years = {
        when: value if best.get((when.year, when.span), when) == when else None
        for when, value in found.years.items()
    }


def year_of(context: Context, row: Row) -> int | None:
    """The year a line speaks of, or the one of the whole sheet."""
    if row.has("year") and not is_empty(row.raw("year")):
        try:
            return parsing.year(row.raw("year"))
        except Unreadable as error:
            row.problem(
                "year_unreadable",
                "year",
                N_("This is not a year. Write four digits, as in 2027."),
                text=error.text,
                offer="value",
            )
            return None
    return context.mapping.settings.year or None


# ------------------------------------------------------------------ cost
def _cost(
    context: Context, row: Row, base: Record, kind: MoneyWords, found: Gathered, said: Told
) -> Decimal | None:
    at = row.column("cost")
    total = found.total
    cost = None if at is None else _stated(context, row, at, kind, total)
    if cost is None and not (at is not None and row.out.blocked):
        cost = total
        if total is not None and total < 0:
            row.problem(
                "negative_total",
                "line" if row.has("line") else "spend",
                N_("The years add up to less than nothing ({total}): that is no cost. Correct them."),
                data={"total": str(total)},
                at=(row.columns.get("line") or row.columns["spend"])[0],
                offer="value",
            )
            return None
    if cost is None:
        return None
    if at is not None and total is not None and abs(total - cost) > context.money.unit(at):
        row.warn(
            "years_differ",
            "cost",
            N_("The amounts add up to {sum}, the stated total is {total}: both are kept, {gap} has no year."),
            data={"sum": str(total), "total": str(cost), "gap": str(cost - total)},
        )
    _estimate(context, row, base, kind, cost, said)
    return cost


def _stated(context: Context, row: Row, at: int, kind: MoneyWords, total: Decimal | None) -> Decimal | None:
    """The total the sheet states: the same on each line, or the sum of the lines; else a person says."""
    if not row.others or row.decisions.cell(row.line, f"cost@{at}") is not None:
        return context.money.read(row.each[0], "cost", at, kind)
    stated = [value for line in row.each if (value := context.money.read(line, "cost", at, kind)) is not None]
    if not stated:
        return None
    if len(set(stated)) == 1 and (total is None or len(stated) == 1 or abs(total - sum(stated)) > CENT):
        return stated[0]
    if total is None or abs(sum(stated) - total) <= context.money.unit(at):
        return sum(stated, _ZERO)
    unit = context.money.unit(at)
    choices = {f"{(value / unit).normalize():f}" for value in [*stated, total]}
    row.problem(
        "totals_differ",
        "cost",
        N_("The lines state different totals, and none is the sum of their amounts. Which one holds?"),
        at=at,
        text=" · ".join(clean(line.own("cost", at)) for line in row.each),
        offer="pick",
        choices=tuple((text, text) for text in sorted(choices, key=Decimal)),
    )
    return None


def _estimate(context: Context, row: Row, base: Record, kind: MoneyWords, cost: Decimal, said: Told) -> None:
    at, eligible_at = row.column("cost"), row.column("eligible")
    eligible = None if eligible_at is None else context.money.read(row, "eligible", eligible_at, kind)
    if eligible is not None and eligible > cost:
        row.warn("eligible_above", "eligible", N_("The eligible cost is above the cost: it is not kept."))
        eligible = None
    last = base.estimates[-1] if base.estimates else None
    if at is not None:
        cost = context.money.like(row, at, cost, last.amount if last else None)
    same = last is not None and (last.amount, last.currency, last.vat, last.price_base) == (
        cost,
        kind.currency,
        kind.vat,
        kind.price_base,
    )
    if same and (eligible_at is None or (last is not None and last.eligible == eligible)):
        return
    raw = row.raw("cost", at) if at is not None else None
    fresh = Estimate(
        version=last.version + 1 if last else 1,
        dated=context.today,
        kind="plan_sheet",
        amount=cost,
        currency=kind.currency,
        vat=kind.vat,
        price_base=kind.price_base,
        eligible=eligible,
        raw_text=raw[:200] if isinstance(raw, str) else "",
        source=context.source,
    )
    said["estimates"] = (*base.estimates, fresh)


# ------------------------------------------------------------------ years
def _spending(
    context: Context,
    row: Row,
    base: Record,
    kind: MoneyWords,
    cost: Decimal | None,
    found: Gathered,
    said: Told,
) -> None:
    wanted = {when: value for when, value in found.years.items() if when.year}
    if not wanted and cost is not None and not row.has("line") and (year := year_of(context, row)):
        wanted[When(year)] = cost
    if not wanted:
        return
    lines = {s.key: s for s in base.spending}
    mentioned = {_key(when) for when in wanted}
    for when, value in wanted.items():
        if when.span and value is not None:  # the bucket holds what stood there one by one
            for key, one in list(lines.items()):
                inside = one.year <= when.year if when.span == "before" else one.year >= when.year
                if inside and key not in mentioned and (one.scenario, one.nature) == _SAME:
                    del lines[key]
    for when, value in wanted.items():
        key = _key(when)
        if not value:
            lines.pop(key, None)
            continue
        reason = found.reasons.get(when, "") if value < 0 else ""
        state = when.state or "projected"
        lines[key] = Spend(when.year, value, *_kind(kind), state=state, span=when.span, reason=reason)
    said["spending"] = tuple(lines[key] for key in sorted(lines))


_SAME = ("reference", "investment")


def _key(when: When) -> tuple[str, int, str, str, str]:
    return ("reference", when.year, when.span, "investment", when.state or "projected")


def _kind(kind: MoneyWords) -> tuple[str, str, str]:
    return kind.currency, kind.vat, kind.price_base


# ------------------------------------------------------------------ who pays
def _funding(context: Context, row: Row, base: Record, kind: MoneyWords, found: Gathered, said: Told) -> None:
    aids = list(base.aids)
    for (organisation, instrument), value in found.aids.items():
        if value < 0:
            if row.decisions.cell(row.line, "aid_below") or row.decisions.groups.get("aid_below:aid_below:"):
                continue
            row.problem(
                "aid_below",
                "aid_below",
                N_(
                    "What {payer} brings adds up to {amount}. Correct the amounts, or count it with the "
                    "owner’s own money."
                ),
                data={"payer": context.owner_label(organisation) or instrument, "amount": str(value)},
                text="",
                offer="accept",
            )
            continue
        known = next(
            (a.amount for a in aids if (a.organisation, a.instrument) == (organisation, instrument)), None
        )
        at = row.column("subsidy")
        if at is not None:
            value = context.money.like(row, at, value, known)
        _lay(aids, organisation, instrument, value, kind, context.mapping.settings.funding_state)
    _rates(context, row, kind, aids)
    if aids != list(base.aids):
        said["aids"] = tuple(aids)


def _lay(aids: list[Aid], funder: str, instrument: str, value: Decimal, kind: MoneyWords, state: str) -> None:
    """Put an amount in the line of its funder and scheme, or in a new one; 0 makes no line."""
    for at, aid in enumerate(aids):
        if (aid.organisation, aid.instrument, aid.rule) == (funder, instrument, "fixed"):
            if aid.amount != value:
                aids[at] = msgspec.structs.replace(
                    aid, amount=value, currency=kind.currency, vat=kind.vat, price_base=kind.price_base
                )
            return
    if value:
        aids.append(Aid(funder, *_kind(kind), instrument, len(aids) + 1, amount=value, state=state))


def _rates(context: Context, row: Row, kind: MoneyWords, aids: list[Aid]) -> None:
    """Rates of aid, each with its maximum, as rules."""
    at, cap_at = row.column("rate"), row.column("cap")
    if at is None:
        return
    for line in row.each:
        cell = line.raw("rate", at)
        if is_empty(cell):
            continue
        try:
            rate = parsing.share(cell, context.mapping.settings.percent, context.money.sign)
        except Unreadable as error:
            line.problem(
                "rate_unreadable",
                "rate",
                N_("This rate cannot be read."),
                at=at,
                text=error.text,
                offer="value",
            )
            continue
        if rate is None:
            continue
        if not 0 <= rate <= 1:
            line.problem(
                "rate_beyond", "rate", N_("A rate of aid lies between 0 and 100 %."), at=at, offer="value"
            )
            continue
        cap = None if cap_at is None else context.money.read(line, "cap", cap_at, kind)
        key = payers.of_line(context, line)
        if key is not None and rate:
            _lay_rate(aids, key, rate.quantize(Decimal("0.00001")), cap, kind, context)


def _lay_rate(
    aids: list[Aid], key: Key, rate: Decimal, cap: Decimal | None, kind: MoneyWords, context: Context
) -> None:
    rule, (organisation, instrument) = "rate_on_eligible", key
    for at, aid in enumerate(aids):
        if (aid.organisation, aid.instrument, aid.rule) == (organisation, instrument, rule):
            aids[at] = msgspec.structs.replace(aid, rate=rate, cap=cap)
            return
    state = context.mapping.settings.funding_state
    aids.append(
        Aid(organisation, *_kind(kind), instrument, len(aids) + 1, rule, rate=rate, cap=cap, state=state)
    )
