"""How a part of a measure is kept and taken away: one row, found, compared, journalled. Private."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.writing import Change, changing
from belvedere.kernel.errors import N_, NotFound

T = TypeVar("T")
Check = Callable[[Change, Any], None]


def keep(
    actor: Actor,
    measure_id: UUID,
    *,
    version: int | None,
    part: str,
    row: Model,
    item_id: Any,
    fields: Mapping[str, Any],
    check: Check | None = None,
    hidden: frozenset[str] = frozenset(),
    reason: str,
) -> Any:
    """Write `fields` on the measure's row of `item_id`, or on the new `row`; give its identifier.

    `check` sees the change and the identifier before anything is written. The values of `hidden` fields
    stay out of the journal, which cannot forget: it only tells whether there is one.
    """
    with changing(
        actor, measure_id, verb=f"set_{part}", right="edit", reason=reason, version=version
    ) as change:
        before: dict[str, Any] | None = None
        if item_id is not None:
            row = found(type(row), measure_id, item_id)
            before = {name: getattr(row, name) for name in fields}
            if before == dict(fields):
                return row.pk
        if check is not None:
            check(change, item_id)
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()
        noted(change, part, row.pk, before, dict(fields), hidden)
        return row.pk


def take_away(
    actor: Actor,
    measure_id: UUID,
    *,
    version: int | None,
    part: str,
    model: type[Model],
    item_id: Any,
    fields: tuple[str, ...],
    hidden: frozenset[str] = frozenset(),
    reason: str,
) -> None:
    """Delete the measure's row of `item_id`; the journal keeps what it said."""
    with changing(
        actor, measure_id, verb=f"remove_{part}", right="edit", reason=reason, version=version
    ) as change:
        row = found(model, measure_id, item_id)
        noted(change, part, row.pk, {name: getattr(row, name) for name in fields}, None, hidden)
        row.delete()


def found(model: type[Model], measure_id: UUID, item_id: Any) -> Any:
    """The measure's row; NotFound for another measure's too."""
    owner = "source_id" if hasattr(model, "source_id") else "measure_id"
    row = model._default_manager.filter(**{owner: measure_id}, pk=item_id).first()  # noqa: SLF001
    if row is None:
        raise NotFound(N_("This entry is gone: someone removed it. Open the measure again."))
    return row


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
