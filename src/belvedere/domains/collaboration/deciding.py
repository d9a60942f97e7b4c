"""Verbs of the owner on suggestions: take, refuse, answer. What is taken goes through the verbs of plans."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from belvedere.domains.access.public import Actor
from belvedere.domains.collaboration.errors import AlreadyDecided, NoSuchSuggestion
from belvedere.domains.collaboration.events import SuggestionDecided
from belvedere.domains.collaboration.kinds import SUGGESTION
from belvedere.domains.collaboration.models import Suggestion
from belvedere.domains.collaboration.policies import require
from belvedere.domains.collaboration.states import TEXTS, WRITTEN, Part, SuggestionState
from belvedere.domains.collaboration.suggesting import checked_value, journal, works_code
from belvedere.domains.collaboration.telling import tell
from belvedere.domains.plans.public import actions, brief, page, values, views
from belvedere.engines.transactions import announce
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, InvalidInput

LONGEST_ANSWER = 2000
OUTCOMES = {
    SuggestionState.TAKEN: N_("Your suggestion on “{measure}” was taken over"),
    SuggestionState.REFUSED: N_("Your suggestion on “{measure}” was not taken over"),
    SuggestionState.ANSWERED: N_("Your suggestion on “{measure}” was answered"),
}

VERBS = {
    SuggestionState.TAKEN: "take_suggestion",
    SuggestionState.REFUSED: "refuse_suggestion",
    SuggestionState.ANSWERED: "answer_suggestion",
}


def take_suggestion(*, actor: Actor, suggestion_id: UUID, value: str = "", answer: str = "") -> None:
    """Write the suggested value into the measure, or `value` where the owner amends it."""
    with transaction.atomic():
        row, measure = _open(actor, suggestion_id)
        part = Part(row.part)
        if part not in WRITTEN or not (value.strip() or row.value):
            raise InvalidInput(N_("This suggestion is in words: change the measure, then answer."))
        wanted = checked_value(part, value.strip() or row.value)
        _write(actor, row, part, wanted, answer)
        _decide(actor, row, measure, SuggestionState.TAKEN, answer)


def refuse_suggestion(*, actor: Actor, suggestion_id: UUID, answer: str) -> None:
    """Leave the measure as it is, and say why."""
    _told(actor, suggestion_id, SuggestionState.REFUSED, answer, N_("Say why it is not taken over."))


def answer_suggestion(*, actor: Actor, suggestion_id: UUID, answer: str) -> None:
    """Answer what was said in words."""
    _told(actor, suggestion_id, SuggestionState.ANSWERED, answer, N_("Write the answer first."))


def _told(actor: Actor, suggestion_id: UUID, state: SuggestionState, answer: str, missing: str) -> None:
    with transaction.atomic():
        row, measure = _open(actor, suggestion_id)
        if not answer.strip():
            raise InvalidInput(missing, field="answer")
        _decide(actor, row, measure, state, answer)


def _open(actor: Actor, suggestion_id: UUID) -> tuple[Suggestion, brief.Brief]:
    row = Suggestion.objects.select_for_update(of=("self",)).filter(pk=suggestion_id).first()
    measure = brief.briefs([row.measure_id]).get(row.measure_id) if row else None
    if row is None or measure is None or row.state == SuggestionState.WAITING:
        raise NoSuchSuggestion(N_("There is no such suggestion, or its address is not confirmed yet."))
    require(actor, "decide", measure)
    if row.state != SuggestionState.OPEN:
        raise AlreadyDecided(N_("Someone decided on this suggestion meanwhile. Nothing was changed."))
    return row, measure


def _write(actor: Actor, row: Suggestion, part: Part, wanted: str, answer: str) -> None:
    view = page.measure_page(actor, row.measure_id, language=row.language)
    # The name of who suggests stays out of the reason: the journal cannot forget it.
    reason = gettext("Suggestion of {day}").format(day=f"{row.created_at:%d.%m.%Y}")
    if answer.strip():
        reason = f"{reason}. {answer.strip()}"
    if part in TEXTS:
        changed: dict[str, Any] = {part.value: {**getattr(view, part.value), row.language: wanted}}
        actions.edit_measure(
            actor=actor, measure_id=row.measure_id, version=view.version, reason=reason, **changed
        )
        return
    draft = _with_day(view, part, date.fromisoformat(wanted))
    actions.set_phase_dates(
        actor=actor, measure_id=row.measure_id, version=view.version, phases=[draft], reason=reason
    )


def _with_day(view: views.MeasureView, part: Part, day: date) -> values.PhaseDraft:
    """The dates of the works as they are, with one end of the forecast moved."""
    code = works_code(view.phase_scheme)
    old = next((phase for phase in view.phases if phase.code == code), None)
    draft = values.PhaseDraft(code)
    if old is not None:
        draft = values.PhaseDraft(code, old.planned, old.forecast, old.actual, old.confirmed)
    start, end = (day, draft.forecast[1]) if part is Part.WORKS_START else (draft.forecast[0], day)
    return replace(draft, forecast=(start, end))


def _decide(actor: Actor, row: Suggestion, measure: brief.Brief, state: SuggestionState, answer: str) -> None:
    answer = answer.strip()
    if len(answer) > LONGEST_ANSWER:
        raise InvalidInput(
            N_("This text has {length} characters; at most {longest} fit. Shorten it."),
            length=len(answer),
            longest=LONGEST_ANSWER,
            field="answer",
        )
    row.state, row.answer = state, answer
    row.decided_at, row.decided_by_id = now(), actor.person_id
    row.save(update_fields=["state", "answer", "decided_at", "decided_by"])
    journal(actor, VERBS[state], row, measure)
    if row.person_id is not None:
        tell(
            measure,
            [row.person_id],
            SUGGESTION,
            OUTCOMES[state],
            {},
            key=f"decided:{row.pk}",
            author_id=actor.person_id,
            quote=answer,
        )
    told = SuggestionDecided(row.pk, measure.id, measure.territory_id, state)
    announce(told)
