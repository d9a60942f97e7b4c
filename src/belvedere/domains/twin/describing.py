"""Descriptions of kinds of things, read once from `vocabulary/*.toml`: one file for each kind.

They follow the Smart Data Models (their types, terms and IRIs); labels, bounds and thresholds are ours.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from belvedere.domains.twin.states import ValueType
from belvedere.domains.twin.units import UNITS

FOLDER = Path(__file__).with_name("vocabulary")
COMMON = "_common.toml"
CORE = "https://uri.etsi.org/ngsi-ld/"
DEFAULT = "https://uri.etsi.org/ngsi-ld/default-context/"
LANGUAGES = ("fr", "de", "en")
#: What an attribute is called that tells what is expected of another one.
FORECAST = {"fr": "{label} (prévision)", "de": "{label} (Vorhersage)", "en": "{label} (forecast)"}
SHAPES = frozenset({"circle", "square", "diamond", "hexagon", "triangle"})
Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AttributeDescription:
    """What an attribute of a kind says. Bounds and thresholds are in `unit`, inclusive.

    `values`: labels of the words that a text may be. `percent`: a share that is shown as a percentage.
    `still_h`: hours for which a true value may stay the very same; None where any time may be true.
    `forecast`: the term that says what is expected of it, "" without one; `forecast_of`: whose it is.
    """

    term: str
    iri: str
    labels: Labels
    kind: ValueType = ValueType.NUMBER
    relationship: bool = False
    unit: str = ""
    percent: bool = False
    low: float | None = None
    high: float | None = None
    watch_low: float | None = None
    watch_high: float | None = None
    alarm_low: float | None = None
    alarm_high: float | None = None
    watch_values: tuple[str, ...] = ()
    alarm_values: tuple[str, ...] = ()
    values: Mapping[str, Labels] = field(default_factory=dict)
    still_h: int | None = None
    forecast: str = ""
    forecast_of: str = ""

    def label(self, language: str) -> str:
        return self.labels.get(language, self.labels["en"])


@dataclass(frozen=True, slots=True)
class Description:
    """A kind of thing. `icon` is a Tabler icon, `colour` a token of the design; `expected_s`: how often such
    a thing usually tells (None: at events only); `main`: the attribute shown first, "" without one; `usual`:
    what a device tells unless someone says otherwise."""

    slug: str
    type_term: str
    type_iri: str
    icon: str
    shape: str
    colour: str
    labels: Labels
    plural: Labels
    expected_s: int | None
    main: str
    usual: tuple[str, ...]
    attributes: Mapping[str, AttributeDescription]

    def label(self, language: str) -> str:
        return self.labels.get(language, self.labels["en"])


@cache
def descriptions() -> Mapping[str, Description]:
    """Every description by slug, in the order of the slugs; read once a process."""
    common = tomllib.loads((FOLDER / COMMON).read_text(encoding="utf-8"))["attributes"]
    found = {}
    for file in sorted(FOLDER.glob("[a-z]*.toml")):
        read = _description(tomllib.loads(file.read_text(encoding="utf-8")), common)
        if read.slug != file.stem:
            raise ValueError(f"{file.name} describes {read.slug}")
        found[read.slug] = read
    return MappingProxyType(found)


@cache
def kind_of_type(type_iri: str) -> str:
    """The slug of the description of a type, "" for a type that has none."""
    return next((slug for slug, one in descriptions().items() if one.type_iri == type_iri), "")


def expand_term(kind: str, term: str) -> str:
    """The IRI of a term of a kind. An IRI stays; a term that nothing describes is in the default context."""
    if ":" in term:
        return term
    described = descriptions().get(kind)
    known = described.attributes.get(term) if described is not None else None
    return known.iri if known is not None else f"{DEFAULT}{term}"


def _description(raw: Mapping[str, Any], common: Mapping[str, Any]) -> Description:
    model = str(raw["model"])
    attributes = {
        term: _attribute(term, model, one)
        for term, one in {**raw["attributes"], **_rest(raw, common)}.items()
    }
    attributes |= {one.forecast: _expected(one) for one in attributes.values() if one.forecast}
    read = Description(
        slug=raw["slug"],
        type_term=raw["type"],
        type_iri=model + raw["type"],
        icon=raw["icon"],
        shape=raw["shape"],
        colour=raw["colour"],
        labels=_labels(raw["labels"]),
        plural=_labels(raw["plural"]),
        expected_s=raw.get("expected_s"),
        main=raw.get("main", ""),
        usual=tuple(raw["usual"]),
        attributes=MappingProxyType(attributes),
    )
    unknown = {*read.usual, *([read.main] if read.main else [])} - set(attributes)
    if unknown or read.shape not in SHAPES:
        raise ValueError(f"{read.slug}: not described: {sorted(unknown)}, shape {read.shape}")
    return read


def _rest(raw: Mapping[str, Any], common: Mapping[str, Any]) -> Mapping[str, Any]:
    return {term: one for term, one in common.items() if term not in raw["attributes"]}


def _attribute(term: str, model: str, raw: Mapping[str, Any]) -> AttributeDescription:
    unit = raw.get("unit", "")
    if unit and unit not in UNITS:
        raise ValueError(f"{term}: the unit {unit} is not known")
    return AttributeDescription(
        term=term,
        iri=raw.get("iri", model + term),
        labels=_labels(raw["labels"]),
        kind=ValueType(raw.get("kind", "number")),
        relationship=raw.get("relationship", False),
        unit=unit,
        percent=raw.get("percent", False),
        low=raw.get("min"),
        high=raw.get("max"),
        watch_low=raw.get("watch_low"),
        watch_high=raw.get("watch_high"),
        alarm_low=raw.get("alarm_low"),
        alarm_high=raw.get("alarm_high"),
        watch_values=tuple(raw.get("watch_values", ())),
        alarm_values=tuple(raw.get("alarm_values", ())),
        values=MappingProxyType({key: _labels(labels) for key, labels in raw.get("values", {}).items()}),
        still_h=raw.get("still_h"),
        forecast=f"{term}Forecast" if raw.get("forecast") else "",
    )


def _expected(of: AttributeDescription) -> AttributeDescription:
    """The attribute that says what is expected of another one: no data model has a term for it."""
    return AttributeDescription(
        term=of.forecast,
        iri=f"{DEFAULT}{of.forecast}",
        labels={language: text.format(label=of.labels[language]) for language, text in FORECAST.items()},
        kind=ValueType.OBJECT,
        unit=of.unit,
        percent=of.percent,
        low=of.low,
        high=of.high,
        forecast_of=of.term,
    )


def _labels(raw: Mapping[str, str]) -> Labels:
    if tuple(raw) != LANGUAGES:
        raise ValueError(f"labels are wanted in {LANGUAGES}: {dict(raw)}")
    return MappingProxyType(dict(raw))
