"""The packs as tables: what each needs of things, which rules it makes and why, what the law says.

One file a pack beside this one (`tables/*.toml`). A change of its rules is a new `version`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from belvedere.domains.automation.public import Body, Closing, body_from
from belvedere.domains.packs.errors import NoSuchPack
from belvedere.kernel.errors import N_
from belvedere.kernel.severity import Severity
from belvedere.kernel.texts import text_in

FOLDER = Path(__file__).with_name("tables")
Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Need:
    """Things of a kind must tell all of these."""

    kind: str
    attributes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preset:
    """A command that the pack suggests: a kind of command and its value."""

    kind: str
    value: str | float
    names: Texts


@dataclass(frozen=True, slots=True)
class PackRule:
    """A rule that the pack makes. `given`: its body without texts, as JSON."""

    key: str
    severity: Severity
    kind: str
    names: Texts
    why: Texts
    advice: Texts
    given: Mapping[str, Any]

    def body(self, language: str) -> Body:
        """The rule, with what to do in this language."""
        return body_from({**self.given, "advice": text_in(self.advice, language)})


@dataclass(frozen=True, slots=True)
class Legal:
    """A law, a guideline or a publication, and what it says, in French as it is cited."""

    reference: str
    says: str


@dataclass(frozen=True, slots=True)
class Pack:
    """A domain of equipment. `figures`: what is computed from the history on its page; `notices`: it has a
    register of cameras."""

    slug: str
    version: int
    icon: str
    names: Texts
    about: Texts
    limits: Texts
    legal: tuple[Legal, ...]
    needs: tuple[Need, ...]
    presets: tuple[Preset, ...]
    rules: tuple[PackRule, ...]
    figures: tuple[str, ...]
    notices: bool

    def rule(self, key: str) -> PackRule:
        """One of its rules; NoSuchPack where it has none of that key."""
        for one in self.rules:
            if one.key == key:
                return one
        raise NoSuchPack(N_("This pack has no such rule."))


@cache
def packs() -> Mapping[str, Pack]:
    """Every pack by its slug, in the order of the names of the files."""
    found = [_pack(tomllib.loads(file.read_text("utf-8"))) for file in sorted(FOLDER.glob("*.toml"))]
    return MappingProxyType({one.slug: one for one in found})


def pack(slug: str) -> Pack:
    """One pack; NoSuchPack."""
    if slug not in packs():
        raise NoSuchPack(N_("There is no such pack."))
    return packs()[slug]


def _pack(row: Mapping[str, Any]) -> Pack:
    return Pack(
        slug=row["slug"],
        version=row["version"],
        icon=row["icon"],
        names=row["names"],
        about=row["about"],
        limits=row["limits"],
        legal=tuple(Legal(**one) for one in row["legal"]),
        needs=tuple(Need(one["kind"], tuple(one["attributes"])) for one in row["needs"]),
        presets=tuple(Preset(**one) for one in row.get("presets", ())),
        rules=tuple(_rule(one) for one in row["rules"]),
        figures=tuple(row["figures"]),
        notices=row.get("notices", False),
    )


def _rule(row: Mapping[str, Any]) -> PackRule:
    texts = {name: row[name] for name in ("names", "why", "advice")}
    told = ("key", "severity", "kind", *texts)
    given = {name: value for name, value in row.items() if name not in told}
    given |= {"watched": {"kind": row["kind"]}, "closing": row.get("closing", Closing.BY_HAND.value)}
    return PackRule(
        key=row["key"], severity=Severity(row["severity"]), kind=row["kind"], given=given, **texts
    )
