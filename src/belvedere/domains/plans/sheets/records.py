"""A whole measure as one value: what a row asks for, what the database holds, what a file carries.

Reading a row, comparing it with the present, taking it, undoing it and writing it to a file all speak of
`Record`. Organisations, plans, categories and places are named by their official code (or identifier), so
that a record means the same in another instance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
import shapely

from belvedere.domains.plans.states import FundingRule, Implementation, MeasureKind


class Estimate(msgspec.Struct, frozen=True):
    version: int
    dated: date
    kind: str
    amount: Decimal
    currency: str
    vat: str
    price_base: str = ""
    eligible: Decimal | None = None
    accuracy: Decimal | None = None
    raw_text: str = ""
    source: str = ""


class Spend(msgspec.Struct, frozen=True):
    year: int
    amount: Decimal
    currency: str
    vat: str
    price_base: str = ""
    scenario: str = "reference"
    nature: str = "investment"
    state: str = "projected"
    span: str = ""  # "before": all up to and including the year; "after": from the year on
    reason: str = ""  # why the amount is negative

    @property
    def key(self) -> tuple[str, int, str, str, str]:
        """What stands once in a measure, in the order of the lists."""
        return self.scenario, self.year, self.span, self.nature, self.state


class Aid(msgspec.Struct, frozen=True):
    """A funding line; `organisation` is an identifier of the territory's organisation."""

    organisation: str
    currency: str
    vat: str
    price_base: str = ""
    instrument: str = ""
    position: int = 1
    rule: str = FundingRule.FIXED.value
    amount: Decimal | None = None
    rate: Decimal | None = None
    cap: Decimal | None = None
    state: str = "considered"
    conditions: str = ""
    tariff: Decimal | None = None
    unit: str = ""
    requested_on: date | None = None
    decided_on: date | None = None
    start_deadline: date | None = None
    claim_deadline: date | None = None
    advance_share: Decimal = Decimal(1)
    lag_years: int = 0
    indexed: bool = False


class Listing(msgspec.Struct, frozen=True):
    """That a plan lists the measure; `plan` is its code, `node` the path of its axis."""

    plan: str
    code: str = ""
    are_code: str = ""
    priority: str = ""
    node: str = ""
    horizon_from: int | None = None
    horizon_to: int | None = None
    start_deadline: date | None = None
    listed_cost: Decimal | None = None
    listed_cost_note: str = ""
    assessed_priority: str = ""
    agreement: str = "not_listed"
    agreement_number: str = ""
    financing_number: str = ""
    financing_date: date | None = None
    contribution: str = "individual"
    claim_deadline: date | None = None
    deadlines_frozen_on: date | None = None
    deadline_source: str = ""


class Step(msgspec.Struct, frozen=True):
    """That the listing in `plan` comes from another: `previous`, a measure, in `previous_plan`."""

    plan: str
    previous: UUID
    previous_plan: str
    relation: str = "same"


class QuantityPart(msgspec.Struct, frozen=True):
    """How much is built; `label` by language."""

    unit: str
    planned: Decimal
    realised: Decimal | None = None
    label: dict[str, str] = {}


class SitePart(msgspec.Struct, frozen=True):
    """`geometry` is WKB in WGS 84, in hexadecimal."""

    geometry: str
    method: str
    name: str = ""
    accuracy_m: float | None = None
    source_crs: str = ""


class PhasePart(msgspec.Struct, frozen=True):
    scheme: str
    code: str
    planned_start: date | None = None
    planned_end: date | None = None
    forecast_start: date | None = None
    forecast_end: date | None = None
    actual_start: date | None = None
    actual_end: date | None = None
    confirmed: bool = False


