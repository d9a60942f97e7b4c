"""The frozen facts of a card: what the public page of a measure shows, and nothing else.

They are read as the public (`Actor.public`), so that nothing confidential can come along. Schema 1:
title, description, kind, category, owner, territory (texts by language), country, implementation,
phase_scheme, months (by phase), cost (amount, currency, vat, price_base, basis, dated, accuracy), aid,
quantities (unit, amount, realised), source_id, url, shared_on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.library.errors import NotALibrary
from belvedere.domains.plans.public import follow, page, states, views, vocabulary
from belvedere.domains.territory.public import TerritoryView
from belvedere.kernel.errors import N_, BelvedereError
from belvedere.kernel.identifiers import fold
from belvedere.kernel.money import LARGEST, Kind, Money, Vat

SCHEMA = 1
LONGEST_TITLE, LONGEST_TEXT, LONGEST_NAME, LONGEST_URL = 500, 20_000, 300, 500
LARGEST_QUANTITY = Decimal(10) ** 11
Texts = Mapping[str, str]
E = TypeVar("E", bound=StrEnum)


class Basis(StrEnum):
    """What a cost rests on, the surest first."""

    PAID = "paid"  # every year of a finished measure is paid
    FINAL = "final"  # the final account
    TENDER = "tender"  # the offer that won
    ESTIMATE = "estimate"


REAL = frozenset({Basis.PAID, Basis.FINAL})


@dataclass(frozen=True, slots=True)
class Cost:
    amount: Money
    basis: Basis
    dated: date | None
    accuracy: Decimal | None

    @property
    def year(self) -> int | None:
        return self.dated.year if self.dated else None


@dataclass(frozen=True, slots=True)
class Amount:
    """So much of a unit; `realised`: built, not planned."""

    unit: vocabulary.QuantityUnit
    amount: Decimal
    realised: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """A card, whole."""

    source_id: UUID
    title: Texts
    description: Texts
    kind: states.MeasureKind
    category: Texts
    owner: Texts
    territory: Texts
    country: str
    implementation: states.Implementation
    phase_scheme: str
    months: Mapping[str, int] = field(default_factory=dict)
    cost: Cost | None = None
    aid: Money | None = None
    quantities: tuple[Amount, ...] = ()
    url: str = ""
    shared_on: date | None = None

    @property
    def unit_costs(self) -> dict[vocabulary.QuantityUnit, Money]:
        """The cost of one unit, where the measure is counted in one unit only."""
        if self.cost is None or len(self.quantities) != 1:
            return {}
        one = self.quantities[0]
        return {one.unit: self.cost.amount.times(Decimal(1) / one.amount)}

    @property
    def search(self) -> str:
        texts = (self.title, self.category, self.owner, self.territory, self.description)
        return fold(" ".join(text for each in texts for text in each.values()))[:10_000]

    @property
    def group(self) -> str:
        """What its unit costs are compared within: the category, in one language."""
        return fold(next((self.category[one] for one in ("fr", "de", "en") if self.category.get(one)), ""))[
            :120
        ]


def public_facts(measure_id: UUID, territory: TerritoryView, *, url: str, day: date) -> Facts:
    """What everyone may read of a published measure; NoSuchMeasure of any other."""
    public = Actor.public()
    view = page.measure_page(public, measure_id, language="fr", territory_id=territory.id)
    followed = follow.followed(public, measure_id, "fr", territory_id=territory.id)
    return Facts(
        source_id=measure_id,
        title=dict(view.title),
        description=dict(view.description),
        kind=states.MeasureKind(view.kind),
        category=dict(view.category_name),
        owner=dict(view.owner_name),
        territory=dict(territory.names),
        country=territory.country,
        implementation=view.implementation,
        phase_scheme=view.phase_scheme,
        months=_months(view.phases),
        cost=_cost(view),
        aid=view.aid if view.cost is not None else None,
        quantities=_quantities(followed.quantities, view.implementation),
        url=url[:LONGEST_URL],
        shared_on=day,
    )


def _months(phases: Iterable[views.PhaseView]) -> dict[str, int]:
    """How long each phase lasts, really or as expected."""
    found = {}
    for phase in phases:
        for start, end in (phase.actual, phase.forecast, phase.planned):
            if start and end:
                found[phase.code] = max(1, round((end - start).days / 30.44))
                break
    return found


def _cost(view: views.MeasureView) -> Cost | None:
    """The money really paid where all of it is, else the newest estimate with what it rests on."""
    if not view.estimates:
        return None
    newest = view.estimates[0]
    lines = [line for line in view.spending if line.amount]
    kinds = {line.amount.kind for line in lines}
    paid = all(line.state is states.SpendState.PAID for line in lines)
    if view.implementation is states.Implementation.DONE and lines and paid and len(kinds) == 1:
        amount = Money(sum((line.amount.amount for line in lines), Decimal(0)), kinds.pop())
        return Cost(amount, Basis.PAID, date(max(line.year for line in lines), 12, 31), None)
    basis = {
        states.EstimateKind.FINAL: Basis.FINAL,
        states.EstimateKind.TENDER: Basis.TENDER,
    }.get(newest.kind, Basis.ESTIMATE)
    return Cost(newest.amount, basis, newest.dated, newest.accuracy)


def _quantities(
    found: Iterable[follow.QuantityView], implementation: states.Implementation
) -> tuple[Amount, ...]:
    """By unit; what is built of a finished measure, else what is planned."""
    done = implementation is states.Implementation.DONE
    sums: dict[vocabulary.QuantityUnit, Decimal] = defaultdict(Decimal)
    built: dict[vocabulary.QuantityUnit, bool] = defaultdict(lambda: True)
    for one in found:
        real = done and one.realised is not None and one.realised > 0
        sums[one.unit] += one.realised if real and one.realised is not None else one.planned
        built[one.unit] &= real
    return tuple(Amount(unit, sums[unit], built[unit]) for unit in sorted(sums) if sums[unit] > 0)


def written(facts: Facts) -> dict[str, Any]:
    """As plain values, for the column and the file."""
    return {
        "source_id": str(facts.source_id),
        "title": dict(facts.title),
        "description": dict(facts.description),
        "kind": facts.kind.value,
        "category": dict(facts.category),
        "owner": dict(facts.owner),
        "territory": dict(facts.territory),
        "country": facts.country,
        "implementation": facts.implementation.value,
        "phase_scheme": facts.phase_scheme,
        "months": dict(facts.months),
        "cost": None
        if facts.cost is None
        else {
            **_money_written(facts.cost.amount),
            "basis": facts.cost.basis.value,
            "dated": facts.cost.dated.isoformat() if facts.cost.dated else None,
            "accuracy": None if facts.cost.accuracy is None else str(facts.cost.accuracy),
        },
        "aid": None if facts.aid is None else _money_written(facts.aid),
        "quantities": [
            {"unit": one.unit.value, "amount": str(one.amount), "realised": one.realised}
            for one in facts.quantities
        ],
        "url": facts.url,
        "shared_on": facts.shared_on.isoformat() if facts.shared_on else None,
    }


def _money_written(money: Money) -> dict[str, str]:
    return {
        "amount": str(money.amount),
        "currency": money.currency,
        "vat": money.kind.vat.value,
        "price_base": money.kind.price_base,
    }


def read(given: object) -> Facts:
    """The facts of plain values that somebody else wrote: checked one by one.

    Raises:
        NotALibrary: something is missing, of another form or out of bounds; `data["field"]` says what.
    """
    row = _mapping(given, "measure")
    title = _texts(row, "title", LONGEST_TITLE)
    if not title:
        raise _bad("title")
    quantities = row.get("quantities") or []
    if not isinstance(quantities, list) or len(quantities) > 20:
        raise _bad("quantities")
    amounts = tuple(_amount(one) for one in quantities)
    if len({one.unit for one in amounts}) != len(amounts):
        raise _bad("quantities")
    return Facts(
        source_id=_uuid(row.get("source_id")),
        title=title,
        description=_texts(row, "description", LONGEST_TEXT),
        kind=_one_of(states.MeasureKind, row.get("kind"), "kind"),
        category=_texts(row, "category", LONGEST_NAME),
        owner=_texts(row, "owner", LONGEST_NAME),
        territory=_texts(row, "territory", LONGEST_NAME),
        country=_text(row.get("country", ""), "country", 2),
        implementation=_one_of(states.Implementation, row.get("implementation"), "implementation"),
        phase_scheme=_scheme(row.get("phase_scheme")),
        months=_read_months(row),
        cost=_read_cost(row.get("cost")),
        aid=None if row.get("aid") is None else _money(row["aid"], "aid"),
        quantities=amounts,
        url=_url(row.get("url", "")),
        shared_on=_day(row.get("shared_on"), "shared_on"),
    )


def _bad(name: str) -> NotALibrary:
    return NotALibrary(
        N_("This file is not a library: “{field}” is missing or has another form. Nothing was taken in."),
        field=name,
    )


def _mapping(given: object, name: str) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise _bad(name)
    return given


def _text(given: object, name: str, longest: int) -> str:
    if not isinstance(given, str) or len(given) > longest or "\x00" in given:
        raise _bad(name)
    return given


def _texts(row: Mapping[str, Any], name: str, longest: int) -> dict[str, str]:
    found = {}
    for language, text in _mapping(row.get(name) or {}, name).items():
        if not (isinstance(language, str) and language.isalpha() and len(language) == 2):
            raise _bad(name)
        found[language] = _text(text, name, longest)
    return {language: text for language, text in found.items() if text.strip()}


def _uuid(given: object) -> UUID:
    try:
        return UUID(str(given))
    except ValueError:
        raise _bad("source_id") from None


def _one_of(words: type[E], given: object, name: str) -> E:
    try:
        return words(str(given))
    except ValueError:
        raise _bad(name) from None


def _scheme(given: object) -> str:
    if not isinstance(given, str) or given not in states.PHASE_SCHEMES:
        raise _bad("phase_scheme")
    return given


def _read_months(row: Mapping[str, Any]) -> dict[str, int]:
    codes = {step.code for step in states.PHASE_SCHEMES[_scheme(row.get("phase_scheme"))]}
    found = {}
    for code, months in _mapping(row.get("months") or {}, "months").items():
        if code not in codes or not isinstance(months, int) or not 0 < months <= 600:
            raise _bad("months")
        found[code] = months
    return found


def _url(given: object) -> str:
    url = _text(given, "url", LONGEST_URL)
    if url and not url.startswith(("https://", "http://")):
        raise _bad("url")
    return url


def _day(given: object, name: str) -> date | None:
    if given is None:
        return None
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        raise _bad(name) from None


def _decimal(given: object, name: str, most: Decimal) -> Decimal:
    try:
        found = Decimal(_text(given, name, 40))
    except InvalidOperation:
        raise _bad(name) from None
    if not found.is_finite() or not 0 <= found < most:
        raise _bad(name)
    return found


def _money(given: object, name: str) -> Money:
    row = _mapping(given, name)
    try:
        kind = Kind(
            _text(row.get("currency"), name, 3),
            _one_of(Vat, row.get("vat"), name),
            _text(row.get("price_base", ""), name, 7),
        )
        return Money(_decimal(row.get("amount"), name, LARGEST), kind)
    except NotALibrary:
        raise
    except BelvedereError:
        raise _bad(name) from None


def _read_cost(given: object) -> Cost | None:
    if given is None:
        return None
    row = _mapping(given, "cost")
    accuracy = row.get("accuracy")
    return Cost(
        _money(row, "cost"),
        _one_of(Basis, row.get("basis"), "cost"),
        _day(row.get("dated"), "cost"),
        None if accuracy is None else _decimal(accuracy, "cost", Decimal(10)),
    )


def _amount(given: object) -> Amount:
    row = _mapping(given, "quantities")
    amount = _decimal(row.get("amount"), "quantities", LARGEST_QUANTITY)
    if amount <= 0 or not isinstance(row.get("realised"), bool):
        raise _bad("quantities")
    amount = amount.quantize(Decimal("0.001"))
    if amount <= 0:
        raise _bad("quantities")
    return Amount(_one_of(vocabulary.QuantityUnit, row.get("unit"), "quantities"), amount, row["realised"])
