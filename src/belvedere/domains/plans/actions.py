"""Verbs on plans and measures. Each checks the right, locks, changes, journals, tells after commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.plans import figures
from belvedere.domains.plans.errors import AlreadyThere, ImpossibleTransition
from belvedere.domains.plans.events import MeasureCreated
from belvedere.domains.plans.models import Category, Measure, Plan, PlanNode
from belvedere.domains.plans.parts import add_parts
from belvedere.domains.plans.policies import Thing, require
from belvedere.domains.plans.states import (
    IMPLEMENTATION_TRANSITIONS,
    PLAN_TYPES,
    Implementation,
    MeasureKind,
)
from belvedere.domains.plans.values import LONGEST_TEXT, MeasureDraft, Texts, check_phase, checked_texts
from belvedere.domains.plans.writing import changing, entry_of, search_text
from belvedere.domains.territory.public import owners_among
from belvedere.duties.journal.public import record, record_many
from belvedere.kernel import events
from belvedere.kernel.errors import N_, InvalidInput
from belvedere.kernel.identifiers import fold, slugify
from belvedere.kernel.money import Kind


def create_plan(
    *,
    actor: Actor,
    territory_id: UUID,
    owner_id: UUID,
    type: str,  # noqa: A002 (the field's word)
    code: str,
    title: Texts,
    money_kind: Kind,
    generation: int | None = None,
    years: tuple[int | None, int | None] = (None, None),
    federal_rate: Any = None,
    federal_maximum: Any = None,
    previous_id: UUID | None = None,
    reason: str = "",
) -> UUID:
    """A new plan; its code is unique in the territory."""
    require(actor, "edit_plan", Thing(territory_id, owner_id))
    _owns_here(territory_id, {owner_id})
    if type not in {known.code for known in PLAN_TYPES}:
        raise InvalidInput(N_("“{type}” is not a kind of plan."), type=type, field="type")
    with transaction.atomic():
        if Plan.objects.filter(territory_id=territory_id, code=code).exists():
            raise AlreadyThere(
                N_("A plan with the code {code} is already there."), code_given=code, field="code"
            )
        plan = Plan.objects.create(
            territory_id=territory_id,
            owner_id=owner_id,
            type=type,
            code=code,
            generation=generation,
            title=checked_texts(title, field="title", required=True),
            year_from=years[0],
            year_to=years[1],
            federal_rate=federal_rate,
            federal_maximum=federal_maximum,
            currency=money_kind.currency,
            vat=money_kind.vat,
            price_base=money_kind.price_base,
            previous_id=previous_id,
        )
        _record_plan(actor, plan, "create_plan", {"code": code, "title": plan.title}, reason)
    return plan.pk


def add_node(
    *,
    actor: Actor,
    plan_id: UUID,
    code: str,
    title: Texts,
    parent_id: UUID | None = None,
    reason: str = "",
) -> UUID:
    """An axis, field or package in the tree of a plan."""
    with transaction.atomic():
        plan = Plan.objects.select_for_update().get(pk=plan_id)
        require(actor, "edit_plan", Thing(plan.territory_id, plan.owner_id))
        parent = PlanNode.objects.get(pk=parent_id, plan=plan) if parent_id else None
        node = PlanNode.objects.create(
            plan=plan,
            parent=parent,
            code=code,
            title=checked_texts(title, field="title", required=True),
            position=PlanNode.objects.filter(plan=plan, parent=parent).count(),
            path=f"{parent.path}.{code}" if parent and parent.path else code,
        )
        _record_plan(actor, plan, "add_node", {"code": code, "title": node.title}, reason)
    return node.pk


def _record_plan(actor: Actor, plan: Plan, verb: str, after: dict[str, Any], reason: str) -> None:
    record(
        actor_id=actor.person_id,
        actor_label=actor.label,
        verb=f"plans.{verb}",
        subject=("plans.plan", str(plan.pk)),
        territory_id=plan.territory_id,
        before={},
        after=after,
        reason=reason,
        request_id=actor.request_id,
    )


def learn_category(*, territory_id: UUID, names: Texts, code: str = "", synonyms: Sequence[str] = ()) -> int:
    """A word of the territory's vocabulary, with spellings that mean it; called again it adds spellings."""
    cleaned = checked_texts(names, field="category", longest=120, required=True)
    code = code or slugify(next(iter(cleaned.values())))
    category, _made = Category.objects.get_or_create(
        territory_id=territory_id, code=code, defaults={"names": cleaned}
    )
    known = set(category.synonyms)
    wanted = known | {fold(word)[:120] for word in (*cleaned.values(), *synonyms)}
    if wanted != known:
        category.synonyms = sorted(wanted)
        category.save(update_fields=["synonyms"])
    return category.pk


def create_measure(*, actor: Actor, territory_id: UUID, draft: MeasureDraft, reason: str = "") -> UUID:
    """A whole measure with its sites, plans and money, in one transaction."""
    return create_measures(actor=actor, territory_id=territory_id, drafts=[draft], reason=reason)[0]


