"""The library as people read it, in the reader's language."""

from __future__ import annotations

from django.utils.translation import get_language, gettext, ngettext

from belvedere.domains.library.public import facts, queries
from belvedere.domains.plans.public import states, vocabulary
from belvedere.domains.territory.public import name_in
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans import words as plan_words
from belvedere.faces.web.pages.plans.follow_words import UNITS, UNITS_SHORT
from belvedere.kernel.errors import N_
from belvedere.kernel.money import Money

BASES: dict[facts.Basis, str] = {
    facts.Basis.PAID: N_("really paid"),
    facts.Basis.FINAL: N_("final account"),
    facts.Basis.TENDER: N_("offer retained"),
    facts.Basis.ESTIMATE: N_("estimate"),
}
ONE: dict[vocabulary.QuantityUnit, str] = {
    vocabulary.QuantityUnit.METRE: "m",
    vocabulary.QuantityUnit.SQUARE_METRE: "m²",
    vocabulary.QuantityUnit.PIECE: N_("piece"),
    vocabulary.QuantityUnit.PLACE: N_("place (one)"),
    vocabulary.QuantityUnit.TREE: N_("tree"),
    vocabulary.QuantityUnit.DWELLING: N_("dwelling"),
    vocabulary.QuantityUnit.KILOWATT: "kW",
}

# in the journal
VERBS = {
    "library.share_measure": N_("shared the measure in the library"),
    "library.withdraw_measure": N_("withdrew the measure from the library"),
    "library.start_from": N_("started from a measure of the library"),
    "library.import_library": N_("took in the library of another platform"),
}


def text(texts: facts.Texts) -> str:
    """In the reader's language, else in one there is."""
    return name_in(dict(texts), (get_language() or "fr")[:2])


def language_of(texts: facts.Texts) -> str:
    """The language of what `text` gives, "" where it is the reader's."""
    shown = text(texts)
    found = next((code for code, one in texts.items() if one == shown), "")
    return "" if found == (get_language() or "fr")[:2] else found


def kind(value: states.MeasureKind) -> str:
    return gettext(plan_words.KINDS[value])


def unit(value: vocabulary.QuantityUnit) -> str:
    return gettext(UNITS[value])


def per(value: vocabulary.QuantityUnit) -> str:
    said = ONE[value]
    return said if value in UNITS_SHORT and said in ("m", "m²", "kW") else gettext(said)


def basis(value: facts.Basis) -> str:
    return gettext(BASES[value])


def quantity(one: facts.Amount) -> str:
    said = UNITS_SHORT[one.unit]
    shown = said if said in ("m", "m²", "kW") else gettext(said)
    return f"{formats.number(one.amount)}{formats.HARD}{shown}"


def price(amount: Money, of: vocabulary.QuantityUnit) -> str:
    """“1,900 CHF/m”."""
    form = "full" if amount.amount >= 100 else "cents"
    return f"{formats.money(amount, form=form)}/{per(of)}"


def rests_on(cost: facts.Cost) -> str:
    """“estimate of 2025, without VAT, prices of October 2025, not indexed”."""
    said = [
        gettext("%(basis)s of %(year)s") % {"basis": basis(cost.basis), "year": cost.year}
        if cost.year
        else basis(cost.basis)
    ]
    said.append(formats.money_kind(cost.amount.kind).partition(", ")[2])
    said.append(gettext("not indexed"))
    return ", ".join(said)


def sources(number: int) -> str:
    return ngettext("%(n)s measure", "%(n)s measures", number) % {"n": formats.number(number)}


def your_quantity(value: vocabulary.QuantityUnit) -> str:
    return gettext("Your quantity, in %(unit)s") % {"unit": unit(value)}


def proposal(card: queries.Card) -> str:
    """What the estimate will be made of."""
    prices = card.unit_costs
    if not prices:
        return gettext("The card has no cost, so no estimate is proposed.")
    of, amount = next(iter(prices.items()))
    return gettext("The estimate proposed is %(price)s times your quantity, with its source.") % {
        "price": price(amount, of)
    }


def period(first: int | None, last: int | None) -> str:
    if first is None or last is None:
        return ""
    return str(first) if first == last else f"{first}–{last}"
