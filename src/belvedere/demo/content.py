"""The demo's content as values, read from the JSON files in `data`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).with_name("data")
AGGLOMERATION = ("soft", "transport", "settlement", "villages")
COMMUNAL = ("sion", "sierre", "conthey")

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

# Axis of the programme -> names; a measure's code starts with its axis.
AXES: dict[str, tuple[str, str]] = {
    "U": ("Urbanisation", "Siedlung"),
    "P": ("Paysage", "Landschaft"),
    "TP": ("Transports publics et interfaces", "Öffentlicher Verkehr und Drehscheiben"),
    "MD": ("Mobilité douce", "Fuss- und Veloverkehr"),
    "TIM": ("Route, stationnement et sécurité", "Strasse, Parkierung und Sicherheit"),
    "G": ("Pilotage", "Steuerung"),
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
    """A measure as its author wrote it: `thousands` of francs, `codes` by generation with the priority."""

    key: str
    titles: Mapping[str, str]
    category: str
    kind: str
    owner: str
    thousands: int
    years: tuple[int, int]
    sites: tuple[str, ...]
    published: bool
    description: str = ""
    codes: Mapping[int, tuple[str, str]] = field(default_factory=dict)


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


@cache
def agglomeration() -> tuple[Idea, ...]:
    """The measures of the two generations of the agglomeration programme."""
    return tuple(_idea(row) for name in AGGLOMERATION for row in _read(f"agglomeration_{name}"))


@cache
def communal(commune: str) -> tuple[Idea, ...]:
    """The measures of a commune's own investment plan."""
    return tuple(
        _idea(row, f"{commune.upper()[:3]}-{number:02d}")
        for number, row in enumerate(_read(commune), start=1)
    )


def _idea(row: dict[str, Any], key: str = "") -> Idea:
    codes = {int(generation): (code, priority) for generation, (code, priority) in row.get("g", {}).items()}
    if not key:
        first = min(codes)
        key = f"PA{first}-{codes[first][0]}"
    return Idea(
        key=key,
        titles={"fr": row["fr"], "de": row["de"]},
        category=row["cat"],
        kind=row.get("kind", "infrastructure"),
        owner=row["o"],
        thousands=row["k"],
        years=(row["y"][0], row["y"][1]),
        sites=tuple(row["s"]),
        published=not row.get("np"),
        description=row.get("d", ""),
        codes=codes,
    )
