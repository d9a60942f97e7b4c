"""Verbs on the actors, milestones, quantities, risks and decisions of a measure.

Each `set_…` adds an entry, or changes the one of `item_id`, and gives its identifier; each `remove_…` takes
one away. Links, documents and indicators have rooms of their own beside this one.
"""

from __future__ import annotations

from uuid import UUID

from belvedere.domains.access.public import Actor, names_of
from belvedere.domains.plans.follow.keeping import Kept
from belvedere.domains.plans.follow.values import (
    ActorDraft,
    DecisionDraft,
    MilestoneDraft,
    QuantityDraft,
    RiskDraft,
)
from belvedere.domains.plans.models import Decision, Document, MeasureActor, Milestone, Quantity, Risk
from belvedere.domains.plans.writing import Change
from belvedere.domains.territory.public import owners_among
from belvedere.kernel.errors import N_, InvalidInput

# The journal cannot forget: who a person is stands in the row only.
PERSONAL = frozenset({"person_id", "label"})
ACTOR = Kept(
    "actor",
    MeasureActor,
    ("role", "organisation_id", "person_id", "label", "since", "until"),
    hidden=PERSONAL,
)
MILESTONE = Kept("milestone", Milestone, ("type", "title", "planned", "forecast", "actual"))
QUANTITY = Kept("quantity", Quantity, ("unit", "planned", "realised", "label"))
RISK = Kept("risk", Risk, ("kind", "description", "probability", "impact", "mitigation", "closed_on"))
DECISION = Kept(
    "decision",
    Decision,
    ("type", "body", "dated", "title", "amount", "currency", "vat", "price_base", "document_id"),
)


def set_actor(
    *,
    actor: Actor,
    measure_id: UUID,
    version: int | None,
    draft: ActorDraft,
    item_id: int | None = None,
    reason: str = "",
) -> int:
    """Say who plays which part in the measure."""

    def check(change: Change, _present: int | None) -> None:
        wanted = {draft.organisation_id} if draft.organisation_id else set()
        if owners_among(change.measure.territory_id, wanted) != wanted:
            raise InvalidInput(
                N_("This is not an organisation of the territory. Choose another, or type its name."),
                field="organisation",
            )
        if draft.person_id and not names_of({draft.person_id}):
            raise InvalidInput(
                N_("This person has no account here any more. Choose another, or type a name."),
                field="person",
            )

    made: int = ACTOR.keep(actor, measure_id, version, item_id, ACTOR.drafted(draft), reason, check)
    return made


def remove_actor(
    *, actor: Actor, measure_id: UUID, version: int | None, item_id: int, reason: str = ""
) -> None:
    ACTOR.take_away(actor, measure_id, version, item_id, reason)


def set_milestone(
    *,
    actor: Actor,
    measure_id: UUID,
    version: int | None,
    draft: MilestoneDraft,
    item_id: UUID | None = None,
    reason: str = "",
) -> UUID:
    made: UUID = MILESTONE.keep(actor, measure_id, version, item_id, MILESTONE.drafted(draft), reason)
    return made


def remove_milestone(
    *, actor: Actor, measure_id: UUID, version: int | None, item_id: UUID, reason: str = ""
) -> None:
    MILESTONE.take_away(actor, measure_id, version, item_id, reason)


def set_quantity(
    *,
    actor: Actor,
    measure_id: UUID,
    version: int | None,
    draft: QuantityDraft,
    item_id: UUID | None = None,
    reason: str = "",
) -> UUID:
    """Say how much is built; aid by lump sum follows, since the figures are worked out again."""
    made: UUID = QUANTITY.keep(actor, measure_id, version, item_id, QUANTITY.drafted(draft), reason)
    return made


def remove_quantity(
    *, actor: Actor, measure_id: UUID, version: int | None, item_id: UUID, reason: str = ""
) -> None:
    QUANTITY.take_away(actor, measure_id, version, item_id, reason)


def set_risk(
    *,
    actor: Actor,
    measure_id: UUID,
    version: int | None,
    draft: RiskDraft,
    item_id: UUID | None = None,
    reason: str = "",
) -> UUID:
    made: UUID = RISK.keep(actor, measure_id, version, item_id, RISK.drafted(draft), reason)
    return made


def remove_risk(
    *, actor: Actor, measure_id: UUID, version: int | None, item_id: UUID, reason: str = ""
) -> None:
    RISK.take_away(actor, measure_id, version, item_id, reason)


def set_decision(
    *,
    actor: Actor,
    measure_id: UUID,
    version: int | None,
    draft: DecisionDraft,
    item_id: UUID | None = None,
    reason: str = "",
) -> UUID:
    """Record what a body decided; its document must be one of the measure's, in sight."""

    def check(_change: Change, _present: UUID | None) -> None:
        documents = Document.objects.filter(measure_id=measure_id, removed_at__isnull=True)
        if draft.document_id and not documents.filter(pk=draft.document_id).exists():
            raise InvalidInput(
                N_("This document is not one of the measure’s. Add it to the documents first."),
                field="document",
            )

    kind = draft.amount.kind if draft.amount else None
    made: UUID = DECISION.keep(
        actor,
        measure_id,
        version,
        item_id,
        {
            **{name: getattr(draft, name) for name in ("type", "body", "dated", "title", "document_id")},
            "amount": draft.amount.amount if draft.amount else None,
            "currency": kind.currency if kind else "",
            "vat": kind.vat.value if kind else "",
            "price_base": kind.price_base if kind else "",
        },
        reason,
        check,
    )
    return made


def remove_decision(
    *, actor: Actor, measure_id: UUID, version: int | None, item_id: UUID, reason: str = ""
) -> None:
    DECISION.take_away(actor, measure_id, version, item_id, reason)
