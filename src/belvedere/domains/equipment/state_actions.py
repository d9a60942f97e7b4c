"""Verbs on how equipment is: a maintenance planned or begun, ended or called off; out of and into service."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from belvedere.domains.access.public import Actor
from belvedere.domains.equipment.actions import bump
from belvedere.domains.equipment.errors import BadEquipment, NotNow
from belvedere.domains.equipment.events import EquipmentStateChanged
from belvedere.domains.equipment.models import Equipment, Maintenance
from belvedere.domains.equipment.states import State
from belvedere.domains.equipment.writing import entry, locked, plain
from belvedere.duties.journal.public import record_many
from belvedere.engines.transactions import announce
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_

LONGEST_REASON = 300


def put_under_maintenance(
    *,
    actor: Actor,
    equipment_id: UUID,
    version: int | None,
    starts_at: datetime,
    ends_at: datetime | None,
    reason: str,
) -> UUID:
    """Say that it is worked on from then to then (None: until somebody says so); gives the maintenance's id.

    Raises:
        BadEquipment: no reason, or an end before the start or in the past. NotNow: it is under maintenance
        at that time already, or was removed.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise BadEquipment(
            N_("Say why it is under maintenance: those who see its alarms read it."), field="reason"
        )
    if len(reason) > LONGEST_REASON:
        raise BadEquipment(
            N_("This text has {length} characters; {longest} are kept. Shorten it."),
            length=len(reason),
            longest=LONGEST_REASON,
            field="reason",
        )
    if ends_at is not None and (ends_at <= starts_at or ends_at <= now()):
        raise BadEquipment(N_("The maintenance ends after it begins, and not in the past."), field="ends_at")
    with transaction.atomic():
        row = _present(actor, "put_under_maintenance", equipment_id, version)
        meets = Q(ends_at__isnull=True) | Q(ends_at__gt=starts_at)
        if ends_at is not None:
            meets &= Q(starts_at__lt=ends_at)
        if row.maintenances.filter(meets).exists():
            raise NotNow(
                N_("A maintenance of it is planned or runs at that time already. End or call off that one.")
            )
        made = Maintenance.objects.create(equipment=row, starts_at=starts_at, ends_at=ends_at, reason=reason)
        _close(actor, row, "put_under_maintenance", after=_said(made), reason=reason)
    return made.pk


def end_maintenance(
    *, actor: Actor, equipment_id: UUID, version: int | None, maintenance_id: UUID, reason: str = ""
) -> None:
    """End a maintenance that runs; call off one that is planned."""
    with transaction.atomic():
        row = _present(actor, "end_maintenance", equipment_id, version)
        at = now()
        one = row.maintenances.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at), pk=maintenance_id).first()
        if one is None:
            raise NotNow(N_("This maintenance is over already."))
        before = _said(one)
        if one.starts_at < at:
            one.ends_at = at
            one.save(update_fields=["ends_at"])
            _close(actor, row, "end_maintenance", before=before, after=_said(one), reason=reason)
        else:
            one.delete()
            _close(actor, row, "call_off_maintenance", before=before, reason=reason)


def take_out_of_service(*, actor: Actor, equipment_id: UUID, version: int | None, reason: str = "") -> None:
    """Say that it does not serve until further notice."""
    _pass_into(actor, equipment_id, version, State.OUT_OF_SERVICE, "take_out_of_service", reason)


def put_back_in_service(*, actor: Actor, equipment_id: UUID, version: int | None, reason: str = "") -> None:
    """Say that it serves again; a maintenance that runs is over."""
    _pass_into(actor, equipment_id, version, State.IN_SERVICE, "put_back_in_service", reason)


def _pass_into(
    actor: Actor, equipment_id: UUID, version: int | None, state: State, verb: str, reason: str
) -> None:
    with transaction.atomic():
        row = _present(actor, verb, equipment_id, version)
        at, ended = now(), 0
        if state is State.IN_SERVICE:
            running = row.maintenances.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at), starts_at__lt=at)
            ended = running.update(ends_at=at)
        if row.state == state and not ended:
            return
        before = {"state": State.MAINTENANCE.value if ended else row.state}
        if row.state != state:
            row.state, row.state_since = state, at
        _close(actor, row, verb, before=before, after={"state": state.value}, reason=reason)


def _present(actor: Actor, verb: str, equipment_id: UUID, version: int | None) -> Equipment:
    row = locked(actor, verb, equipment_id, version)
    if row.state == State.REMOVED:
        raise NotNow(N_("This equipment was removed: nothing about it changes any more."))
    return row


def _said(one: Maintenance) -> dict[str, Any]:
    said = {"starts_at": one.starts_at, "ends_at": one.ends_at, "reason": one.reason}
    return {name: plain(value) for name, value in said.items()}


def _close(
    actor: Actor,
    row: Equipment,
    verb: str,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str,
) -> None:
    bump(row)
    record_many([entry(actor, verb, row, before=before, after=after, reason=reason)])
    announce(EquipmentStateChanged(row.territory_id, row.pk))
