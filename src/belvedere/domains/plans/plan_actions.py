"""Verbs on plans: the document, its tree, its words, its deadlines; the sister of `actions`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.errors import AlreadyThere, ChangedMeanwhile, NoSuchPlan
from belvedere.domains.plans.models import Category, DeadlineRule, IndexSeries, Plan, PlanMembership, PlanNode
from belvedere.domains.plans.policies import Thing, require
from belvedere.domains.plans.states import PLAN_TYPES, Agreement
from belvedere.domains.plans.values import DeadlineDraft, PlanEdit, Texts, checked_texts
from belvedere.domains.plans.writing import owns_here
from belvedere.duties.journal.public import record, signed
from belvedere.kernel.errors import N_, Conflict, InvalidInput
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
    has_agreement: bool = False,
    reason: str = "",
) -> UUID:
    """A new plan; its code is unique in the territory."""
    require(actor, "edit_plan", Thing(territory_id, owner_id))
    owns_here(territory_id, {owner_id})
    if type not in {known.code for known in PLAN_TYPES}:
        raise InvalidInput(N_("“{type}” is not a kind of plan."), type=type, field="type")
    with transaction.atomic():
        if Plan.objects.filter(territory_id=territory_id, code=code).exists():
            raise AlreadyThere(
                N_("A plan with the code {plan_code} is already there."), plan_code=code, field="code"
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
            has_agreement=has_agreement,
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
        plan = _locked(actor, plan_id)
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


def _record_plan(
    actor: Actor,
    plan: Plan,
    verb: str,
    after: dict[str, Any],
    reason: str,
    before: dict[str, Any] | None = None,
) -> None:
    record(
        **signed(actor),
        verb=f"plans.{verb}",
        subject=("plans.plan", str(plan.pk)),
        territory_id=plan.territory_id,
        before=before or {},
        after=after,
        reason=reason,
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


def _locked(actor: Actor, plan_id: UUID) -> Plan:
    plan = Plan.objects.select_for_update().filter(pk=plan_id).first()
    if plan is None:
        raise NoSuchPlan(N_("There is no such plan."))
    require(actor, "edit_plan", Thing(plan.territory_id, plan.owner_id))
    return plan


def edit_plan(*, actor: Actor, plan_id: UUID, version: int | None, draft: PlanEdit, reason: str = "") -> None:
    """Change what a plan says of itself, from its title to the rate of its aid."""
    with transaction.atomic():
        plan = _locked(actor, plan_id)
        if version is not None and version != plan.version:
            raise ChangedMeanwhile(
                N_(
                    "Someone changed this plan meanwhile. What you typed is kept: look at the new values, "
                    "then save again."
                )
            )
        _check_index(plan, draft.index_id)
        if plan.has_agreement and not draft.has_agreement:
            _check_no_agreement_runs(plan)
        wanted: dict[str, Any] = {
            "title": draft.title,
            "generation": draft.generation,
            "year_from": draft.years[0],
            "year_to": draft.years[1],
            "federal_rate": draft.federal_rate,
            "federal_maximum": draft.federal_maximum,
            "adopted_on": draft.adopted_on,
            "legal_basis": draft.legal_basis.strip()[:300],
            "index_id": draft.index_id,
            "has_agreement": draft.has_agreement,
        }
        changed = {name: value for name, value in wanted.items() if getattr(plan, name) != value}
        if not changed:
            return
        before = {name: _plain(getattr(plan, name)) for name in changed}
        for name, value in changed.items():
            setattr(plan, name, value)
        plan.version += 1
        plan.save()
        after = {name: _plain(value) for name, value in changed.items()}
        _record_plan(actor, plan, "edit_plan", after, reason, before)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | dict) else str(value)


def _check_index(plan: Plan, index_id: int | None) -> None:
    if index_id is None:
        return
    if not IndexSeries.objects.filter(pk=index_id, territory_id=plan.territory_id).exists():
        raise InvalidInput(N_("This index of prices is not of this territory."), field="index")


def _check_no_agreement_runs(plan: Plan) -> None:
    if PlanMembership.objects.filter(plan=plan).exclude(agreement=Agreement.NOT_LISTED).exists():
        raise Conflict(
            N_("Measures of this plan are on their way to an agreement. Take them back first."),
            field="has_agreement",
        )


def set_deadline_rules(
    *, actor: Actor, plan_id: UUID, version: int | None, rules: Sequence[DeadlineDraft], reason: str = ""
) -> None:
    """Replace the rules of deadlines of a plan; deadlines already frozen on listings stay as they are."""
    keys = [(rule.contribution, rule.valid_from) for rule in rules]
    if len(set(keys)) != len(keys):
        raise InvalidInput(
            N_("Two rules of one kind of contribution start on the same day. Keep one."), field="valid_from"
        )
    with transaction.atomic():
        plan = _locked(actor, plan_id)
        if version is not None and version != plan.version:
            raise ChangedMeanwhile(
                N_(
                    "Someone changed this plan meanwhile. What you typed is kept: look at the new values, "
                    "then save again."
                )
            )
        before = [_rule_said(rule) for rule in DeadlineRule.objects.filter(plan=plan)]
        DeadlineRule.objects.filter(plan=plan).delete()
        rows = DeadlineRule.objects.bulk_create(
            DeadlineRule(
                plan=plan,
                contribution=rule.contribution,
                start_by=rule.start_by,
                claim_by=rule.claim_by,
                valid_from=rule.valid_from,
                source=rule.source.strip()[:300],
            )
            for rule in rules
        )
        after = [_rule_said(rule) for rule in rows]
        if sorted(before) == sorted(after):
            return
        plan.version += 1
        plan.save(update_fields=["version"])
        _record_plan(actor, plan, "set_deadline_rules", {"deadlines": after}, reason, {"deadlines": before})


def _rule_said(rule: DeadlineRule) -> str:
    return f"{rule.valid_from} {rule.contribution}: {rule.start_by} / {rule.claim_by} ({rule.source})"
