"""One change on many measures: seen before for each, made in one transaction, taken back as a whole.

Each measure goes through the verb that changes it alone, with its right and its guards; those that refuse
are named with the reason and stay as they are. Every measure has its own entry in the journal, all under one
identifier, from which the whole is taken back for `UNDO_DAYS`.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Collection
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.plans import actions, listing_actions, restoring
from belvedere.domains.plans.filters import MeasureFilter, chosen
from belvedere.domains.plans.models import Measure, Phase, PlanMembership
from belvedere.domains.plans.parts import membership_draft
from belvedere.domains.plans.states import Implementation, Priority
from belvedere.domains.plans.values import MembershipDraft, PhaseDraft
from belvedere.domains.plans.writing import at_once
from belvedere.duties.journal.public import Filters, Recorded, entries_in, entries_of, record
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, BelvedereError, Conflict, InvalidInput, NotFound
from belvedere.kernel.identifiers import new_id
from belvedere.kernel.paging import LARGEST_PAGE, Window

MOST = 400  # measures in one change: each is locked until the end
MOST_MONTHS = 240
UNDO_DAYS = 30
Common = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ToPriority:
    """The priority that a plan gives."""

    plan_id: UUID
    priority: Priority


@dataclass(frozen=True, slots=True)
class ToStep:
    """The implementation, through the table of `maturity`."""

    to: Implementation


@dataclass(frozen=True, slots=True)
class Shift:
    """The forecast of the phases that are not done, later or earlier; the promise (planned) stays."""

    months: int

    def __post_init__(self) -> None:
        if not self.months or abs(self.months) > MOST_MONTHS:
            raise InvalidInput(
                N_("Give a number of months between 1 and {most}, with a minus for earlier."),
                most=MOST_MONTHS,
                field="months",
            )


@dataclass(frozen=True, slots=True)
class ToCategory:
    category_id: int


@dataclass(frozen=True, slots=True)
class ToPublished:
    published: bool


@dataclass(frozen=True, slots=True)
class IntoPlan:
    plan_id: UUID


BulkChange = ToPriority | ToStep | Shift | ToCategory | ToPublished | IntoPlan


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one measure: `before` and `after` are values of the change's kind."""

    measure_id: UUID
    before: Any
    after: Any
    refused: BelvedereError | None = None

    @property
    def changes(self) -> bool:
        return self.refused is None and self.before != self.after


@dataclass(frozen=True, slots=True)
class Bulk:
    """A change on many. `verdicts` in the order asked."""

    id: UUID
    verdicts: tuple[Verdict, ...]

    @property
    def changed(self) -> int:
        return sum(verdict.changes for verdict in self.verdicts)

    @property
    def refused(self) -> int:
        return sum(verdict.refused is not None for verdict in self.verdicts)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """`kept`: changed since, or not to be taken back for a reason; left as they are."""

    restored: int
    kept: tuple[UUID, ...]


def preview_many(
    *, actor: Actor, territory_id: UUID, measure_ids: Collection[UUID], change: BulkChange, reason: str = ""
) -> Bulk:
    """What `change_many` would do; nothing is kept, nothing is told."""
    with transaction.atomic():
        bulk = _run(actor, territory_id, measure_ids, change, reason or "–")
        transaction.set_rollback(True)
    return bulk


def change_many(
    *, actor: Actor, territory_id: UUID, measure_ids: Collection[UUID], change: BulkChange, reason: str = ""
) -> Bulk:
    """Change all of `measure_ids` that the actor sees and may change; the others are told with the reason."""
    with transaction.atomic():
        bulk = _run(actor, territory_id, measure_ids, change, reason)
        if bulk.changed:
            _told(actor, territory_id, bulk.id, "change_many", {"count": bulk.changed}, reason)
    return bulk


