"""Kinds of equipment, read once from `kinds.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from belvedere.domains.equipment.errors import BadEquipment
from belvedere.kernel.errors import N_

FILE = Path(__file__).with_name("kinds.toml")
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of equipment. `icon` is a Tabler icon, `prefix` begins the numbers that are given; `things`:
    kinds of things of the twin that such equipment usually is."""

    slug: str
    labels: Mapping[str, str]
    plural: Mapping[str, str]
    icon: str
    shape: str
    prefix: str
    things: tuple[str, ...]

    def label(self, language: str) -> str:
        return self.labels.get(language, self.labels["en"])


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind by its slug, in the order of the table."""
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            slug: Kind(
                slug=slug,
                labels=row["labels"],
                plural=row["plural"],
                icon=row["icon"],
                shape=row["shape"],
                prefix=row["prefix"],
                things=tuple(row["things"]),
            )
            for slug, row in table.items()
        }
    )


def kind(slug: str) -> Kind:
    """The kind `slug`.

    Raises:
        BadEquipment: there is none.
    """
    found = kinds().get(slug)
    if found is None:
        raise BadEquipment(N_("There is no kind of equipment “{kind}”."), kind=slug[:40], field="kind")
    return found


def kind_of_thing(thing_kind: str) -> str:
    """The kind of equipment that a kind of thing usually is; “other” where none is meant."""
    return next((slug for slug, one in kinds().items() if thing_kind in one.things), OTHER)
