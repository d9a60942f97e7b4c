"""Verbs on what decodes: scripts of the territory, and which of them (or which model) reads a device."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.connections.catalogue import catalogue
from belvedere.domains.connections.errors import NoSuchScript
from belvedere.domains.connections.models import Reader, Script
from belvedere.domains.connections.policies import require_script
from belvedere.domains.territory.public import TerritoryView
from belvedere.domains.twin.errors import NoSuchDevice
from belvedere.domains.twin.public import (
    DeviceDraft,
    EntityDraft,
    Thing,
    create_entity,
    device,
    may,
    register_device,
    usual_fields,
)
from belvedere.duties.journal.public import record, signed
from belvedere.engines.sandbox import MOST_SOURCE_BYTES
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, Conflict, InvalidInput, Refused

MOST_SCRIPTS = 50
DEV_EUI = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Onboarded:
    """A device that may be heard from now on. `user`, `password`: for one that signs in over MQTT itself."""

    device_id: UUID
    entity_id: int
    user: str
    password: str

    def __repr__(self) -> str:
        return f"Onboarded(device_id={self.device_id})"


def dev_eui(text: str) -> str:
    """A DevEUI as it is kept: 16 hexadecimal digits, small letters.

    Raises:
        InvalidInput: it is none.
    """
    plain = re.sub(r"[\s:.-]", "", text).lower()
    if not DEV_EUI.fullmatch(plain):
        raise InvalidInput(
            N_("A DevEUI has 16 digits, from 0 to 9 and A to F. It is printed on the device."), field="key"
        )
    return plain


def onboard(
    *,
    actor: Actor,
    territory: TerritoryView,
    thing: EntityDraft,
    key: str,
    model: str = "",
    script_id: UUID | None = None,
    amount: float | None = None,
) -> Onboarded:
    """A thing, the device that tells of it and how its uplinks are read: all of it or nothing."""
    known = catalogue().get(model)
    if model and known is None:
        raise InvalidInput(N_("This model is not known here."), field="model")
    if known is not None and known.asks and not amount:
        raise InvalidInput(N_("Give this number: without it the values mean nothing."), field="amount")
    fields = known.mapping(amount) if known else usual_fields(thing.kind)
    interval = known.expected_s if known else None
    with transaction.atomic():
        entity_id = create_entity(actor=actor, territory=territory, draft=thing)
        made = register_device(
            actor=actor,
            territory=territory,
            draft=DeviceDraft(key, entity_id, fields=fields, expected_interval_s=interval),
        )
        if model or script_id:
            set_reader(
                actor=actor, territory=territory, device_id=made.device_id, model=model, script_id=script_id
            )
    return Onboarded(made.device_id, entity_id, made.user, made.password)


def set_reader(
    *,
    actor: Actor,
    territory: TerritoryView,
    device_id: UUID,
    model: str = "",
    script_id: UUID | None = None,
) -> None:
    """Read a device's uplinks by a model or a script from now on; neither: as the network server does."""
    view = device(actor, device_id)
    if view.territory_id != territory.id:
        raise NoSuchDevice(N_("There is no such device here."))
    reason = may(actor, "map_fields", Thing(view.territory_id, view.owner_id))
    if reason is not None:
        raise Refused(reason, code="may_not_map_fields")
    if model and (script_id or model not in catalogue()):
        raise InvalidInput(N_("This model is not known here."), field="model")
    with transaction.atomic():
        if script_id is not None:
            _script(territory, script_id)
        before = Reader.objects.select_for_update().filter(device_id=device_id).first()
        was = _shown(before)
        if not model and script_id is None:
            Reader.objects.filter(device_id=device_id).delete()
        else:
            Reader.objects.update_or_create(
                device_id=device_id, defaults={"model": model, "script_id": script_id}
            )
        is_now = _shown(Reader.objects.filter(device_id=device_id).first())
        if was != is_now:
            subject = ("twin.device", str(device_id))
            _journal(actor, territory, "set_reader", subject, {"key": view.key, **was}, is_now)


def write_script(
    *, actor: Actor, territory: TerritoryView, name: str, source: str, script_id: UUID | None = None
) -> UUID:
    """Keep a decoder, a new one or what `script_id` is from now on."""
    require_script(actor, territory.id)
    name = name.strip()
    if not name or len(name) > 100:
        raise InvalidInput(N_("Give it a name of 100 letters at most."), field="name")
    if not source.strip() or len(source.encode("utf-8", "replace")) > MOST_SOURCE_BYTES or "\x00" in source:
        raise InvalidInput(
            N_("Paste the JavaScript of the decoder, {most} kB at most."),
            most=MOST_SOURCE_BYTES // 1024,
            field="source",
        )
    with transaction.atomic():
        others = Script.objects.filter(territory_id=territory.id)
        if script_id is not None:
            others = others.exclude(pk=script_id)
        if others.filter(name=name).exists():
            raise Conflict(N_("There is already a decoder of this name."), field="name")
        if script_id is None and others.count() >= MOST_SCRIPTS:
            raise Conflict(N_("A territory has {most} decoders at most."), most=MOST_SCRIPTS)
        row = (
            _script(territory, script_id)
            if script_id
            else Script(territory_id=territory.id, created_at=now())
        )
        before = None if script_id is None else {"name": row.name, "letters": len(row.source)}
        row.name, row.source, row.changed_at = name, source, now()
        row.save()
        after = {"name": name, "letters": len(source)}
        subject = ("connections.script", str(row.pk))
        _journal(actor, territory, "write_script", subject, before, after)
    return row.pk


def remove_script(*, actor: Actor, territory: TerritoryView, script_id: UUID) -> None:
    """Forget a decoder that reads no device."""
    require_script(actor, territory.id)
    with transaction.atomic():
        row = _script(territory, script_id)
        if row.readers.exists():
            raise Conflict(N_("Devices are read by this decoder. Say first how else they are read."))
        subject = ("connections.script", str(row.pk))
        _journal(actor, territory, "remove_script", subject, {"name": row.name}, None)
        row.delete()


def _script(territory: TerritoryView, script_id: UUID) -> Script:
    row = (
        Script.objects.select_for_update(of=("self",)).filter(pk=script_id, territory_id=territory.id).first()
    )
    if row is None:
        raise NoSuchScript(N_("There is no such decoder here."))
    return row


def _shown(row: Reader | None) -> dict[str, Any]:
    if row is None:
        return {"model": "", "script": ""}
    return {"model": row.model, "script": str(row.script_id or "")}


def _journal(
    actor: Actor,
    territory: TerritoryView,
    verb: str,
    subject: tuple[str, str],
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    record(
        **signed(actor),
        verb=f"connections.{verb}",
        subject=subject,
        territory_id=territory.id,
        before=before,
        after=after,
    )