def _run(
    actor: Actor, territory_id: UUID, measure_ids: Collection[UUID], change: BulkChange, reason: str
) -> Bulk:
    wanted = list(dict.fromkeys(measure_ids))
    if not wanted:
        raise InvalidInput(N_("Choose at least one measure."), field="id")
    if len(wanted) > MOST:
        raise InvalidInput(
            N_("These are more than {most} measures. Narrow the choice, then change them in turns."),
            most=MOST,
            field="id",
        )
    seen = set(
        chosen(actor, territory_id, MeasureFilter()).filter(pk__in=wanted).values_list("pk", flat=True)
    )
    bulk_id = new_id()
    under = _under(actor, bulk_id)
    act, value = ACTS[type(change)]
    verdicts = []
    with at_once():
        for measure_id in (pk for pk in wanted if pk in seen):
            before = value(measure_id, change)
            common = {"actor": under, "measure_id": measure_id, "version": None, "reason": reason}
            try:
                with transaction.atomic():
                    act(common, change)
            except BelvedereError as error:
                verdicts.append(Verdict(measure_id, before, before, error))
            else:
                verdicts.append(Verdict(measure_id, before, value(measure_id, change)))
    return Bulk(bulk_id, tuple(verdicts))


def _mark(bulk_id: UUID) -> str:
    return f"bulk-{bulk_id}"


def _under(actor: Actor, bulk_id: UUID) -> Actor:
    """The actor, whose acts the journal keeps under the bulk (a request holds him in a lazy object)."""
    known = {field.name: getattr(actor, field.name) for field in fields(Actor)}
    return Actor(**known | {"request_id": _mark(bulk_id)})


def _told(
    actor: Actor, territory_id: UUID, bulk_id: UUID, verb: str, after: dict[str, Any], reason: str
) -> None:
    record(
        actor_id=actor.person_id,
        actor_label=actor.label,
        verb=f"plans.{verb}",
        subject=("plans.bulk", str(bulk_id)),
        territory_id=territory_id,
        after=after,
        reason=reason,
        request_id=_mark(bulk_id),
    )


# ------------------------------------------------------------------ each kind: what it does, what it says
def _row(measure_id: UUID, plan_id: UUID) -> PlanMembership | None:
    return PlanMembership.objects.filter(measure_id=measure_id, plan_id=plan_id).first()


def _set_priority(common: Common, change: ToPriority) -> None:
    row = _row(common["measure_id"], change.plan_id)
    if row is None:
        raise NotFound(N_("This plan does not list the measure."))
    draft = replace(membership_draft(row), priority=change.priority)
    listing_actions.edit_listing(**common, listing_id=row.pk, draft=draft)


def _priority(measure_id: UUID, change: ToPriority) -> str:
    row = _row(measure_id, change.plan_id)
    return "" if row is None else row.priority


def _set_step(common: Common, change: ToStep) -> None:
    if change.to is Implementation.REPLACED:
        raise Conflict(N_("Say on the measure itself by which other it is replaced."))
    actions.change_implementation(**common, to=change.to)


def _step(measure_id: UUID, _change: ToStep) -> str:
    return Measure.objects.values_list("implementation", flat=True).get(pk=measure_id)


def _shift(common: Common, change: Shift) -> None:
    rows = Phase.objects.filter(measure_id=common["measure_id"], actual_end__isnull=True).order_by("code")
    drafts = [_shifted(row, change.months) for row in rows]
    if not drafts:
        raise Conflict(N_("No phase that is still to come has a date."))
    actions.set_phase_dates(**common, phases=drafts)


def _shifted(row: Phase, months: int) -> PhaseDraft:
    start, end = row.forecast_start or row.planned_start, row.forecast_end or row.planned_end
    begun = row.actual_start is not None  # what has begun can only end later
    return PhaseDraft(
        row.code,
        planned=(row.planned_start, row.planned_end),
        forecast=(start if begun else _later(start, months), _later(end, months)),
        actual=(row.actual_start, row.actual_end),
    )


def _later(day: date | None, months: int) -> date | None:
    """The same day `months` later, or the last of a shorter month."""
    if day is None:
        return None
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _span(measure_id: UUID, _change: Shift) -> tuple[date | None, date | None]:
    """From the first to the last day of the forecast."""
    rows = Phase.objects.filter(measure_id=measure_id, actual_end__isnull=True)
    starts = [row.forecast_start or row.planned_start for row in rows]
    ends = [row.forecast_end or row.planned_end for row in rows]
    return min(filter(None, starts), default=None), max(filter(None, ends), default=None)


