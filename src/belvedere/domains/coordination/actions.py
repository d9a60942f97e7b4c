"""Verbs of coordination: say what comes of two works, and set how near is near."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.coordination.errors import NoConflict
from belvedere.domains.coordination.events import RuleChanged, VerdictGiven
from belvedere.domains.coordination.models import Rule, Verdict
from belvedere.domains.coordination.policies import may_decide, may_set_rule, require
from belvedere.domains.coordination.queries import conflict, dates_of, rule_of
from belvedere.domains.coordination.states import State
from belvedere.domains.coordination.values import Conflict
from belvedere.domains.territory.public import territory_by_id
from belvedere.duties.journal.public import record, signed
from belvedere.engines.transactions import announce
from belvedere.kernel.clock import now, today
from belvedere.kernel.errors import N_, InvalidInput
from belvedere.science.coordination.meeting import Params

LONGEST_NOTE = 1000


def give_verdict(
    *,
    actor: Actor,
    territory_id: UUID,
    pair: tuple[UUID, UUID],
    state: State,
    note: str = "",
    leader_id: UUID | None = None,
) -> None:
    """Say what comes of two works that meet: to coordinate; coordinated, led by whom; no conflict, and why.

    Raises NoConflict when they do not meet or the actor may not see both, Refused without the right.
    """
    found = _found(actor, territory_id, pair)
    note = _checked(found, state, note, leader_id)
    a, b = sorted((found.first, found.second), key=lambda one: one.id)
    with transaction.atomic():
        row = Verdict.objects.select_for_update().filter(one_id=a.id, other_id=b.id).first()
        before = None if row is None else _told(row)
        row = row or Verdict(one_id=a.id, other_id=b.id, territory_id=territory_id)
        leader = leader_id if state is State.COORDINATED else None
        dates = dates_of(a, b)
        if before is not None and (row.state, row.note, row.leader_id, row.dates) == (
            state,
            note,
            leader,
            dates,
        ):
            return
        row.state, row.note, row.leader_id, row.dates, row.given_at = state, note, leader, dates, now()
        row.save()
        _journal(actor, f"mark_{state.value}", row, before, _told(row), note)
        told = VerdictGiven(territory_id, found.pair, state.value)
        announce(told)


def withdraw_verdict(*, actor: Actor, territory_id: UUID, pair: tuple[UUID, UUID], reason: str = "") -> None:
    """Take back what was said: the conflict is open again."""
    found = _found(actor, territory_id, pair)
    one, other = found.pair
    with transaction.atomic():
        row = Verdict.objects.select_for_update().filter(one_id=one, other_id=other).first()
        if row is None:
            return
        _journal(actor, "withdraw_verdict", row, _told(row), None, reason)
        row.delete()
        told = VerdictGiven(territory_id, found.pair, "")
        announce(told)


def set_rule(*, actor: Actor, territory_id: UUID, rule: Params, reason: str = "") -> bool:
    """Set from which distance and within how many years works are a conflict; False: it was so already."""
    require(may_set_rule(actor, territory_id), "may_not_set_rule")
    with transaction.atomic():
        Rule.objects.select_for_update().filter(territory_id=territory_id).first()
        before = rule_of(territory_id)
        if before == rule:
            return False
        said = _rule(rule)
        Rule.objects.update_or_create(territory_id=territory_id, defaults=said)
        record(
            **signed(actor),
            verb="coordination.set_rule",
            subject=("territory.territory", str(territory_id)),
            territory_id=territory_id,
            before=_rule(before),
            after=said,
            reason=reason,
        )
        announce(RuleChanged(territory_id))
    return True


def _rule(rule: Params) -> dict[str, float]:
    return asdict(rule)


def _found(actor: Actor, territory_id: UUID, pair: tuple[UUID, UUID]) -> Conflict:
    found = conflict(actor, territory_id, pair, day=today(territory_by_id(territory_id).zone))
    if found is None:
        raise NoConflict(N_("These two works do not meet, or no longer. Look at the list again."))
    require(may_decide(actor, (found.first, found.second)), "may_not_decide")
    return found


def _checked(found: Conflict, state: State, note: str, leader_id: UUID | None) -> str:
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise InvalidInput(
            N_("The note has {length} characters; at most {longest} fit. Shorten it."),
            length=len(note),
            longest=LONGEST_NOTE,
            field="note",
        )
    if state is State.NO_CONFLICT and not note:
        raise InvalidInput(N_("Say why this is no conflict: the others will ask."), field="note")
    if state is State.COORDINATED and leader_id not in found.owners:
        raise InvalidInput(N_("Say which of the two owners leads the works."), field="leader")
    return note


def _told(row: Verdict) -> dict[str, Any]:
    return {
        "state": row.state,
        "note": row.note,
        "leader": None if row.leader_id is None else str(row.leader_id),
        "dates": row.dates,
    }


def _journal(
    actor: Actor,
    verb: str,
    row: Verdict,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    reason: str,
) -> None:
    """An entry on each of the two measures, so that both their journals tell it."""
    for here, there in ((row.one_id, row.other_id), (row.other_id, row.one_id)):
        record(
            **signed(actor),
            verb=f"coordination.{verb}",
            subject=("plans.measure", str(here)),
            territory_id=row.territory_id,
            before=None if before is None else {"verdict": before},
            after={"verdict": None if after is None else {**after, "with": str(there)}},
            reason=reason,
        )


__all__ = ["give_verdict", "set_rule", "withdraw_verdict"]
