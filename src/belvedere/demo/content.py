"""The demo's content as values, read from the JSON files in `data`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

DATA = Path(__file__).with_name("data")
AGGLOMERATION = ("soft", "transport", "settlement", "villages", "fifth")
INTERCOMMUNAL = ("valley", "hills")
COMMUNAL = ("sion", "sierre", "conthey", "noble")

CATEGORIES: dict[str, tuple[str, str]] = {
    "velo": ("Mobilité douce", "Fuss- und Veloverkehr"),
    "interface": ("Interfaces multimodales", "Verkehrsdrehscheiben"),
    "rail": ("Rail", "Bahn"),
    "bus": ("Bus", "Bus"),
    "cable": ("Liaisons par câble", "Seilbahnen"),
    "rue": ("Espaces de rue", "Strassenräume"),
    "securite": ("Sécurité des traversées", "Sicherheit der Ortsdurchfahrten"),
    "trafic": ("Gestion du trafic", "Verkehrsmanagement"),
    "parking": ("Stationnement", "Parkierung"),
    "urbanisation": ("Urbanisation", "Siedlung"),
    "paysage": ("Paysage et nature", "Landschaft und Natur"),
    "batiments": ("Bâtiments publics", "Öffentliche Bauten"),
    "eaux": ("Eaux et réseaux", "Wasser und Werkleitungen"),
    "energie": ("Énergie", "Energie"),
    "ouvrages": ("Ouvrages d’art", "Kunstbauten"),
}

# Who pays by law or fund; other payers take part in the measure.
PAYING_BODIES = frozenset({"canton", "confederation", "agglo"})

# Axis of the programme -> names; a measure's code starts with its axis.
AXES: dict[str, tuple[str, str]] = {
    "U": ("Urbanisation", "Siedlung"),
    "P": ("Paysage", "Landschaft"),
    "TP": ("Transports publics et interfaces", "Öffentlicher Verkehr und Drehscheiben"),
    "MD": ("Mobilité douce", "Fuss- und Veloverkehr"),
    "TIM": ("Route, stationnement et sécurité", "Strasse, Parkierung und Sicherheit"),
    "G": ("Pilotage", "Steuerung"),
}

# Axis of the intercommunal master plan -> names and the categories it holds.
FIELDS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "A": ("Eau, déchets et dangers naturels", "Wasser, Abfall und Naturgefahren", ("eaux",)),
    "B": ("Énergie", "Energie", ("energie",)),
    "C": (
        "Déplacements",
        "Verkehr",
        ("velo", "interface", "rail", "bus", "cable", "rue", "securite", "trafic", "parking", "ouvrages"),
    ),
    "D": ("Équipements et urbanisation", "Öffentliche Bauten und Siedlung", ("batiments", "urbanisation")),
    "E": ("Nature et paysage", "Natur und Landschaft", ("paysage",)),
}


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune as it is: name, official number, where its name is written, people."""

    key: str
    bfs: str
    names: Mapping[str, str]
    at: tuple[float, float]
    people: int


@dataclass(frozen=True, slots=True)
class Idea:
    """A measure as its author wrote it: `thousands` of francs, `codes` by generation with the priority.

    `spending` (thousands by year, "b" before and "a" after) and `funding` are derived where they are None.
    `listed` are other plans with their codes, `comes_from` how and from which codes of the generation before.
    """

    key: str
    titles: Mapping[str, str]
    category: str
    kind: str
    owner: str
    thousands: int
    years: tuple[int, int]
    sites: tuple[str, ...]
    published: bool
    descriptions: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    spending: Mapping[str, int] | None = None
    funding: tuple[Mapping[str, Any], ...] | None = None
    listed: Mapping[str, str] = field(default_factory=dict)
    works: date | None = None
    quantities: Mapping[str, int] = field(default_factory=dict)
    relation: str = "same"
    comes_from: tuple[str, ...] = ()
    lump: bool = False


def _read(name: str) -> Any:
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


@cache
def communes() -> tuple[Commune, ...]:
    return tuple(
        Commune(
            row["key"],
            row["bfs"],
            {language: row[language] for language in ("fr", "de") if language in row},
            (row["at"][0], row["at"][1]),
            row["people"],
        )
        for row in _read("communes")
    )


@cache
def anchors() -> dict[str, tuple[float, float]]:
    """Where things are: name -> longitude, latitude."""
    return {name: (at[0], at[1]) for name, at in _read("anchors").items()}


