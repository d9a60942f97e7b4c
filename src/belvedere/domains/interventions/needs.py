"""Maintenance that comes when equipment needs it: by a counter, or while a rule finds something wrong.

A counter counts from where it stood when the plan began, for each piece of equipment, and on from each
maintenance. While a maintenance of a plan is open for a piece, no other one is made for it. The alarm of a
rule is left to whom it waits for: that a maintenance is planned answers nobody's alarm.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.automation import public as automation
from belvedere.domains.equipment import public as equipment
from belvedere.domains.interventions import upkeep
from belvedere.domains.interventions.actions import About, write_planned
from belvedere.domains.interventions.alarms import sentence_in
from belvedere.domains.interventions.drafts import Facts, checked
from belvedere.domains.interventions.errors import BadIntervention
from belvedere.domains.interventions.models import CounterMark, Intervention, NeedPlan
from belvedere.domains.interventions.policies import may_plan
from belvedere.domains.interventions.states import OPEN, Kind
from belvedere.domains.interventions.views import NeedView
from belvedere.domains.territory.public import TerritoryView, territory_by_id
from belvedere.domains.twin import public as twin
from belvedere.kernel.errors import N_
from belvedere.kernel.severity import Severity


@dataclass(frozen=True, slots=True)
class NeedDraft:
    """A maintenance by need, of a kind of equipment: `counter` (the term of an attribute) and `every`, in its
    unit, or `rule_id`."""

    owner_id: UUID
    what: str
    equipment_kind: str
    counter: str = ""
    every: float | None = None
    rule_id: int | None = None
    contract_id: UUID | None = None
    team_id: UUID | None = None


def plan_by_need(*, actor: Actor, territory: TerritoryView, draft: NeedDraft) -> UUID:
    """Have a maintenance planned whenever a piece of equipment needs it; gives the id of the plan."""
    upkeep.check_owner(actor, territory, draft.owner_id)
    facts = checked(Facts(draft.what, Kind.PREVENTIVE, team_id=draft.team_id))
    if draft.equipment_kind not in equipment.kinds():
        raise BadIntervention(N_("Choose a kind of equipment."), field="equipment_kind")
    _check_need(actor, territory, draft)
    upkeep.check_hands(actor, facts, draft.owner_id, draft.contract_id)
    with transaction.atomic():
        row = NeedPlan.objects.create(
            territory_id=territory.id,
            owner_id=draft.owner_id,
            what=facts.what,
            equipment_kind=draft.equipment_kind,
            contract_id=draft.contract_id,
            team_id=draft.team_id,
            counter=draft.counter,
            every=draft.every,
            rule_id=draft.rule_id,
        )
        _journal(actor, row, "plan_by_need")
        if row.counter:
            _begin(row, _pieces(row), _readings(row))
    return row.pk


def _check_need(actor: Actor, territory: TerritoryView, draft: NeedDraft) -> None:
    if bool(draft.counter) == (draft.rule_id is not None):
        raise BadIntervention(N_("Choose a counter or a rule: one of them."), field="counter")
    if draft.counter:
        if draft.counter not in counters(draft.equipment_kind):
            raise BadIntervention(N_("This kind of equipment tells no such counter."), field="counter")
        if draft.every is None or not (math.isfinite(draft.every) and draft.every > 0):
            raise BadIntervention(N_("Say after how much on the counter."), field="every")
    elif draft.rule_id not in {one.id for one in automation.rules(actor, territory.id)}:
        raise BadIntervention(N_("Choose a rule that you may see."), field="rule")
    elif draft.every is not None:
        raise BadIntervention(N_("Say after how much only with a counter."), field="every")


def counters(equipment_kind: str) -> dict[str, str]:
    """What things of this kind of equipment tell as numbers: the term, and the kind of thing telling it."""
    described = twin.descriptions()
    kind = equipment.kinds().get(equipment_kind)
    return {
        term: slug
        for slug in reversed(kind.things if kind else ())
        if slug in described
        for term, one in described[slug].attributes.items()
        if one.kind is twin.ValueType.NUMBER
    }


def stop_by_need(*, actor: Actor, plan_id: UUID) -> None:
    """Make no more interventions; those that are made stay."""
    upkeep.stop(
        NeedPlan.objects.all(),
        actor=actor,
        plan_id=plan_id,
        told=lambda row: _journal(actor, row, "stop_by_need"),
    )


def _journal(actor: Actor, row: NeedPlan, verb: str) -> None:
    after = {"counter": row.counter, "every": row.every, "rule": row.rule_id}
    upkeep.journal(actor, row, verb, "need", after)


def need_plans(actor: Actor, territory_id: UUID) -> list[NeedView]:
    """The plans of the organisations that the actor sees: those that run first, then by what is done."""
    rows = upkeep.seen(actor, territory_id, NeedPlan.objects.all())
    return [
        NeedView(
            id=one.pk,
            owner_id=one.owner_id,
            what=one.what,
            equipment_kind=one.equipment_kind,
            thing_kind=counters(one.equipment_kind).get(one.counter, ""),
            counter=one.counter,
            every=one.every,
            rule_id=one.rule_id,
            is_running=one.is_running,
            may_edit=may_plan(actor, territory_id, one.owner_id) is None,
        )
        for one in rows.order_by("-is_running", "what", "pk")
    ]


def make_needed() -> int:
    """Plan what is needed now, once for each time; gives how many interventions were made."""
    return upkeep.make(NeedPlan.objects.order_by("pk"), _make)


def _make(row: NeedPlan) -> int:
    pieces = _pieces(row)
    if row.counter:
        needing = _crossed(row, pieces)
    else:
        assert row.rule_id is not None
        wrong = automation.going_on(row.rule_id)
        needing = [one for one in pieces if one.entity_id in wrong]
    held = Intervention.objects.filter(need=row, state__in=list(OPEN))
    busy = set(held.values_list("equipment_id", flat=True))
    made = [one for one in needing if one.id not in busy]
    territory = territory_by_id(row.territory_id)
    for one in made:
        _write(row, territory, one)
    return len(made)


def _pieces(row: NeedPlan) -> list[equipment.Known]:
    return [one for one in upkeep.pieces(row) if one.entity_id is not None]


def _readings(row: NeedPlan) -> Mapping[int, float]:
    """What the counters of things stand at now."""
    kinds = equipment.kinds()[row.equipment_kind].things
    names = {twin.expand_term(kind, row.counter) for kind in kinds}
    things = twin.watchable(row.territory_id, kinds=kinds, types=(), attributes=names)
    return {
        thing.entity_id: one.number
        for thing in things
        for one in thing.series.values()
        if one.number is not None and math.isfinite(one.number)
    }


def _begin(row: NeedPlan, pieces: Sequence[equipment.Known], readings: Mapping[int, float]) -> None:
    stand = ((one.id, readings.get(one.entity_id or 0)) for one in pieces)
    CounterMark.objects.bulk_create(
        [CounterMark(plan=row, equipment_id=key, value=value) for key, value in stand if value is not None],
        ignore_conflicts=True,
    )


def _crossed(row: NeedPlan, pieces: Sequence[equipment.Known]) -> list[equipment.Known]:
    """Those whose counter went on by `every` since their mark; the mark goes on by whole times of it.

    A counter that fell was reset, or is another one: it counts from there.
    """
    readings, every = _readings(row), row.every or math.inf
    marks = {one.equipment_id: one for one in row.marks.select_for_update()}
    found, moved = [], []
    for one in pieces:
        mark, value = marks.get(one.id), readings.get(one.entity_id or 0)
        if mark is None or value is None:
            continue
        times = math.floor((value - mark.value) / every)
        if times > 0:
            mark.value += times * every
            found.append(one)
        elif value < mark.value:
            mark.value = value
        else:
            continue
        moved.append(mark)
    CounterMark.objects.bulk_update(moved, ["value"], batch_size=500)
    _begin(row, [one for one in pieces if one.id not in marks], readings)
    return found


def _write(row: NeedPlan, territory: TerritoryView, one: equipment.Known) -> None:
    if row.counter:
        why = sentence_in(territory, N_("The counter went on by {every}."), every=f"{row.every:g}")
    else:
        name = automation.rule(Actor.system(), row.rule_id or 0).name
        why = sentence_in(territory, N_("The rule “{rule}” found something wrong."), rule=name)
    facts = Facts(row.what, Kind.PREVENTIVE, Severity.MINOR, details=why, team_id=row.team_id)
    about = About(row.owner_id, one, one.entity_id)
    write_planned(Actor.system(), territory, about, upkeep.without_a_stranger(one, facts), need=row.pk)
