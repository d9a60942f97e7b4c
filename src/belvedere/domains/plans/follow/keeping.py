"""How a part of a measure is kept and taken away: one row, found, compared, journalled. Private."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeVar
from uuid import UUID

from django.db.models import Model

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.writing import Change, changing
from belvedere.kernel.errors import N_, NotFound

T = TypeVar("T")
Check = Callable[[Change, Any], None]


@dataclass(frozen=True, slots=True)
class Kept:
    """A kind of rows that a measure has several of: how one is found, written and taken away.

    The values of `hidden` fields stay out of the journal, which cannot forget: it only tells whether there
    is one. `owner` is the column that names the measure.
    """

    part: str
    model: type[Model]
    fields: tuple[str, ...]
    hidden: frozenset[str] = frozenset()
    owner: Literal["measure_id", "source_id"] = "measure_id"

    def keep(
        self,
        actor: Actor,
        measure_id: UUID,
        version: int | None,
        item_id: Any,
        fields: Mapping[str, Any],
        reason: str,
        check: Check | None = None,
    ) -> Any:
        """Write `fields` on the measure's row of `item_id`, or on a new one; give its identifier.

        `check` sees the change and the identifier before anything is written.
        """
        with changing(
            actor, measure_id, verb=f"set_{self.part}", right="edit", reason=reason, version=version
        ) as change:
            before: dict[str, Any] | None = None
            row: Any = self.model(**{self.owner: measure_id})
            if item_id is not None:
                row = self.found(measure_id, item_id)
                before = self.said_of(row)
                if before == dict(fields):
                    return row.pk
            if check is not None:
                check(change, item_id)
            for name, value in fields.items():
                setattr(row, name, value)
            row.save()
            noted(change, self.part, row.pk, before, dict(fields), self.hidden)
            return row.pk

    def take_away(
        self, actor: Actor, measure_id: UUID, version: int | None, item_id: Any, reason: str
    ) -> None:
        """Delete the measure's row of `item_id`; the journal keeps what it said."""
        with changing(
            actor, measure_id, verb=f"remove_{self.part}", right="edit", reason=reason, version=version
        ) as change:
            row = self.found(measure_id, item_id)
            noted(change, self.part, row.pk, self.said_of(row), None, self.hidden)
            row.delete()

    def found(self, measure_id: UUID, item_id: Any) -> Any:
        """The measure's row; NotFound for another measure's too."""
        row = self.model._default_manager.filter(**{self.owner: measure_id}, pk=item_id).first()  # noqa: SLF001
        if row is None:
            raise NotFound(N_("This entry is gone: someone removed it. Open the measure again."))
        return row

    def drafted(self, draft: Any) -> dict[str, Any]:
        """The fields as a draft that names them alike says them."""
        return {name: getattr(draft, name) for name in self.fields}

    def said_of(self, row: Any) -> dict[str, Any]:
        """What a row says now."""
        return {name: getattr(row, name) for name in self.fields}


def listed(item: T | None) -> list[T]:
    """The identifier of the row at hand in a list, none for a new row: what a check leaves out."""
    return [] if item is None else [item]


def noted(
    change: Change,
    part: str,
    item_id: Any,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    hidden: frozenset[str] = frozenset(),
) -> None:
    """Keep what changed of a row for the journal, under one name."""
    change.before[part] = _said(item_id, before, hidden)
    change.after[part] = _said(item_id, after, hidden)


def _said(item_id: Any, values: Mapping[str, Any] | None, hidden: frozenset[str]) -> dict[str, Any] | None:
    if values is None:
        return None
    said = {name: bool(value) if name in hidden else plain(value) for name, value in values.items()}
    filled = {name: value for name, value in said.items() if value not in (None, "", {})}
    return {"id": plain(item_id), **filled}


def plain(value: Any) -> Any:
    """`value` as JSON takes it."""
    if isinstance(value, Decimal | UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
