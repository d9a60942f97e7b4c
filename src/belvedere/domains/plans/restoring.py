"""Putting an old value back: from an entry of the journal, through the verb that changed it then.

Only what one value says alone comes back so: what the measure says of itself, its state, the dates of its
phases, what a plan says of it, its milestones, quantities and risks. Amounts hang on one another, sites and
documents are kept elsewhere, and who a person is never stands in the journal: these have forms of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.plans import actions, listing_actions
from belvedere.domains.plans.follow import actions as follow_actions
from belvedere.domains.plans.follow import values as follow_values
from belvedere.domains.plans.models import Measure, Phase, PlanMembership
from belvedere.domains.plans.parts import membership_draft
from belvedere.domains.plans.states import Implementation, MeasureKind, Priority
from belvedere.domains.plans.values import PhaseDraft
from belvedere.domains.plans.vocabulary import Contribution, MilestoneType, QuantityUnit, RiskKind
from belvedere.duties.journal.public import Recorded, entry_of
from belvedere.kernel.errors import N_, Conflict, NotFound

_SPAN = re.compile(r"(planned|forecast|actual) (\S+) – ([^\s;]+)")
Common = dict[str, Any]


def put_back(
    *, actor: Actor, measure_id: UUID, version: int | None, entry_id: int, name: str, reason: str = ""
) -> None:
    """Give the value `name` of the measure what the entry `entry_id` says it was before.

    Raises:
        NotFound: the entry is not one of the measure's, or did not change this.
        Conflict: this kind of value is not put back so, or stands already.
        Refused, InvalidInput: as the verb that changes it says.
    """
    entry = entry_of(("plans.measure", str(measure_id)), entry_id)
    if entry is None or name not in {change[0] for change in entry.changes}:
        raise NotFound(N_("The journal of this measure has no such value. Open the measure again."))
    if not restorable(entry, name):
        raise Conflict(
            N_("This value is not put back from the journal. Change it where it stands in the measure.")
        )
    act = _WHOLE.get(name) or _acts(name)
    before = Measure.objects.filter(pk=measure_id).values_list("version", flat=True).first()
    common = {"actor": actor, "measure_id": measure_id, "version": version, "reason": reason}
    act(common, entry, name)
    if Measure.objects.filter(pk=measure_id).values_list("version", flat=True).first() == before:
        raise Conflict(N_("This value stands already; nothing was changed."))


def restorable(entry: Recorded, name: str) -> bool:
    """Whether what was before can be put back from the entry."""
    if entry.verb in ("plans.create_measure", "plans.import_measures"):
        return False
    if name.startswith("phase.") or name in _LISTING:
        return name not in _LISTING or "plan" in entry.after
    if name in _FOLLOWED:  # what was added then is removed in its own place
        return isinstance(entry.before.get(name), dict)
    if name in ("title", "description", "justification"):
        return isinstance(entry.before.get(name), dict)
    return name in _WHOLE and entry.before.get(name) not in (None, "")


def _acts(name: str) -> Callable[[Common, Recorded, str], None]:
    if name.startswith("phase."):
        return _dates
    return _listing if name in _LISTING else _followed


# ------------------------------------------------------------------ the measure itself
def _texts(common: Common, entry: Recorded, name: str) -> None:
    actions.edit_measure(**common, **{name: entry.before[name]})


def _kind(common: Common, entry: Recorded, name: str) -> None:
    actions.edit_measure(**common, kind=MeasureKind(entry.before[name]))


def _category(common: Common, entry: Recorded, name: str) -> None:
    actions.edit_measure(**common, category_id=int(entry.before[name]))


def _phase(common: Common, entry: Recorded, name: str) -> None:
    actions.change_phase(**common, to=str(entry.before[name]))


def _implementation(common: Common, entry: Recorded, name: str) -> None:
    actions.change_implementation(**common, to=Implementation(entry.before[name]))


def _published(common: Common, entry: Recorded, name: str) -> None:
    actions.publish_measure(**common, published=bool(entry.before[name]))


def _dates(common: Common, entry: Recorded, name: str) -> None:
    code = name.removeprefix("phase.")
    said = str(entry.before.get(name) or "")
    spans = {span: (_day(start), _day(end)) for span, start, end in _SPAN.findall(said)}
    confirmed = said.endswith("; confirmed")
    known = Phase.objects.filter(measure_id=common["measure_id"], code=code).exists()
    if not spans and not known:
        raise Conflict(N_("This value stands already; nothing was changed."))
    actions.set_phase_dates(**common, phases=[PhaseDraft(code, **spans, confirmed=confirmed)])


def _day(text: Any) -> date | None:
    return None if text in (None, "", "…") else date.fromisoformat(text)


# ------------------------------------------------------------------ what a plan says
_LISTING: Mapping[str, Callable[[Any], dict[str, Any]]] = {
    "priority": lambda was: {"priority": Priority(was or "")},
    "code": lambda was: {"code": was or ""},
    "are_code": lambda was: {"are_code": was or ""},
    "node_id": lambda was: {"node_id": UUID(was) if was else None},
    "listed_cost": lambda was: {"listed_cost": Decimal(was) if was else None},
    "listed_cost_note": lambda was: {"listed_cost_note": was or ""},
    "contribution": lambda was: {"contribution": Contribution(was)},
    "start_deadline": lambda was: {"start_deadline": _day(was)},
    "claim_deadline": lambda was: {"claim_deadline": _day(was)},
    "deadline_source": lambda was: {"deadline_source": was or ""},
}


def _listing(common: Common, entry: Recorded, name: str) -> None:
    plan = entry.after["plan"]
    row = PlanMembership.objects.filter(measure_id=common["measure_id"], plan__code=plan).first()
    if row is None:
        raise NotFound(N_("The plan no longer lists this measure. Open the measure again."))
    draft = replace(membership_draft(row), **_LISTING[name](entry.before.get(name)))
    listing_actions.edit_listing(**common, listing_id=row.pk, draft=draft)


# ------------------------------------------------------------------ what is followed
def _followed(common: Common, entry: Recorded, name: str) -> None:
    """The row as it was; a row that was taken away is added anew."""
    kept, draft_of, verb = _FOLLOWED[name]
    was = entry.before[name]
    here = kept.model._default_manager.filter(measure_id=common["measure_id"], pk=was["id"])  # noqa: SLF001
    item_id = was["id"] if here.exists() else None
    if item_id is None and entry.after.get(name) is not None:
        raise NotFound(N_("This entry is gone: someone removed it. Open the measure again."))
    if item_id is not None:
        item_id = kept.model._meta.pk.to_python(item_id)  # noqa: SLF001
    verb(**common, draft=draft_of(was), item_id=item_id)


def _milestone(was: Mapping[str, Any]) -> follow_values.MilestoneDraft:
    days = {name: _day(was.get(name)) for name in ("planned", "forecast", "actual")}
    return follow_values.MilestoneDraft(MilestoneType(was["type"]), was.get("title", {}), **days)


def _quantity(was: Mapping[str, Any]) -> follow_values.QuantityDraft:
    realised = was.get("realised")
    return follow_values.QuantityDraft(
        QuantityUnit(was["unit"]),
        Decimal(was["planned"]),
        None if realised is None else Decimal(realised),
        was.get("label", {}),
    )


def _risk(was: Mapping[str, Any]) -> follow_values.RiskDraft:
    return follow_values.RiskDraft(
        RiskKind(was["kind"]),
        was["description"],
        was["probability"],
        was["impact"],
        was.get("mitigation", {}),
        _day(was.get("closed_on")),
    )


_FOLLOWED: Mapping[str, tuple[Any, Callable[[Mapping[str, Any]], Any], Callable[..., Any]]] = {
    "milestone": (follow_actions.MILESTONE, _milestone, follow_actions.set_milestone),
    "quantity": (follow_actions.QUANTITY, _quantity, follow_actions.set_quantity),
    "risk": (follow_actions.RISK, _risk, follow_actions.set_risk),
}
_WHOLE: Mapping[str, Callable[[Common, Recorded, str], None]] = {
    "title": _texts,
    "description": _texts,
    "justification": _texts,
    "kind": _kind,
    "category_id": _category,
    "phase": _phase,
    "implementation": _implementation,
    "published": _published,
}

__all__ = ["put_back", "restorable"]