class Record(msgspec.Struct, frozen=True):
    """A measure. `owner` and the organisations of `aids` are identifiers, or "new:<key>" to be created."""

    title: dict[str, str] = {}
    owner: str = ""
    id: UUID | None = None
    external_id: str = ""
    description: dict[str, str] = {}
    kind: str = MeasureKind.INFRASTRUCTURE.value
    category: str = ""
    phase_scheme: str = "sia112"
    phase: str = ""
    implementation: str = Implementation.NOT_STARTED.value
    published: bool = False
    is_example: bool = False
    estimates: tuple[Estimate, ...] = ()
    spending: tuple[Spend, ...] = ()
    aids: tuple[Aid, ...] = ()
    listings: tuple[Listing, ...] = ()
    sites: tuple[SitePart, ...] = ()
    phases: tuple[PhasePart, ...] = ()
    places: tuple[str, ...] = ()
    quantities: tuple[QuantityPart, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def cost(self) -> Decimal | None:
        """The amount of the newest estimate."""
        return self.estimates[-1].amount if self.estimates else None


LISTS = ("estimates", "spending", "aids", "listings", "sites", "phases", "places", "quantities", "steps")
PLAIN = (
    "title",
    "owner",
    "external_id",
    "description",
    "kind",
    "category",
    "phase_scheme",
    "phase",
    "implementation",
    "published",
    "is_example",
)


class FieldChange(msgspec.Struct, frozen=True):
    """A field that differs, both sides as short texts for people."""

    field: str
    before: str
    after: str


def changes(present: Record, wanted: Record) -> tuple[FieldChange, ...]:
    """What `wanted` changes of `present`, field by field."""
    found: list[FieldChange] = []
    for name in (*PLAIN, *LISTS):
        old, new = getattr(present, name), getattr(wanted, name)
        if old != new:
            found += _change(name, old, new)
    return tuple(found)


def summary(record: Record, owner: str) -> tuple[FieldChange, ...]:
    """What a measure to create is made of, in the few fields by which a person knows it again."""
    days = [
        day for p in record.phases for day in (p.forecast_start or p.planned_start, p.forecast_end) if day
    ]
    found = {
        "owner": owner,
        "cost": _money(record.estimates[-1]) if record.estimates else "",
        "listings": _brief(record.listings),
        "phases": " – ".join(str(day) for day in sorted({min(days), max(days)})) if days else "",
    }
    made = [FieldChange(name, "", text) for name, text in found.items() if text]
    if len(record.spending) > 1 or any(line.span or line.amount < 0 for line in record.spending):
        made += [
            FieldChange(f"spend:{_when(line)}", "", _money(line)) for line in record.spending[:MOST_SHOWN]
        ]
    if len(record.aids) > 1 or any(aid.instrument for aid in record.aids):
        made += [FieldChange(f"aid:{aid.instrument}", "", _money(aid)) for aid in record.aids[:MOST_SHOWN]]
    return tuple(made)


def _when(line: Spend) -> str:
    """“2027”, “≤2026” for all up to it, “≥2032” for all from it on; a negative one bears its reason."""
    return {"before": "≤", "after": "≥"}.get(line.span, "") + str(line.year)


def _change(name: str, old: Any, new: Any) -> Iterable[FieldChange]:
    if name in ("title", "description"):
        for language in sorted({*old, *new}):
            if old.get(language, "") != new.get(language, ""):
                yield FieldChange(
                    f"{name}:{language}", _short(old.get(language, "")), _short(new.get(language, ""))
                )
        return
    if name == "places":
        yield FieldChange(name, _brief(old), _brief(new))
    elif name in _KEYS:
        yield from _parts_changed(name, old, new)
    else:
        yield FieldChange(name, _short(old), _short(new))


# What a part of a list is known by, and the word under which its changes are told.
_KEYS: dict[str, tuple[str, Callable[[Any], tuple[Any, ...]]]] = {
    "estimates": ("estimates", lambda one: (one.version,)),
    "spending": ("spend", lambda one: (_when(one), one.state, one.nature, one.scenario)),
    "aids": ("aid", lambda one: (one.instrument, one.organisation, one.position)),
    "listings": ("listings", lambda one: (one.plan,)),
    "sites": ("sites", lambda one: (one.name,)),
    "phases": ("phases", lambda one: (one.code, one.scheme)),
    "quantities": ("quantities", lambda one: (one.unit,)),
    "steps": ("steps", lambda one: (one.plan, one.previous_plan, one.previous)),
}


def _parts_changed(name: str, old: Any, new: Any) -> Iterable[FieldChange]:
    """Each part that comes or goes, and of those that stay each value that differs."""
    word, key = _KEYS[name]
    if name == "estimates":
        before, after = (old[-1] if old else None), (new[-1] if new else None)
        if _money(before) != _money(after):
            yield FieldChange("cost", _money(before), _money(after))
    for which, one, other in paired(old, new, key):
        field = f"{word}:{which[0]}"
        if one is None or other is None:
            if name != "estimates" or one is not None:  # a new estimate is told as the cost
                yield FieldChange(field, _part(one), _part(other))
            continue
        told = {"amount", "currency", "rate", "tariff"} if hasattr(one, "amount") else set()
        is_last = name == "estimates" and one is old[-1] and other is new[-1]
        if told and _money(one) != _money(other) and not is_last:
            yield FieldChange(field, _money(one), _money(other))
        for attribute in one.__struct_fields__:
            left, right = getattr(one, attribute), getattr(other, attribute)
            if left == right or (attribute in told and _money(one) != _money(other)):
                continue
            place = "eligible" if is_last and attribute == "eligible" else f"{field}:{attribute}"
            yield FieldChange(place, _value(attribute, left), _value(attribute, right))


def paired(old: Iterable[Any], new: Iterable[Any], key: Any) -> list[tuple[Any, Any, Any]]:
    """(key, part before, part after), None where there is none; parts of one key pair up in their order."""
    waiting: dict[Any, list[Any]] = {}
    for one in old:
        waiting.setdefault(key(one), []).append(one)
    pairs = []
    for other in new:
        same = waiting.get(key(other))
        pairs.append((key(other), same.pop(0) if same else None, other))
    pairs += [(which, one, None) for which, rest in waiting.items() for one in rest]
    return sorted(pairs, key=lambda pair: str(pair[0]))


def _value(attribute: str, value: Any) -> str:
    if attribute == "geometry":
        geometry = shapely.from_wkb(bytes.fromhex(value))
        return _short(shapely.to_wkt(geometry, rounding_precision=5, trim=True))
    if isinstance(value, dict):
        return _short(" · ".join(text for _language, text in sorted(value.items()) if text))
    if isinstance(value, bool):
        return "1" if value else "0"
    return _short(f"{value:f}" if isinstance(value, Decimal) else value)


def _money(line: Any) -> str:
    if line is None:
        return ""
    if line.amount is not None:
        return f"{line.amount} {line.currency}"
    if line.tariff is not None:
        return f"{line.tariff} {line.currency} / {line.unit}"
    return f"{line.rate * 100:f} %" if line.rate is not None else str(line.rule)


def _short(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 120 else text[:119] + "…"


def _brief(value: Any) -> str:
    if isinstance(value, tuple):
        return " · ".join(_part(part) for part in value)
    return _short(value)


def _part(part: Any) -> str:
    if part is None:
        return ""
    if isinstance(part, Spend | Aid | Estimate):
        return _money(part)
    if isinstance(part, Listing):
        return " ".join(word for word in (part.plan, part.code, part.priority) if word)
    if isinstance(part, SitePart):
        return part.name or part.method
    if isinstance(part, QuantityPart):
        return f"{part.planned:f} {part.unit}"
    if isinstance(part, Step):
        return f"{part.previous_plan} → {part.plan}"
    if isinstance(part, PhasePart):
        days = [str(day) for day in (part.forecast_start or part.planned_start, part.forecast_end) if day]
        return f"{part.code} {' – '.join(days)}".strip()
    return str(part)


MOST_SHOWN = 24
encoder = msgspec.json.Encoder()
decoder = msgspec.json.Decoder(Record)


def plain(record: Record) -> dict[str, Any]:
    """`record` as JSON-safe values, for the trace of an import."""
    made: dict[str, Any] = msgspec.json.decode(encoder.encode(record))
    return made


def from_plain(value: Any) -> Record:
    """The record that `plain` gave."""
    return msgspec.convert(value, Record, strict=False)
