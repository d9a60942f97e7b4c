"""Verbs of the owners: confirm what holds, correct what does not, hand in.

A correction goes through the verbs of plans, with the rights and in the name of who answers: the measure
itself changes, and its journal says so. What the plans refuse is refused here, and nothing is half-written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.public import (
    actions,
    money_actions,
    payment_actions,
    reported,
    states,
    values,
)
from belvedere.domains.reporting.errors import NoSuchRound, NotAllAnswered
from belvedere.domains.reporting.frozen import Asked, FrozenMeasure, asked_from, asked_of, freeze, plain
from belvedere.domains.reporting.keeping import (
    checked_note,
    entry,
    journal,
    locked_task,
    owner_of,
    still_open,
)
from belvedere.domains.reporting.models import RoundLine, RoundTask
from belvedere.domains.reporting.policies import require
from belvedere.domains.reporting.states import LineState, Question, TaskState
from belvedere.kernel.clock import now, today
from belvedere.kernel.errors import N_, InvalidInput, NotFound
from belvedere.kernel.money import Money

Days = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class Correction:
    """What is not as it stands; None stays. Days that have passed are real, days to come a forecast.

    `cost` and `paid` (all that was paid to date) are of the kind of money of the cost.
    """

    implementation: states.Implementation | None = None
    phase: str | None = None
    works: Days | None = None
    cost: Decimal | None = None
    paid: Decimal | None = None

    def __bool__(self) -> bool:
        return self != Correction()


def confirm_lines(
    *, actor: Actor, task_id: UUID, line_ids: Iterable[UUID] | None = None, note: str = ""
) -> int:
    """Say that what stands in the plans holds; all lines still to confirm, or those named.

    A line whose measure was changed since the round opened counts as corrected. Gives how many were answered.
    """
    note = checked_note(note)
    with transaction.atomic():
        task = _answering(actor, task_id)
        lines = RoundLine.objects.select_for_update().filter(task=task)
        wanted = list(line_ids) if line_ids is not None else None
        chosen = lines.filter(state=LineState.TO_CONFIRM) if wanted is None else lines.filter(pk__in=wanted)
        rows = list(chosen)
        if wanted is not None and len(rows) != len(set(wanted)):
            raise NoSuchRound(N_("This line is not part of the checklist. Open the checklist again."))
        present = _present(task, rows)
        for row in rows:
            _answer(task, row, present[row.measure_id], note=note or row.note)
        if rows:
            after = {"lines": len(rows), "organisation": str(task.organisation_id)}
            subject = ("task", task.pk)
            journal(entry(actor, "confirm_lines", subject, task.round.territory_id, after=after, reason=note))
        return len(rows)


def correct_line(
    *, actor: Actor, line_id: UUID, version: int | None, correction: Correction, note: str
) -> None:
    """Change the measure of a line, with a word why, and answer the line.

    Raises:
        ChangedMeanwhile: someone saved the measure since `version`.
        Refused, InvalidInput, ImpossibleTransition: as the verbs of plans say; then nothing was changed.
    """
    note = checked_note(note)
    with transaction.atomic():
        known = RoundLine.objects.filter(pk=line_id).values_list("task_id", flat=True).first()
        if known is None:
            raise NoSuchRound(N_("This line is not part of the checklist. Open the checklist again."))
        task = _answering(actor, known)
        line = RoundLine.objects.select_for_update().get(pk=line_id)
        if correction and not note:
            raise InvalidInput(N_("Say in a few words why it changes: those who pay will ask."), field="note")
        before = _present(task, [line])[line.measure_id]
        _apply(actor, task, before, correction, version, note)
        row = _present(task, [line])[line.measure_id]
        _answer(task, line, row, note=note)
        after = {"measure": str(line.measure_id), "organisation": str(task.organisation_id)}
        subject = ("task", task.pk)
        journal(entry(actor, "correct_line", subject, task.round.territory_id, after=after, reason=note))


def hand_in_task(*, actor: Actor, task_id: UUID, note: str = "") -> None:
    """Hand the checklist in; NotAllAnswered while a line waits."""
    with transaction.atomic():
        task = _answering(actor, task_id)
        left = RoundLine.objects.filter(task=task, state=LineState.TO_CONFIRM).count()
        if left:
            raise NotAllAnswered(
                N_("Measures that still wait for an answer: {left}. Confirm or correct them first."),
                left=left,
            )
        if task.state == TaskState.HANDED_IN:
            return
        task.state, task.handed_in_at, task.note = TaskState.HANDED_IN, now(), checked_note(note)
        task.save(update_fields=["state", "handed_in_at", "note"])
        after = {"organisation": str(task.organisation_id)}
        subject = ("task", task.pk)
        journal(entry(actor, "hand_in_task", subject, task.round.territory_id, after=after, reason=task.note))


def _answering(actor: Actor, task_id: UUID) -> RoundTask:
    task = locked_task(task_id)
    require(actor, "answer", owner_of(task))
    still_open(task.round)
    return task


def _present(task: RoundTask, lines: Iterable[RoundLine]) -> dict[UUID, reported.ReportedMeasure]:
    """The measures of these lines as they are now: the round has a right to those it asks about."""
    ids = [line.measure_id for line in lines]
    found = reported.reported(Actor.system(), task.round.territory_id, ids=ids)
    known = {measure.id: measure for measure in found}
    if missing := [one for one in ids if one not in known]:
        raise NotFound(
            N_("{count} measures of this checklist were removed meanwhile. Tell the office."),
            count=len(missing),
        )
    return known


def _answer(task: RoundTask, line: RoundLine, measure: reported.ReportedMeasure, *, note: str) -> None:
    answered = asked_of(freeze(measure))
    changed = asked_from(line.opened).differs(answered, [Question(one) for one in task.round.questions])
    line.answered = plain(answered)
    line.state = LineState.CORRECTED if changed else LineState.CONFIRMED
    line.note, line.answered_at = note, now()
    line.save(update_fields=["answered", "state", "note", "answered_at"])


def _apply(
    actor: Actor,
    task: RoundTask,
    measure: reported.ReportedMeasure,
    correction: Correction,
    version: int | None,
    note: str,
) -> None:
    """The verbs of plans, in the order in which facts allow each other; the first one checks the version."""
    reason = f"{task.round.name}: {note}"
    frozen = freeze(measure)
    asked = asked_of(frozen)
    versions = iter((version,))  # for the first verb only: it makes a new one
    if correction.works is not None and correction.works != (asked.works_start, asked.works_end):
        _move_works(actor, measure, frozen, correction.works, next(versions, None), reason)
    if correction.phase is not None and correction.phase != asked.phase:
        actions.change_phase(
            actor=actor,
            measure_id=measure.id,
            version=next(versions, None),
            to=correction.phase,
            reason=reason,
        )
    if correction.implementation is not None and correction.implementation != asked.implementation:
        actions.change_implementation(
            actor=actor,
            measure_id=measure.id,
            version=next(versions, None),
            to=correction.implementation,
            reason=reason,
        )
    _move_money(actor, task, measure, asked, correction, versions, reason)


def _move_works(
    actor: Actor,
    measure: reported.ReportedMeasure,
    frozen: FrozenMeasure,
    works: Days,
    version: int | None,
    reason: str,
) -> None:
    """The dates of the works: what has passed is real, what is to come a forecast."""
    code = frozen.works.code
    known = measure.works_phase
    planned = known.planned if known else (None, None)
    day = today()
    real = tuple(one if one is not None and one <= day else None for one in works)
    forecast = tuple(
        one if one is None or one > day else (known.forecast[at] if known else None)
        for at, one in enumerate(works)
    )
    if forecast[0] and forecast[1] and forecast[1] < forecast[0]:
        forecast = (None, forecast[1])
    draft = values.PhaseDraft(code, planned, (forecast[0], forecast[1]), (real[0], real[1]))
    if works[0] and works[1] and works[1] < works[0]:
        raise InvalidInput(N_("The works end before they start. Correct one of the days."), field="works_end")
    actions.set_phase_dates(
        actor=actor, measure_id=measure.id, version=version, phases=[draft], reason=reason
    )


def _move_money(
    actor: Actor,
    task: RoundTask,
    measure: reported.ReportedMeasure,
    asked: Asked,
    correction: Correction,
    versions: Iterator[int | None],
    reason: str,
) -> None:
    cost = measure.cost
    if cost is None:
        if correction.cost is not None or correction.paid is not None:
            raise InvalidInput(
                N_("This measure has no cost yet. Enter its first estimate on its own page."), field="cost"
            )
        return
    if correction.cost is not None and correction.cost != cost.amount:
        last = measure.estimates[-1]
        eligible = None
        if last.eligible is not None:  # in the same proportion: nobody said otherwise
            share = last.eligible.amount / cost.amount if cost.amount else Decimal(1)
            eligible = Money(min(correction.cost * share, correction.cost), cost.kind)
        draft = values.EstimateDraft(
            Money(correction.cost, cost.kind),
            task.round.as_of,
            kind=last.kind,
            eligible=eligible,
            accuracy=last.accuracy,
            source=task.round.name,
        )
        money_actions.record_estimate(
            actor=actor,
            measure_id=measure.id,
            version=next(versions, None),
            draft=draft,
            follow_with_spending=True,
            reason=reason,
        )
    paid = asked.paid.value if asked.paid else Decimal(0)
    if correction.paid is not None and correction.paid != paid:
        payment_actions.record_payment(
            actor=actor,
            measure_id=measure.id,
            version=next(versions, None),
            draft=values.PaymentDraft(
                Money(correction.paid - paid, cost.kind),
                task.round.as_of,
                task.round.as_of.year,
                reference=task.round.name[:80],
            ),
            reason=reason,
        )


__all__ = ["Correction", "confirm_lines", "correct_line", "hand_in_task"]
