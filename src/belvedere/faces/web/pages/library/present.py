"""Cards and unit costs as the pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext, ngettext

from belvedere.domains.library.public import Taken, queries
from belvedere.domains.plans.public import states
from belvedere.faces.web import formats
from belvedere.faces.web.pages.library import words
from belvedere.faces.web.pages.plans import words as plan_words
from belvedere.faces.web.pages.plans.rooms import Room


@dataclass(frozen=True, slots=True)
class Line:
    """A card in the list. `price`: of one unit, "" without."""

    title: str
    language: str
    owner: str
    place: str
    category: str
    quantities: str
    cost: str
    price: str
    rests_on: str
    instance: str
    url: str


@dataclass(frozen=True, slots=True)
class Whole:
    """A card on its page."""

    line: Line
    description: str
    description_language: str
    kind: str
    state: str
    aid: str
    months: tuple[tuple[str, str], ...]
    shared_on: str
    source_url: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class CostRow:
    category: str
    unit: str
    median: str
    range: str
    sources: str
    real: str
    years: str
    kind: str
    url: str


def line(room: Room, card: queries.Card, url: str) -> Line:
    facts = card.facts
    prices = card.unit_costs
    return Line(
        title=words.text(facts.title),
        language=words.language_of(facts.title),
        owner=words.text(facts.owner),
        place=words.text(facts.territory),
        category=words.text(facts.category) or words.kind(facts.kind),
        quantities=", ".join(words.quantity(one) for one in facts.quantities),
        cost=formats.money(facts.cost.amount) if facts.cost else "",
        price=next((words.price(amount, unit) for unit, amount in prices.items()), ""),
        rests_on=words.rests_on(facts.cost) if facts.cost else "",
        instance=card.instance,
        url=url,
    )


def whole(room: Room, card: queries.Card) -> Whole:
    facts = card.facts
    steps = [step.code for step in states.PHASE_SCHEMES[facts.phase_scheme]]
    return Whole(
        line=line(room, card, ""),
        description=words.text(facts.description),
        description_language=words.language_of(facts.description),
        kind=words.kind(facts.kind),
        state=plan_words.implementation(facts.implementation).label,
        aid=formats.money(facts.aid) if facts.aid else "",
        months=tuple(
            (plan_words.phase(facts.phase_scheme, code), _months(facts.months[code]))
            for code in steps
            if code in facts.months
        ),
        shared_on=formats.day(facts.shared_on, "long") if facts.shared_on else "",
        source_url=facts.url,
        is_here=not card.instance,
    )


def _months(number: int) -> str:
    return ngettext("%(n)s month", "%(n)s months", number) % {"n": number}


def finding(number: int, asked: queries.Search) -> str:
    if asked.text:
        said = ngettext("%(n)s measure like “%(text)s”", "%(n)s measures like “%(text)s”", number)
        return said % {"n": formats.number(number), "text": asked.text}
    said = ngettext(
        "%(n)s measure to learn from, with what it cost",
        "%(n)s measures to learn from, with what they cost",
        number,
    )
    return said % {"n": formats.number(number)}


def costs_finding(rows: list[queries.UnitCost]) -> str:
    """The unit cost that rests on most sources, in a sentence."""
    if not rows:
        return gettext("No unit cost yet")
    first = rows[0]
    return gettext("%(category)s: %(price)s in the middle of %(sources)s") % {
        "category": words.text(first.category) or gettext("Without category"),
        "price": words.price(first.median, first.unit),
        "sources": words.sources(first.sources),
    }


def cost_row(one: queries.UnitCost, url: str) -> CostRow:
    asked = urlencode({"category": one.group, "unit": one.unit.value})
    return CostRow(
        category=words.text(one.category) or gettext("Without category"),
        unit=words.per(one.unit),
        median=words.price(one.median, one.unit),
        range=f"{formats.number(one.lowest.amount, 0)}–{formats.number(one.highest.amount, 0)}",
        sources=formats.number(one.sources),
        real=formats.number(one.real),
        years=words.period(*one.years),
        kind=formats.money_kind(one.kind),
        url=f"{url}?{asked}",
    )


def taken(done: Taken) -> str:
    if done.own and not (done.added or done.changed or done.same):
        return gettext("This file comes from this platform: nothing to take in.")
    return gettext("From %(instance)s: %(added)s new, %(changed)s changed, %(same)s as before.") % {
        "instance": done.instance,
        "added": formats.number(done.added),
        "changed": formats.number(done.changed),
        "same": formats.number(done.same),
    }
