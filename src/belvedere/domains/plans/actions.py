"""Verbs on measures. Each checks the right, locks, changes, journals, tells after commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.plans import figures, maturity
from belvedere.domains.plans.events import MeasureCreated
from belvedere.domains.plans.models import Category, Measure, Phase
from belvedere.domains.plans.parts import BATCH, add_parts, phase_row
from belvedere.domains.plans.plan_actions import add_node, create_plan, learn_category
from belvedere.domains.plans.policies import Thing, require, sees
from belvedere.domains.plans.standing import standing_of, works_phase
from belvedere.domains.plans.states import Implementation, MeasureKind
from belvedere.domains.plans.values import (
    LONGEST_TEXT,
    MeasureDraft,
    PhaseDraft,
    Texts,
    check_phase,
    checked_texts,
)
from belvedere.domains.plans.writing import (
    already_there,
    at_once,
    changing,
    entry_of,
    names_of_places,
    owns_here,
    search_of,
    thing_of,
)
from belvedere.domains.territory.public import owners_among
from belvedere.duties.journal.public import record_many
from belvedere.engines.transactions import announce
from belvedere.kernel.clock import today
from belvedere.kernel.errors import N_, InvalidInput


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
    owns_here(territory_id, {draft.owner_id for draft in drafts})
    _pilots_here(territory_id, {draft.pilot_id for draft in drafts if draft.pilot_id})
    try:
        with transaction.atomic():
            made = _new_measures(territory_id, drafts)
            figures.refresh([measure.pk for measure in made])
            record_many(
                entry_of(actor, measure, verb="create_measure", after={"title": measure.title}, reason=reason)
                for measure in made
            )
            for measure in made:
                told = MeasureCreated(measure.pk, territory_id)
                announce(told)
    except IntegrityError as error:
        raise already_there(error) from error
    return [measure.pk for measure in made]


def _pilots_here(territory_id: UUID, pilots: set[UUID]) -> None:
    if owners_among(territory_id, pilots) != pilots:
        raise InvalidInput(
            N_("The pilot is not an organisation of this territory. Choose another, or add it first."),
            field="pilot",
        )


def _new_measures(territory_id: UUID, drafts: Sequence[MeasureDraft]) -> list[Measure]:
    owners: dict[UUID, Any] = {}
    categories: dict[int, Any] = {}
    places = names_of_places(place_id for draft in drafts for place_id in draft.place_ids)
    made = []
    for draft in drafts:
        measure = _new_row(territory_id, draft)
        # The words of owner and category are searched too: each is read once.
        measure.owner = owners.setdefault(draft.owner_id, owners.get(draft.owner_id) or measure.owner)
        if draft.category_id is not None:
            known = categories.get(draft.category_id) or measure.category
            measure.category = categories.setdefault(draft.category_id, known)
        measure.search = search_of(
            measure,
            [membership.code for membership in draft.memberships],
            [site.name for site in draft.sites],
            [name for place_id in draft.place_ids for name in places.get(place_id, ())],
        )
        made.append(measure)
    Measure.objects.bulk_create(made, BATCH)
    add_parts(list(zip(made, drafts, strict=True)))
    return made


def _new_row(territory_id: UUID, draft: MeasureDraft) -> Measure:
    return Measure(
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


def edit_measure(
    *,
    actor: Actor,
    measure_id: UUID,
    version: int | None,
    title: Texts | None = None,
    description: Texts | None = None,
    justification: Texts | None = None,
    kind: MeasureKind | None = None,
    category_id: int | None = None,
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
        if justification is not None:
            wanted["justification"] = checked_texts(
                justification, field="justification", longest=LONGEST_TEXT
            )
        if kind is not None:
            wanted["kind"] = MeasureKind(kind).value
        if category_id is not None:
            if not Category.objects.filter(pk=category_id, territory_id=measure.territory_id).exists():
                raise InvalidInput(N_("This category is not of this territory."), field="category")
            wanted["category_id"] = category_id
        _set(change, measure, wanted)


def _set(change: Any, measure: Measure, wanted: Mapping[str, Any]) -> None:
    for name, value in wanted.items():
        if change.note(name, getattr(measure, name), value):
            setattr(measure, name, value)


def change_phase(*, actor: Actor, measure_id: UUID, version: int | None, to: str, reason: str = "") -> None:
    """Move the planning to another phase through the table of `maturity`; going back needs a reason."""
    with changing(
        actor, measure_id, verb="change_phase", right="edit", reason=reason, version=version
    ) as change:
        measure = change.measure
        if to == measure.phase:
            return
        check_phase(measure.phase_scheme, to)
        maturity.take(standing_of(measure), maturity.Track.PLANNING, to, reason=reason)
        _set(change, measure, {"phase": to})


def change_implementation(
    *,
    actor: Actor,
    measure_id: UUID,
    version: int | None,
    to: Implementation,
    replaced_by: UUID | None = None,
    reason: str,
) -> None:
    """Move the implementation through the table of `maturity`.

    `replaced_by` names the measure that takes the place of one that is replaced.
    """
    with changing(
        actor, measure_id, verb="change_implementation", right="edit", reason=reason, version=version
    ) as change:
        measure = change.measure
        if to is Implementation(measure.implementation):
            return
        standing = standing_of(measure)
        successor = None
        if replaced_by is not None:
            if to is not Implementation.REPLACED:
                raise InvalidInput(
                    N_("Only a measure that is replaced names the one that takes its place."),
                    field="replaced_by",
                )
            successor = _successor(actor, measure, replaced_by)
            standing = replace(standing, replaced=True)
        maturity.take(standing, maturity.Track.IMPLEMENTATION, to.value, reason=reason)
        _set(change, measure, {"implementation": to.value})
        named = None if successor is None else successor.pk
        if to is Implementation.NOT_STARTED or named is not None:
            before = measure.replaced_by_id
            if change.note("replaced_by", before and str(before), named and str(named)):
                measure.replaced_by_id = named


def _successor(actor: Actor, measure: Measure, replaced_by: UUID) -> Measure:
    """The measure that takes the place, seen by the actor and not itself replaced by this one."""
    found = Measure.objects.filter(pk=replaced_by, territory_id=measure.territory_id).first()
    if found is None or not sees(actor, thing_of(found)):
        raise InvalidInput(
            N_("The measure that takes the place is not known here. Choose one of the list."),
            field="replaced_by",
        )
    one: Measure | None = found
    passed: set[UUID] = set()
    while one is not None and one.pk not in passed:
        if one.pk == measure.pk:
            raise InvalidInput(
                N_("A measure cannot be replaced by itself, nor by one that it replaces."),
                field="replaced_by",
            )
        passed.add(one.pk)
        one = one.replaced_by
    return found


def set_phase_dates(
    *, actor: Actor, measure_id: UUID, version: int | None, phases: Sequence[PhaseDraft], reason: str = ""
) -> None:
    """Set the dates of the phases given, the others stay; a phase without any date is taken away.

    The real start of the works is a fact that the aid hangs on: it meets the same guard as the phase.
    """
    codes = [draft.code for draft in phases]
    if len(set(codes)) != len(codes):
        raise InvalidInput(N_("A phase stands twice. Keep one line for each."), field="phase")
    with changing(
        actor, measure_id, verb="set_phase_dates", right="edit", reason=reason, version=version
    ) as change:
        measure = change.measure
        scheme = measure.phase_scheme
        known = {row.code: row for row in Phase.objects.filter(measure=measure, scheme=scheme)}
        for draft in phases:
            check_phase(scheme, draft.code)
            _check_actual(draft)
            old = known.get(draft.code)
            row = phase_row(measure, draft)
            starts = draft.code == works_phase(scheme) and row.actual_start is not None
            if starts and (old is None or old.actual_start is None):
                maturity.meet(standing_of(measure), maturity.WORKS_GUARDS)
            if not change.note(f"phase.{draft.code}", old and _dates(old), _dates(row)):
                continue
            if old is not None:
                old.delete()
            if _dates(row):
                row.save(force_insert=True)


def _check_actual(draft: PhaseDraft) -> None:
    if not draft.code:
        raise InvalidInput(N_("Say which phase the dates are of."), field="phase")
    if any(day is not None and day > today() for day in draft.actual):
        raise InvalidInput(N_("A date that is still to come is a forecast. Enter it as such."), field="phase")


def _dates(row: Phase) -> str | None:
    """The dates of a phase in one line for the journal; None when there is none."""
    parts = []
    for name in ("planned", "forecast", "actual"):
        start, end = getattr(row, f"{name}_start"), getattr(row, f"{name}_end")
        if start or end:
            parts.append(f"{name} {start or '…'} – {end or '…'}")
    if not parts:
        return None
    return "; ".join(parts) + ("; confirmed" if row.confirmed else "")


def publish_measure(
    *, actor: Actor, measure_id: UUID, version: int | None, published: bool, reason: str = ""
) -> None:
    """Show the measure to everyone, or take it back."""
    with changing(
        actor, measure_id, verb="publish_measure", right="publish", reason=reason, version=version
    ) as change:
        _set(change, change.measure, {"published": published})


__all__ = [
    "add_node",
    "at_once",
    "change_implementation",
    "change_phase",
    "create_measure",
    "create_measures",
    "create_plan",
    "edit_measure",
    "learn_category",
    "publish_measure",
    "set_phase_dates",
]
