"""Verbs on rosters, stand-ins and plans of climbing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor, holders
from belvedere.domains.duty.bodies import (
    PlanBody,
    RosterBody,
    checked_plan,
    checked_roster,
    packed,
    roster_body,
)
from belvedere.domains.duty.errors import BadPlan, BadRoster, ChangedMeanwhile, NoSuchPlan, NoSuchRoster
from belvedere.domains.duty.models import Plan, Roster, StandIn
from belvedere.domains.duty.policies import may_stand_in, may_write, require, visible
from belvedere.domains.duty.queries import NO_SUCH_PLAN, NO_SUCH_ROSTER
from belvedere.domains.duty.states import Target
from belvedere.domains.reach import public as reach
from belvedere.domains.territory.public import TerritoryView, owners_among
from belvedere.duties.journal.public import record, signed
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_
from belvedere.kernel.severity import Severity

LONGEST_STAND_IN: Final = timedelta(days=366)
_CHANGED = N_("Somebody changed it meanwhile. Look at it again; what you typed was not saved.")


def save_roster(
    *,
    actor: Actor,
    territory: TerritoryView,
    owner_id: UUID,
    name: str,
    body: RosterBody,
    roster_id: UUID | None = None,
    expected: int | None = None,
) -> UUID:
    """Write a roster of an organisation, or change it; gives its id."""
    _owner(actor, territory, owner_id)
    name = _name(name, BadRoster)
    body = checked_roster(body)
    if body.everybody() - holders([owner_id]).get(owner_id, frozenset()):
        raise BadRoster(N_("Only people who work for the organisation can be on duty."), field="people")
    with transaction.atomic():
        before: dict[str, Any] = {}
        if roster_id is None:
            row = Roster(territory_id=territory.id, owner_id=owner_id)
        else:
            row = _locked_roster(actor, territory, roster_id)
            if row.owner_id != owner_id:
                raise BadRoster(N_("A roster stays with its organisation."), field="owner")
            if expected is not None and expected != row.version:
                raise ChangedMeanwhile(_CHANGED)
            before = {"name": row.name, "body": row.body}
            row.version += 1
        row.name, row.body = name, packed(body)
        row.save()
        after = {"name": row.name, "body": row.body}
        _journal(actor, "change_roster" if before else "create_roster", row, before, after)
    return row.pk


def remove_roster(*, actor: Actor, territory: TerritoryView, roster_id: UUID) -> None:
    """Have a roster no more; plans that name it tell those who look after the alarms instead."""
    with transaction.atomic():
        row = _locked_roster(actor, territory, roster_id)
        require(may_write(actor, territory.id, row.owner_id))
        row.removed_at = now()
        row.save(update_fields=["removed_at"])
        _journal(actor, "remove_roster", row, {"name": row.name, "body": row.body}, {})


def add_stand_in(
    *,
    actor: Actor,
    territory: TerritoryView,
    roster_id: UUID,
    person_id: UUID,
    instead_of: UUID | None,
    since: datetime,
    until: datetime,
    why: str = "",
) -> int:
    """Let a person be on duty in the place of another one (None: of anybody); gives its number."""
    with transaction.atomic():
        row = _locked_roster(actor, territory, roster_id)
        members = roster_body(row.body).everybody()
        require(may_stand_in(actor, territory.id, row.owner_id, members))
        if person_id not in holders([row.owner_id]).get(row.owner_id, frozenset()):
            raise BadRoster(N_("Only people who work for the organisation can be on duty."), field="person")
        if person_id == instead_of or (instead_of is not None and instead_of not in members):
            raise BadRoster(N_("Choose somebody of the roster, and somebody else."), field="instead_of")
        if not since < until <= since + LONGEST_STAND_IN or until <= now():
            raise BadRoster(N_("It ends after it begins, not in the past, within a year."), field="until")
        made = StandIn.objects.create(
            roster=row,
            person_id=person_id,
            instead_of_id=instead_of,
            since=since,
            until=until,
            why=" ".join(why.split())[:200],
        )
        _told_stand_in(actor, row, "add_stand_in", made)
    return made.pk


def end_stand_in(*, actor: Actor, territory: TerritoryView, roster_id: UUID, stand_in_id: int) -> None:
    """Take a stand-in back; what was before now stays as it was."""
    with transaction.atomic():
        row = _locked_roster(actor, territory, roster_id)
        require(may_stand_in(actor, territory.id, row.owner_id, roster_body(row.body).everybody()))
        found = row.stand_ins.filter(pk=stand_in_id, removed_at__isnull=True).first()
        if found is None:
            raise NoSuchRoster(N_("This stand-in was taken back already."))
        at = now()
        if found.since < at < found.until:
            found.until = at
        elif at <= found.since:
            found.removed_at = at
        found.save(update_fields=["until", "removed_at"])
        _told_stand_in(actor, row, "end_stand_in", found)


def _told_stand_in(actor: Actor, row: Roster, verb: str, one: StandIn) -> None:
    _journal(
        actor,
        verb,
        row,
        {},
        {
            "person": str(one.person_id),
            "instead_of": str(one.instead_of_id or ""),
            "since": one.since.isoformat(),
            "until": one.until.isoformat(),
        },
        one.why,
    )


# ------------------------------------------------------------------ plans of climbing
def save_plan(
    *,
    actor: Actor,
    territory: TerritoryView,
    owner_id: UUID,
    name: str,
    severities: Collection[Severity],
    body: PlanBody,
    kinds: Collection[str] = (),
    plan_id: UUID | None = None,
    expected: int | None = None,
) -> UUID:
    """Write how alarms of an organisation climb, or change it; alarms that climb already go on as they
    began. Gives its id."""
    _owner(actor, territory, owner_id)
    name = _name(name, BadPlan)
    body = checked_plan(body)
    if not severities:
        raise BadPlan(N_("Say for how urgent alarms the plan holds."), field="severities")
    _check_targets(territory.id, owner_id, body)
    with transaction.atomic():
        before: dict[str, Any] = {}
        if plan_id is None:
            row = Plan(territory_id=territory.id, owner_id=owner_id)
        else:
            row = _locked_plan(actor, territory, plan_id)
            if row.owner_id != owner_id:
                raise BadPlan(N_("A plan stays with its organisation."), field="owner")
            if expected is not None and expected != row.version:
                raise ChangedMeanwhile(_CHANGED)
            before = {"name": row.name, "severities": row.severities, "kinds": row.kinds, "body": row.body}
            row.version += 1
        row.name, row.body = name, packed(body)
        row.severities, row.kinds = sorted(int(one) for one in set(severities)), sorted(set(kinds))
        row.save()
        after = {"name": row.name, "severities": row.severities, "kinds": row.kinds, "body": row.body}
        _journal(actor, "change_plan" if before else "create_plan", row, before, after)
    return row.pk


def remove_plan(*, actor: Actor, territory: TerritoryView, plan_id: UUID) -> None:
    """Have a plan no more; what holds by default holds again."""
    with transaction.atomic():
        row = _locked_plan(actor, territory, plan_id)
        require(may_write(actor, territory.id, row.owner_id))
        row.removed_at = now()
        row.save(update_fields=["removed_at"])
        _journal(actor, "remove_plan", row, {"name": row.name, "body": row.body}, {})


def _check_targets(territory_id: UUID, owner_id: UUID, body: PlanBody) -> None:
    named = [one for level in body.levels for one in level.whom]
    people = {one.id for one in named if one.target is Target.PERSON}
    if people - holders([owner_id]).get(owner_id, frozenset()):
        raise BadPlan(N_("Only people who work for the organisation can be told."), field="levels")
    lists = {one.id for one in named if one.target is Target.ROSTER}
    known = Roster.objects.filter(
        pk__in=[one for one in lists if one is not None], owner_id=owner_id, removed_at__isnull=True
    )
    if known.count() != len(lists):
        raise BadPlan(N_("Choose a roster of the organisation."), field="levels")
    rooms = {one.id for one in named if one.target is Target.ROOM}
    if rooms - set(reach.rooms(territory_id, owner_id)):
        raise BadPlan(N_("Choose a room of the organisation, or of the territory."), field="levels")


def _owner(actor: Actor, territory: TerritoryView, owner_id: UUID) -> None:
    if not owners_among(territory.id, [owner_id]):
        raise BadRoster(N_("Choose the organisation."), field="owner")
    require(may_write(actor, territory.id, owner_id))


def _name(name: str, error: type[BadRoster] | type[BadPlan]) -> str:
    name = " ".join(name.split())[:120]
    if not name:
        raise error(N_("Give it a name."), field="name")
    return name


def _locked_roster(actor: Actor, territory: TerritoryView, roster_id: UUID) -> Roster:
    rows = Roster.objects.select_for_update(of=("self",))
    row = rows.filter(visible(actor, territory.id), pk=roster_id).first()
    if row is None:
        raise NoSuchRoster(NO_SUCH_ROSTER)
    return row


def _locked_plan(actor: Actor, territory: TerritoryView, plan_id: UUID) -> Plan:
    rows = Plan.objects.select_for_update(of=("self",))
    row = rows.filter(visible(actor, territory.id), pk=plan_id).first()
    if row is None:
        raise NoSuchPlan(NO_SUCH_PLAN)
    return row


def _journal(
    actor: Actor,
    verb: str,
    row: Roster | Plan,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    reason: str = "",
) -> None:
    record(
        **signed(actor),
        verb=f"duty.{verb}",
        subject=(f"duty.{type(row).__name__.lower()}", str(row.pk)),
        territory_id=row.territory_id,
        before=before,
        after=after,
        reason=reason,
    )
