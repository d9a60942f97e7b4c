"""Plans of crisis to start from, one file an event beside this one (`tables/*.toml`), in three languages.

They are copied into a form, edited there and saved as the organisation's own; nothing links back.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from belvedere.domains.crisis.bodies import CardBody, PlanBody, RoleBody
from belvedere.domains.crisis.errors import NoSuchPlan
from belvedere.domains.crisis.plan_actions import NO_SUCH_PLAN
from belvedere.domains.crisis.states import Kind, Phase
from belvedere.domains.crisis.views import PlanDraft
from belvedere.kernel.texts import text_in

FOLDER = Path(__file__).with_name("tables")
Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Source:
    """A law or a guideline, and what it says, in French as it is cited."""

    reference: str
    says: str


@dataclass(frozen=True, slots=True)
class Example:
    slug: str
    kind: Kind
    names: Texts
    about: Texts
    sources: tuple[Source, ...]
    given: Mapping[str, Any]

    def draft(self, language: str) -> PlanDraft:
        """The plan in this language, without people."""
        row = self.given
        roles = tuple(
            RoleBody(
                one["key"],
                text_in(one["name"], language),
                text_in(one["duty"], language),
                leads=one.get("leads", False),
            )
            for one in row["roles"]
        )
        cards = tuple(
            CardBody(
                Phase(one["phase"]),
                one["role"],
                text_in(one["what"], language),
                tuple(text_in(point, language) for point in one["points"]),
                one.get("due_min"),
            )
            for one in row["cards"]
        )
        return PlanDraft(
            text_in(self.names, language),
            (self.kind,),
            PlanBody(roles, cards),
            text_in(row["conditions"], language),
            text_in(row["resources"], language),
        )


@cache
def examples() -> Mapping[str, Example]:
    """Every example by its slug, in the order of the names of the files."""
    found = [_example(tomllib.loads(file.read_text("utf-8"))) for file in sorted(FOLDER.glob("*.toml"))]
    return MappingProxyType({one.slug: one for one in found})


def example(slug: str) -> Example:
    """One example; NoSuchPlan."""
    if slug not in examples():
        raise NoSuchPlan(NO_SUCH_PLAN)
    return examples()[slug]


def _example(row: Mapping[str, Any]) -> Example:
    return Example(
        slug=row["slug"],
        kind=Kind(row["kind"]),
        names=row["names"],
        about=row["about"],
        sources=tuple(Source(**one) for one in row["sources"]),
        given=row,
    )
