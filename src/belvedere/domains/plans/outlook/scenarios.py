"""Scenarios of an owner: changes laid over the reference, saved under a name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.errors import AlreadyThere, ChangedMeanwhile
from belvedere.domains.plans.models import FundingLine, Measure, Scenario, ScenarioChange, ScenarioLeaver
from belvedere.domains.plans.outlook.keeping import allow, entry
from belvedere.domains.plans.outlook.question import Adjustments, Change
from belvedere.domains.plans.outlook.values import ScenarioDraft
from belvedere.domains.plans.policies import Thing, may, require_outlook
from belvedere.domains.plans.vocabulary import ScenarioType
from belvedere.domains.territory.public import owners_among
from belvedere.duties.journal.public import record_many
from belvedere.kernel.errors import N_, InvalidInput, NotFound

RATE_PLACES = Decimal("0.00001")


@dataclass(frozen=True, slots=True)
class ScenarioView:
    """A saved scenario; `may` holds "make_scenario" and "archive_scenario" where they are open."""

    id: UUID
    territory_id: UUID
    organisation_id: UUID
    name: str
    type: ScenarioType
    note: str
    adjustments: Adjustments
    version: int
    updated_at: datetime
    archived: bool
    may: frozenset[str]


def scenarios_of(
    actor: Actor, territory_id: UUID, organisation_id: UUID, *, archived: bool = False
) -> tuple[ScenarioView, ...]:
    """The scenarios of an organisation, by name."""
    require_outlook(actor, territory_id, organisation_id)
    rows = Scenario.objects.filter(
        territory_id=territory_id, organisation_id=organisation_id, archived=archived
    )
    return tuple(
        _view(actor, row) for row in rows.order_by("name", "pk").prefetch_related("changes", "leavers")
    )


def scenario(actor: Actor, scenario_id: UUID) -> ScenarioView:
    """One scenario; NotFound when there is none, Refused for who may not see the outlook."""
    row = Scenario.objects.filter(pk=scenario_id).first()
    if row is None:
        raise _gone()
    require_outlook(actor, row.territory_id, row.organisation_id)
    return _view(actor, row)


def _gone() -> NotFound:
    return NotFound(N_("There is no such scenario."), code="no_such_scenario")


def _view(actor: Actor, row: Scenario) -> ScenarioView:
    thing = Thing(row.territory_id, row.organisation_id)
    return ScenarioView(
        id=row.pk,
        territory_id=row.territory_id,
        organisation_id=row.organisation_id,
        name=row.name,
        type=ScenarioType(row.type),
        note=row.note,
        adjustments=_adjustments(row),
        version=row.version,
        updated_at=row.updated_at,
        archived=row.archived,
        may=frozenset(
            verb for verb in ("make_scenario", "archive_scenario") if may(actor, verb, thing) is None
        ),
    )


def _adjustments(row: Scenario) -> Adjustments:
    return Adjustments(
        {one.measure_id: Change(one.shift_years, one.cost_share) for one in row.changes.all()},
        frozenset(one.organisation_id for one in row.leavers.all()),
        Change(row.shift_years, row.cost_share),
    )


def save_scenario(
    *,
    actor: Actor,
    territory_id: UUID,
    organisation_id: UUID,
    draft: ScenarioDraft,
    scenario_id: UUID | None = None,
    version: int | None = None,
    reason: str = "",
) -> UUID:
    """Save a new scenario, or the one of `scenario_id` whole; `version` is the one that was opened."""
    allow(actor, "make_scenario", territory_id, organisation_id)
    _check(territory_id, organisation_id, draft.adjustments)
    with transaction.atomic():
        row = Scenario(territory_id=territory_id, organisation_id=organisation_id)
        before: dict[str, Any] = {}
        if scenario_id is not None:
            row = _locked(scenario_id, version)
            if (row.territory_id, row.organisation_id) != (territory_id, organisation_id):
                raise _gone()
            before = _said(row, _adjustments(row))
        _check_name(organisation_id, draft.name, row.pk)
        _write(row, draft)
        after = _said(row, draft.adjustments)
        if before == after:
            return row.pk
        row.version += scenario_id is not None
        row.save()
        _lay(row, draft.adjustments)
        record_many([_entry(actor, row, "save_scenario", before, after, reason)])
        return row.pk


def _locked(scenario_id: UUID, version: int | None) -> Scenario:
    row = Scenario.objects.select_for_update().filter(pk=scenario_id, archived=False).first()
    if row is None:
        raise _gone()
    if version is not None and version != row.version:
        raise ChangedMeanwhile(
            N_(
                "Someone changed this scenario meanwhile. What you set is kept: save it under another name, "
                "or open the scenario again."
            )
        )
    return row


def _check_name(organisation_id: UUID, name: str, own: UUID) -> None:
    twins = Scenario.objects.filter(organisation_id=organisation_id, name=name, archived=False)
    if twins.exclude(pk=own).exists():
        raise AlreadyThere(
            N_("A scenario is already called “{name}”. Choose another name."), name=name, field="name"
        )


def _check(territory_id: UUID, organisation_id: UUID, adjustments: Adjustments) -> None:
    """Refuse measures that the organisation neither owns nor pays, and leavers that are not others."""
    wanted = set(adjustments.changes)
    if wanted - _own_or_paid(territory_id, organisation_id, wanted):
        raise InvalidInput(
            N_("A scenario changes measures that the organisation owns or pays a part of, no others."),
            field="changes",
        )
    leavers = set(adjustments.leavers)
    if organisation_id in leavers:
        raise InvalidInput(N_("An organisation cannot leave its own outlook."), field="leavers")
    if leavers - owners_among(territory_id, leavers):
        raise InvalidInput(N_("Who leaves is not an organisation of this territory."), field="leavers")


def _own_or_paid(territory_id: UUID, organisation_id: UUID, wanted: Collection[UUID]) -> set[UUID]:
    here = Measure.objects.filter(pk__in=wanted, territory_id=territory_id)
    own = here.filter(owner_id=organisation_id).values_list("pk", flat=True)
    paid = FundingLine.objects.filter(measure__in=here, organisation_id=organisation_id)
    return {*own, *paid.values_list("measure_id", flat=True)}


def _write(row: Scenario, draft: ScenarioDraft) -> None:
    general = draft.adjustments.general
    row.name, row.type, row.note = draft.name, draft.type, draft.note.strip()[:500]
    row.shift_years, row.cost_share = general.shift_years, general.cost_share.quantize(RATE_PLACES)


def _lay(row: Scenario, adjustments: Adjustments) -> None:
    row.changes.all().delete()
    row.leavers.all().delete()
    ScenarioChange.objects.bulk_create(
        ScenarioChange(
            scenario=row,
            measure_id=measure_id,
            shift_years=change.shift_years,
            cost_share=change.cost_share.quantize(RATE_PLACES),
        )
        for measure_id, change in adjustments.changes.items()
    )
    ScenarioLeaver.objects.bulk_create(
        ScenarioLeaver(scenario=row, organisation_id=leaver) for leaver in adjustments.leavers
    )


def archive_scenario(*, actor: Actor, scenario_id: UUID, version: int | None, reason: str = "") -> None:
    """Put a scenario away: it leaves the lists, and its name is free again."""
    with transaction.atomic():
        row = _locked(scenario_id, version)
        allow(actor, "archive_scenario", row.territory_id, row.organisation_id)
        row.archived = True
        row.version += 1
        row.save()
        record_many([_entry(actor, row, "archive_scenario", {"archived": False}, {"archived": True}, reason)])


def _entry(
    actor: Actor, row: Scenario, verb: str, before: dict[str, Any], after: dict[str, Any], reason: str
) -> Any:
    return entry(
        actor,
        verb=verb,
        subject=("plans.scenario", row.pk),
        territory_id=row.territory_id,
        before=before,
        after=after,
        reason=reason,
    )


def _said(row: Scenario, adjustments: Adjustments) -> dict[str, Any]:
    return {
        "name": row.name,
        "type": str(row.type),
        "note": row.note,
        "general": _change_said(adjustments.general),
        "changes": {
            str(measure_id): _change_said(change)
            for measure_id, change in sorted(adjustments.changes.items(), key=lambda pair: str(pair[0]))
        },
        "leavers": sorted(str(leaver) for leaver in adjustments.leavers),
    }


def _change_said(change: Change) -> str:
    return f"{change.shift_years:+d}, {change.cost_share.quantize(RATE_PLACES):+f}"