def create_measures(
    *, actor: Actor, territory_id: UUID, drafts: Sequence[MeasureDraft], reason: str = ""
) -> list[UUID]:
    """Many measures at once, all or none; each has its own entry in the journal."""
    for draft in drafts:
        require(actor, "create", Thing(territory_id, draft.owner_id))
        if draft.published:
            require(actor, "publish", Thing(territory_id, draft.owner_id))
    _owns_here(territory_id, {draft.owner_id for draft in drafts})
    try:
        with transaction.atomic():
            made = [_new_measure(territory_id, draft) for draft in drafts]
            figures.refresh([measure.pk for measure in made])
            record_many(
                entry_of(actor, measure, verb="create_measure", after={"title": measure.title}, reason=reason)
                for measure in made
            )
            for measure in made:
                told = MeasureCreated(measure.pk, territory_id)
                transaction.on_commit(partial(events.publish, told))
    except IntegrityError as error:
        raise _already_there(error) from error
    return [measure.pk for measure in made]


def _owns_here(territory_id: UUID, owner_ids: set[UUID]) -> None:
    # A role in one territory must not open the door of another.
    if owners_among(territory_id, owner_ids) != owner_ids:
        raise InvalidInput(
            N_("The owner is not an organisation of this territory. Choose another, or add it first."),
            field="owner",
        )


def _new_measure(territory_id: UUID, draft: MeasureDraft) -> Measure:
    measure = Measure(
        territory_id=territory_id,
        external_id=draft.external_id,
        title=dict(draft.title),
        description=dict(draft.description),
        kind=draft.kind,
        category_id=draft.category_id,
        owner_id=draft.owner_id,
        phase_scheme=draft.phase_scheme,
        phase=draft.phase,
        implementation=draft.implementation,
        published=draft.published,
        is_example=draft.is_example,
    )
    measure.search = search_text(measure, [membership.code for membership in draft.memberships])
    measure.save(force_insert=True)
    add_parts(measure, draft)
    return measure


def _already_there(error: IntegrityError) -> Exception:
    text = str(error)
    if "measure_external_id_once" in text:
        return AlreadyThere(
            N_("A measure with this stable identifier is already there."), field="external_id"
        )
    if "measure_code_once_a_plan" in text:
        return AlreadyThere(N_("The plan already lists a measure under this code."), field="code")
    if "measure_once_a_plan" in text:
        return AlreadyThere(N_("The plan already lists this measure."), field="plan")
    return error


def edit_measure(
    *,
    actor: Actor,
    measure_id: UUID,
    version: int | None,
    title: Texts | None = None,
    description: Texts | None = None,
    kind: MeasureKind | None = None,
    category_id: int | None = None,
    phase: str | None = None,
    reason: str = "",
) -> None:
    """Change what the measure says of itself; what is None stays."""
    with changing(
        actor, measure_id, verb="edit_measure", right="edit", reason=reason, version=version
    ) as change:
        measure = change.measure
        wanted: dict[str, Any] = {}
        if title is not None:
            wanted["title"] = checked_texts(title, field="title", required=True)
        if description is not None:
            wanted["description"] = checked_texts(description, field="description", longest=LONGEST_TEXT)
        if kind is not None:
            wanted["kind"] = MeasureKind(kind).value
        if phase is not None:
            check_phase(measure.phase_scheme, phase)
            wanted["phase"] = phase
        if category_id is not None:
            if not Category.objects.filter(pk=category_id, territory_id=measure.territory_id).exists():
                raise InvalidInput(N_("This category is not of this territory."), field="category")
            wanted["category_id"] = category_id
        _set(change, measure, wanted)


def _set(change: Any, measure: Measure, wanted: Mapping[str, Any]) -> None:
    for name, value in wanted.items():
        if change.note(name, getattr(measure, name), value):
            setattr(measure, name, value)


def change_implementation(
    *, actor: Actor, measure_id: UUID, version: int | None, to: Implementation, reason: str
) -> None:
    """Move the implementation along the transition table; giving up and replacing need a reason."""
    with changing(
        actor, measure_id, verb="change_implementation", right="edit", reason=reason, version=version
    ) as change:
        measure = change.measure
        now = Implementation(measure.implementation)
        if to is now:
            return
        if to not in IMPLEMENTATION_TRANSITIONS[now]:
            raise ImpossibleTransition(
                N_("A measure cannot go from “{now}” to “{to}”."), now=now.value, to=to.value
            )
        if to in (Implementation.ABANDONED, Implementation.REPLACED) and not reason.strip():
            raise InvalidInput(N_("Say why: the reason is kept in the journal."), field="reason")
        _set(change, measure, {"implementation": to.value})


def publish_measure(
    *, actor: Actor, measure_id: UUID, version: int | None, published: bool, reason: str = ""
) -> None:
    """Show the measure to everyone, or take it back."""
    with changing(
        actor, measure_id, verb="publish_measure", right="publish", reason=reason, version=version
    ) as change:
        _set(change, change.measure, {"published": published})