def waters() -> Any:
    return _read("waters")


def roads() -> list[dict[str, Any]]:
    """The invented roads: a name, for some a number, and the anchors they run through."""
    found: list[dict[str, Any]] = _read("roads")
    return found


@cache
def agglomeration() -> tuple[Idea, ...]:
    """The measures of the two generations of the agglomeration programme."""
    rows = [row for name in AGGLOMERATION for row in _read(f"agglomeration_{name}")]
    cycling = (f"PDI-2{number:02d}" for number in range(1, 100))
    own = (f"AG-{number:02d}" for number in range(1, 100))
    return tuple(_idea(row, listed=_also_in(row, cycling, own)) for row in rows)


def _also_in(row: dict[str, Any], cycling: Iterator[str], own: Iterator[str]) -> dict[str, str]:
    """The agglomeration's cycling routes stand in the master plan too, Sion's measures in its own."""
    listed = {}
    if row["cat"] in ("velo", "interface") or row["k"] > 15_000:
        listed["PDI"] = next(cycling)
    if row["o"] == "sion":
        within = row["y"][0] <= 2030 and row["y"][1] >= 2027
        listed["PQ-SION" if within else "PDC-SION"] = next(own)
    return listed


@cache
def intercommunal() -> tuple[Idea, ...]:
    """What the communes, the canton and the agglomeration plan together, beside the programme."""
    rows = [row for name in INTERCOMMUNAL for row in _read(f"intercommunal_{name}")]
    numbered = ((f"PDI-{number:03d}", row) for number, row in enumerate(rows, start=1))
    return tuple(_idea(row, code, {"PDI": code}) for code, row in numbered)


PLAN_OF = {"sierre": "PPI-SIERRE", "conthey": "PPI-CONTHEY", "noble": "PDC-NOBLE"}


@cache
def communal(commune: str) -> tuple[Idea, ...]:
    """The measures of a commune's own plans."""
    made = []
    for number, row in enumerate(_read(commune), start=1):
        code = f"{commune.upper()[:3]}-{number:02d}"
        made.append(_idea(row, code, {row.get("plan") or PLAN_OF[commune]: code, **row.get("in", {})}))
    return tuple(made)


def everything() -> tuple[Idea, ...]:
    """All measures, in the order in which they are made."""
    own = (idea for commune in COMMUNAL for idea in communal(commune))
    return (*agglomeration(), *intercommunal(), *own)


def _idea(row: dict[str, Any], key: str = "", listed: Mapping[str, str] = MappingProxyType({})) -> Idea:
    codes = {int(generation): (code, priority) for generation, (code, priority) in row.get("g", {}).items()}
    if not key:
        first = min(codes)
        key = f"PA{first}-{codes[first][0]}"
    relation, *sources = row.get("from", [row.get("rel", "same")])
    return Idea(
        key=key,
        titles={language: row[language] for language in ("fr", "de") if language in row},
        category=row["cat"],
        kind=row.get("kind", "infrastructure"),
        owner=row["o"],
        thousands=row["k"],
        years=(row["y"][0], row["y"][1]),
        sites=tuple(row["s"]),
        published=not row.get("np"),
        descriptions=_described(row),
        codes=codes,
        spending=row.get("sp"),
        funding=tuple(row["f"]) if "f" in row else None,
        listed=listed,
        works=date.fromisoformat(row["w"]) if "w" in row else None,
        quantities=row.get("q", {}),
        relation=relation,
        comes_from=tuple(sources),
        lump=bool(row.get("lump")),
    )


def _described(row: dict[str, Any]) -> dict[str, str]:
    """What its author wrote of it, with the words of its category; in German those alone.

    Nothing in German where the title is not yet translated.
    """
    words = descriptions()[row.get("kind") if row.get("kind") in ("study", "service") else row["cat"]]
    french = f"{row['d']} {words['fr']}" if "d" in row else words["fr"]
    return {"fr": french, "de": words["de"]} if "de" in row else {"fr": french}


@cache
def descriptions() -> Any:
    return _read("descriptions")


def follow_up() -> Any:
    """Texts of what is followed: risks and milestones by category, indicators, links."""
    return _read("follow_up")


def agreements() -> Any:
    """How far the agreement on aid of some measures went, and what the authority thought otherwise."""
    return _read("agreements")