def _set_category(common: Common, change: ToCategory) -> None:
    actions.edit_measure(**common, category_id=change.category_id)


def _category(measure_id: UUID, _change: ToCategory) -> int | None:
    return Measure.objects.values_list("category_id", flat=True).get(pk=measure_id)


def _set_published(common: Common, change: ToPublished) -> None:
    actions.publish_measure(**common, published=change.published)


def _published(measure_id: UUID, _change: ToPublished) -> bool:
    return Measure.objects.values_list("published", flat=True).get(pk=measure_id)


def _list(common: Common, change: IntoPlan) -> None:
    if _row(common["measure_id"], change.plan_id) is None:  # listed already: nothing to do
        listing_actions.list_in_plan(**common, draft=MembershipDraft(change.plan_id))


def _listed(measure_id: UUID, change: IntoPlan) -> bool:
    return _row(measure_id, change.plan_id) is not None


ACTS: dict[type[Any], tuple[Callable[[Common, Any], None], Callable[[UUID, Any], Any]]] = {
    ToPriority: (_set_priority, _priority),
    ToStep: (_set_step, _step),
    Shift: (_shift, _span),
    ToCategory: (_set_category, _category),
    ToPublished: (_set_published, _published),
    IntoPlan: (_list, _listed),
}


# ------------------------------------------------------------------ taking it back
def undo_many(*, actor: Actor, territory_id: UUID, bulk_id: UUID, reason: str) -> TakenBack:
    """Take a change on many back: what was before, through the same verbs and rights.

    A measure that someone changed since, or whose way back is refused, stays as it is and is named.
    """
    with transaction.atomic():
        made = entries_of(("plans.bulk", str(bulk_id)), Window(0, 10)).rows
        first = made[-1] if made else None
        if first is None or first.territory_id != territory_id:
            raise NotFound(N_("There is no such change of several measures."))
        if now() - first.at > timedelta(days=UNDO_DAYS):
            raise Conflict(
                N_(
                    "A change of several measures can be taken back for {days} days; this one is older. "
                    "Change the measures one by one."
                ),
                days=UNDO_DAYS,
            )
        kept, restored = [], 0
        with at_once():
            for entry in acts_of_bulk(territory_id, bulk_id):
                measure_id = UUID(entry.subject[1])
                try:
                    with transaction.atomic():
                        _take_back(actor, measure_id, entry, reason)
                    restored += 1
                except BelvedereError:
                    kept.append(measure_id)
        if restored:
            _told(actor, territory_id, bulk_id, "undo_many", {"count": restored}, reason)
    return TakenBack(restored, tuple(kept))


def acts_of_bulk(territory_id: UUID, bulk_id: UUID) -> list[Recorded]:
    """What a change on many did to each measure."""
    found = entries_in(territory_id, Window(0, LARGEST_PAGE), Filters(request_id=_mark(bulk_id)))
    return [entry for entry in found.rows if entry.subject[0] == "plans.measure"]


def _take_back(actor: Actor, measure_id: UUID, entry: Recorded, reason: str) -> None:
    newest = entries_of(("plans.measure", str(measure_id)), Window(0, 1)).rows
    if not newest or newest[0].id != entry.id:
        raise Conflict(N_("The measure was changed since."))
    common: Common = {"actor": actor, "measure_id": measure_id, "version": None, "reason": reason}
    if entry.verb == "plans.list_in_plan":
        row = PlanMembership.objects.filter(measure_id=measure_id, plan__code=entry.after["plan"]).first()
        if row is None:
            raise Conflict(N_("The measure was changed since."))
        listing_actions.unlist(**common, listing_id=row.pk)
        return
    for name, _before, _after in entry.changes:
        if name != "plan":
            restoring.put_back(**common, entry_id=entry.id, name=name)


__all__ = [
    "MOST",
    "UNDO_DAYS",
    "Bulk",
    "BulkChange",
    "IntoPlan",
    "Shift",
    "TakenBack",
    "ToCategory",
    "ToPriority",
    "ToPublished",
    "ToStep",
    "Verdict",
    "acts_of_bulk",
    "change_many",
    "preview_many",
    "undo_many",
]
