"""Everything that is followed on a measure, recorded in one act: what a file or a form of many parts brings.

For a measure that holds none of it yet, or more beside what stands; to change one entry, see `actions`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from belvedere.domains.access.public import Actor, names_of
from belvedere.domains.plans.errors import AlreadyThere
from belvedere.domains.plans.follow.values import (
    ActorDraft,
    DecisionDraft,
    EffectDraft,
    IndicatorValueDraft,
    MilestoneDraft,
    QuantityDraft,
    RiskDraft,
)
from belvedere.domains.plans.models import (
    Decision,
    Indicator,
    IndicatorValue,
    MeasureActor,
    MeasureIndicator,
    Milestone,
    Quantity,
    Risk,
)
from belvedere.domains.plans.writing import Change, changing
from belvedere.domains.territory.public import owners_among
from belvedere.kernel.errors import N_, InvalidInput

# The fields of the draft -> what the journal calls them.
PARTS = {
    "actors": "actor",
    "milestones": "milestone",
    "quantities": "quantity",
    "risks": "risk",
    "decisions": "decision",
    "effects": "effect",
}


@dataclass(frozen=True, slots=True)
class FollowDraft:
    """What is followed; each effect with its values. Decisions name no document here."""

    actors: tuple[ActorDraft, ...] = ()
    milestones: tuple[MilestoneDraft, ...] = ()
    quantities: tuple[QuantityDraft, ...] = ()
    risks: tuple[RiskDraft, ...] = ()
    decisions: tuple[DecisionDraft, ...] = ()
    effects: tuple[tuple[EffectDraft, tuple[IndicatorValueDraft, ...]], ...] = ()

    def __post_init__(self) -> None:
        if any(decision.document_id for decision in self.decisions):
            raise InvalidInput(
                N_("Add the document to the measure first, then name it in the decision."), field="document"
            )


def record_follow_up(
    *, actor: Actor, measure_id: UUID, version: int | None, draft: FollowDraft, reason: str = ""
) -> None:
    """Add all of `draft` to the measure, or nothing of it; the journal tells how many of each."""
    with changing(
        actor, measure_id, verb="record_follow_up", right="edit", reason=reason, version=version
    ) as change:
        _check_actors(change, draft.actors)
        _check_effects(change, [effect for effect, _values in draft.effects])
        MeasureActor.objects.bulk_create(_rows(MeasureActor, measure_id, draft.actors))
        Milestone.objects.bulk_create(_rows(Milestone, measure_id, draft.milestones))
        Quantity.objects.bulk_create(_rows(Quantity, measure_id, draft.quantities))
        Risk.objects.bulk_create(_rows(Risk, measure_id, draft.risks))
        Decision.objects.bulk_create(_decision(measure_id, one) for one in draft.decisions)
        effects = MeasureIndicator.objects.bulk_create(
            _rows(MeasureIndicator, measure_id, [effect for effect, _values in draft.effects])
        )
        IndicatorValue.objects.bulk_create(
            IndicatorValue(measure_indicator=effect, **_fields(value))
            for effect, (_draft, values) in zip(effects, draft.effects, strict=True)
            for value in values
        )
        for each, part in PARTS.items():
            count = len(getattr(draft, each))
            change.note(part, None, {"value": count} if count else None)


def _fields(draft: Any) -> dict[str, Any]:
    return {each.name: getattr(draft, each.name) for each in fields(draft)}


def _rows(model: Any, measure_id: UUID, drafts: Iterable[Any]) -> list[Any]:
    """The drafts bear the names of the columns."""
    return [model(measure_id=measure_id, **_fields(draft)) for draft in drafts]


def _decision(measure_id: UUID, draft: DecisionDraft) -> Decision:
    kind = draft.amount.kind if draft.amount else None
    return Decision(
        measure_id=measure_id,
        type=draft.type,
        body=draft.body,
        dated=draft.dated,
        title=dict(draft.title),
        amount=draft.amount.amount if draft.amount else None,
        currency=kind.currency if kind else "",
        vat=kind.vat.value if kind else "",
        price_base=kind.price_base if kind else "",
    )


def _check_actors(change: Change, drafts: Iterable[ActorDraft]) -> None:
    wanted = {draft.organisation_id for draft in drafts if draft.organisation_id}
    if owners_among(change.measure.territory_id, wanted) != wanted:
        raise InvalidInput(
            N_("This is not an organisation of the territory. Choose another, or type its name."),
            field="organisation",
        )
    people = {draft.person_id for draft in drafts if draft.person_id}
    if people and set(names_of(people)) != people:
        raise InvalidInput(
            N_("This person has no account here any more. Choose another, or type a name."), field="person"
        )


def _check_effects(change: Change, drafts: list[EffectDraft]) -> None:
    wanted = {draft.indicator_id for draft in drafts}
    if not wanted:
        return
    known = Indicator.objects.filter(pk__in=wanted, territory_id=change.measure.territory_id)
    if known.count() != len(wanted):
        raise InvalidInput(
            N_("This indicator is not of this territory. Choose another, or define it."), field="indicator"
        )
    attached = MeasureIndicator.objects.filter(measure=change.measure, indicator_id__in=wanted)
    if len(wanted) != len(drafts) or attached.exists():
        raise AlreadyThere(N_("The measure has this indicator already."), field="indicator")


__all__ = ["FollowDraft", "record_follow_up"]
