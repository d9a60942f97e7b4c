"""Scenes to begin with, read once from `presets.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from belvedere.domains.scenes.bodies import SceneBody, SheetBody, StepBody, WhenBody
from belvedere.science.scenes.programs import By

FILE = Path(__file__).with_name("presets.toml")


@dataclass(frozen=True, slots=True)
class Preset:
    slug: str
    labels: Mapping[str, str]
    body: SceneBody

    def label(self, language: str) -> str:
        return self.labels.get(language, self.labels["en"])


@cache
def presets() -> Mapping[str, Preset]:
    """Every preset by its slug, in the order of the table."""
    found = {}
    for slug, row in tomllib.loads(FILE.read_text(encoding="utf-8")).items():
        steps = tuple(
            StepBody(when_of(when), value if isinstance(value, str) else float(value))
            for when, value in row["steps"]
        )
        sheet = SheetBody(steps, tuple(row.get("days", range(1, 8))))
        body = SceneBody(row["command"], (sheet,), by_night=row["by_night"])
        found[slug] = Preset(slug, row["labels"], body)
    return MappingProxyType(found)


def when_of(text: str) -> WhenBody:
    """ "22:30", "sunset", "sunrise-15"; ValueError for anything else."""
    for by in (By.SUNSET, By.SUNRISE):
        if text.startswith(by.value):
            rest = text.removeprefix(by.value)
            return WhenBody(by, int(rest) if rest else 0)
    hours, _colon, minutes = text.partition(":")
    return WhenBody(By.CLOCK, int(hours) * 60 + int(minutes))
