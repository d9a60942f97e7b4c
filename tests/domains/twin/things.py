"""A container of Montaigu with its device, as rows that the verbs made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from belvedere.domains.access.public import Actor
from belvedere.domains.territory.public import TerritoryView
from belvedere.domains.twin import public as twin

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)


@dataclass
class Bin:
    """`series` by term."""

    territory: TerritoryView
    entity_id: int
    secret: twin.NewSecret
    series: dict[str, int]

    def say(self, term: str, value: Any, at: datetime, received_at: datetime | None = None) -> twin.Present:
        number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
        return twin.Present(
            self.series[term], number, None if number is not None else value, at, received_at or at, "", ""
        )

    def page(self, actor: Actor | None = None) -> twin.EntityPage:
        return twin.entity_page(actor or Actor.system(), self.entity_id)

    def now(self, term: str) -> twin.AttributeView:
        return next(one for one in self.page().attributes if one.term == term)
