"""The money of one measure as its page shows it, each number with how it came about."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext

from belvedere.domains.plans.public import states, views, vocabulary
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans import cash, findings, follow_words, words
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.faces.web.pages.plans.rows import MILLION, Amount, Scale, amount, written
from belvedere.kernel.money import Kind, Money, split

COLOURS = ("--bv-d1", "--bv-d3", "--bv-d5", "--bv-d2", "--bv-d4", "--bv-d6", "--bv-d7")


@dataclass(frozen=True, slots=True)
class EstimateLine:
    view: views.EstimateView
    kind: str
    amount: Amount
    caption: str
    current: bool
    low: Amount | None  # the two ends of the accuracy
    high: Amount | None


@dataclass(frozen=True, slots=True)
class YearLine:
    year: str  # "2028", "up to 2027", "from 2036 on"
    why: str  # of a negative amount
    state: str
    cost: Amount
    aid: Amount
    net: Amount
    other: str


@dataclass(frozen=True, slots=True)
class FundingLine:
    view: views.FundingView
    rule: str
    state: words.Word
    colour: str
    amount: Amount | None
    share: Decimal | None  # in whole percents that add up to 100 with the owner's
    calendar: str
    deadlines: str
    edit_url: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class Account:
    """The money of a measure; `scale` says how all amounts are written that do not say otherwise."""

    scale: Scale
    estimates: tuple[EstimateLine, ...]  # oldest first, as a curve reads
    estimate_finding: str
    comparable: bool
    years: tuple[YearLine, ...]
    year_total: Amount | None
    funding: tuple[FundingLine, ...]
    own_share: Decimal | None
    accuracy: Decimal | None


def account_of(room: Room, view: views.MeasureView, owner: str) -> Account:
    kind = _kind_of(room, view)
    largest = max((e.amount.amount for e in view.estimates), default=Decimal(0))
    scale = Scale(kind, millions=largest >= MILLION)
    shares, own = _shares(view)
    comparable = len(view.estimates) > 1 and len({e.amount.kind for e in view.estimates}) == 1
    estimates = [_estimate(estimate, scale, at == 0) for at, estimate in enumerate(view.estimates)]
    return Account(
        scale=scale,
        estimates=tuple(reversed(estimates)),
        estimate_finding=_estimate_finding(view.estimates),
        comparable=comparable,
        years=tuple(_year(line, scale) for line in view.spending),
        year_total=_year_total(view, scale),
        funding=tuple(
            _funding(room, view, at, line, scale, share)
            for at, (line, share) in enumerate(zip(view.funding, shares, strict=True))
        ),
        own_share=own,
        accuracy=view.estimates[0].accuracy if view.estimates else None,
    )


def _shares(view: views.MeasureView) -> tuple[list[Decimal | None], Decimal | None]:
    """What each line pays of the cost and what the owner does, in whole percents that add up to 100."""
    if view.cost is None or view.net is None or not view.cost.amount:
        return [None] * len(view.funding), None
    cost = view.cost.amount
    counted = [Decimal(0) if line.lost or line.unlike else line.resolved.amount for line in view.funding]
    if view.net.amount < 0:
        return [amount_ / cost for amount_ in counted], view.net.amount / cost
    *others, own = split(Decimal(1), [*counted, view.net.amount])
    return list(others), own


def _kind_of(room: Room, view: views.MeasureView) -> Kind:
    """The money of the measure: of its cost, else of its years, else that of the territory."""
    if view.cost is not None:
        return view.cost.kind
    if view.spending:
        return view.spending[0].amount.kind
    return Kind(room.territory.currency)


def _estimate(estimate: views.EstimateView, scale: Scale, current: bool) -> EstimateLine:
    accuracy = estimate.accuracy
    return EstimateLine(
        estimate,
        words.estimate_kind(estimate.kind),
        written(estimate.amount, scale),
        formats.money_kind(estimate.amount.kind),
        current,
        None if accuracy is None else written(estimate.amount.times(1 - accuracy), scale),
        None if accuracy is None else written(estimate.amount.times(1 + accuracy), scale),
    )


def _estimate_finding(estimates: tuple[views.EstimateView, ...]) -> str:
    """“The cost has risen by 28 % since 2021”; unlike estimates are never compared."""
    if len(estimates) < 2:
        return ""
    newest = estimates[0]
    like = [estimate for estimate in estimates if estimate.amount.kind == newest.amount.kind]
    if len(like) < 2:
        return gettext("The estimates are in different money: they are not compared")
    oldest = like[-1]
    since = oldest.dated.year
    if not oldest.amount.amount or oldest.amount == newest.amount:
        return gettext("The cost is the same as in %(year)s") % {"year": since}
    change = newest.amount.amount / oldest.amount.amount - 1
    said = {"share": formats.percent(abs(change)), "year": since}
    if change > 0:
        return gettext("The cost has risen by %(share)s since %(year)s") % said
    return gettext("The cost has fallen by %(share)s since %(year)s") % said


def _year(line: views.SpendingView, scale: Scale) -> YearLine:
    other = "" if line.amount.kind == scale.kind else formats.money_kind(line.amount.kind)
    return YearLine(
        covered(line),
        line.reason,
        words.spend_state(line.state),
        written(line.amount, scale),
        written(line.aid, scale),
        written(line.net, scale),
        other,
    )


def covered(line: views.SpendingView) -> str:
    """The year of a yearly amount, or the years of a bucket; whether it is not built but run."""
    said = str(line.year)
    if line.span is vocabulary.Span.BEFORE:
        said = gettext("up to %(year)s") % {"year": line.year}
    if line.span is vocabulary.Span.AFTER:
        said = gettext("from %(year)s on") % {"year": line.year}
    return f"{said}, {gettext('operation')}" if line.nature == vocabulary.Nature.OPERATION else said


def _year_total(view: views.MeasureView, scale: Scale) -> Amount | None:
    like = [line.amount for line in view.spending if line.amount.kind == scale.kind]
    if not like:
        return None
    total = like[0]
    for money in like[1:]:
        total = total + money
    return amount(total, scale)


def _funding(
    room: Room,
    view: views.MeasureView,
    at: int,
    line: views.FundingView,
    scale: Scale,
    share: Decimal | None,
) -> FundingLine:
    able = room.is_cockpit and "edit_money" in view.may

    def url(part: str, item: UUID) -> str:
        return room.url("edit_item", measure_id=view.id, part=part, item=item) if able else ""

    return FundingLine(
        line,
        rule_in_words(line, view, scale),
        words.funding_state(line.state),
        COLOURS[at % len(COLOURS)],
        None if line.lost or line.unlike else amount(line.resolved, scale),
        share,
        cash.calendar_in_words(line),
        _deadlines(line) if room.is_cockpit else "",
        url("funding", line.id),
        url("remove-funding", line.id),
    )


def _deadlines(line: views.FundingView) -> str:
    said = []
    if line.start_deadline:
        said.append(gettext("works to start by %(day)s") % {"day": formats.day(line.start_deadline, "short")})
    if line.claim_deadline:
        said.append(
            gettext("aid to be claimed by %(day)s") % {"day": formats.day(line.claim_deadline, "short")}
        )
    return ", ".join(said)


def _short(money: Money, scale: Scale) -> str:
    """An amount inside a sentence; its money is said where it is not that of the page."""
    if money.kind == scale.kind:
        return formats.money(money, form=scale.form, unit=False)
    return f"{formats.money(money)} ({findings.base(money.price_base)})"


def rule_in_words(line: views.FundingView, view: views.MeasureView, scale: Scale) -> str:
    """“35 % of the eligible cost (8.11), capped at 3.20”."""
    said = _rule(line, view, scale)
    if line.lost:
        return gettext("%(rule)s; kept for the record, brings nothing") % {"rule": said}
    if line.unlike:
        return gettext("%(rule)s; in other money than the cost, not counted") % {"rule": said}
    return said


def _rule(line: views.FundingView, view: views.MeasureView, scale: Scale) -> str:
    if line.rule == states.FundingRule.FIXED and line.amount is not None:
        return gettext("fixed amount, %(amount)s") % {"amount": _short(line.amount, scale)}
    if line.rule == states.FundingRule.RESIDUAL:
        return gettext("takes what is left")
    if line.rule == states.FundingRule.LUMP and line.tariff is not None:
        unit = gettext(follow_words.UNITS_SHORT[vocabulary.QuantityUnit(line.unit)])
        tariff = formats.money(line.tariff, form="full", unit=line.tariff.kind != scale.kind)
        return _capped(gettext("%(tariff)s a %(unit)s") % {"tariff": tariff, "unit": unit}, line, scale)
    rate = line.rate or Decimal(0)
    places = 0 if rate * 100 == int(rate * 100) else 1 if rate * 1000 == int(rate * 1000) else 2
    share = formats.percent(rate, places)
    eligible = view.estimates[0].eligible if view.estimates else None
    if line.rule == states.FundingRule.FILL_UP:
        said = gettext("fills the aid up to %(share)s of the eligible cost") % {"share": share}
    elif eligible is not None:
        said = gettext("%(share)s of the eligible cost (%(amount)s)") % {
            "share": share,
            "amount": _short(eligible, scale),
        }
    else:
        said = gettext("%(share)s of the cost") % {"share": share}
    return _capped(said, line, scale)


def _capped(said: str, line: views.FundingView, scale: Scale) -> str:
    if line.cap is None:
        return said
    cap = _short(line.cap, scale)
    if line.capped:
        return gettext("%(rule)s, held at the cap of %(cap)s") % {"rule": said, "cap": cap}
    return gettext("%(rule)s, cap %(cap)s") % {"rule": said, "cap": cap}
