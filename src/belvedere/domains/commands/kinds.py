"""What can be commanded, read once from `kinds.toml`, and which values each kind takes."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from belvedere.domains.commands.errors import BadCommand
from belvedere.kernel.errors import N_

FILE = Path(__file__).with_name("kinds.toml")
Value = float | str


class Form(StrEnum):
    """How a value is given."""

    LEVEL = "level"
    CHOICE = "choice"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of command. `minutes`: how long it is worth doing; `things`: kinds of things that take it."""

    slug: str
    labels: Mapping[str, str]
    icon: str
    form: Form
    unit: str
    low: float
    high: float
    choices: Mapping[str, Mapping[str, str]]
    longest: int
    minutes: int
    dangerous: bool
    things: tuple[str, ...]

    def label(self, language: str) -> str:
        return self.labels.get(language, self.labels["en"])

    def shown(self, value: Value, language: str) -> str:
        """A value as people read it."""
        if self.form is Form.CHOICE:
            words = self.choices.get(str(value), {})
            return words.get(language, words.get("en", str(value)))
        if self.form is Form.TEXT:
            return str(value)
        return f"{float(value):g}\u00a0{self.unit}"

    def checked(self, given: Any) -> Value:
        """The value, if this kind takes it.

        Raises:
            BadCommand: it does not; the sentence says what it takes.
        """
        if self.form is Form.CHOICE:
            if given not in self.choices:
                raise BadCommand(N_("Choose one of the values offered."), field="value")
            return str(given)
        if self.form is Form.TEXT:
            text = str(given).strip()
            if not 0 < len(text) <= self.longest or not text.isprintable():
                raise BadCommand(
                    N_("Write 1 to {most} characters, on one line."), field="value", most=self.longest
                )
            return text
        number = _number(given)
        if number is None or not self.low <= number <= self.high:
            raise BadCommand(
                N_("Give a number from {low} to {high} {unit}."),
                field="value",
                low=f"{self.low:g}",
                high=f"{self.high:g}",
                unit=self.unit,
            )
        return number


def _number(given: Any) -> float | None:
    try:
        found = float(str(given).strip().replace(",", "."))
    except ValueError:
        return None
    return found if math.isfinite(found) else None


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind by its slug, in the order of the table."""
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return MappingProxyType({slug: _kind(slug, row) for slug, row in table.items()})


def _kind(slug: str, row: Mapping[str, Any]) -> Kind:
    return Kind(
        slug=slug,
        labels=row["labels"],
        icon=row["icon"],
        form=Form(row["form"]),
        unit=row.get("unit", ""),
        low=float(row.get("low", 0)),
        high=float(row.get("high", 0)),
        choices={one["value"]: one for one in row.get("choices", [])},
        longest=row.get("longest", 0),
        minutes=row["minutes"],
        dangerous=row["dangerous"],
        things=tuple(row["things"]),
    )


def kind(slug: str) -> Kind:
    """The kind `slug`.

    Raises:
        BadCommand: there is none.
    """
    found = kinds().get(slug)
    if found is None:
        raise BadCommand(N_("There is no kind of command “{kind}”."), kind=slug[:40], field="kind")
    return found


def kinds_for(thing_kind: str) -> list[Kind]:
    """What can be commanded of such a thing."""
    return [one for one in kinds().values() if thing_kind in one.things]
