"""What happened to equipment and to contracts, from the journal, in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from belvedere.domains.equipment import public as equipment
from belvedere.domains.equipment.public import State
from belvedere.domains.territory.public import organisations_by_id
from belvedere.duties.journal.public import Recorded, entries_of
from belvedere.faces.web import formats
from belvedere.faces.web.pages.equipment import words
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.errors import N_
from belvedere.kernel.paging import Window

MOST = 40
NAMES = {
    "name": N_("Name"),
    "number": N_("Number"),
    "kind": N_("Kind"),
    "maker": N_("Maker"),
    "model": N_("Model"),
    "serial": N_("Serial number"),
    "where": N_("Where it stands"),
    "at": N_("Point on the map"),
    "installed_on": N_("Installed on"),
    "warranty_until": N_("Warranty until"),
    "parent_id": N_("Stands under"),
    "contract_id": N_("Contract"),
    "entity_id": N_("Thing of the live territory"),
    "notes": N_("Notes"),
    "state": N_("How it is"),
    "starts_at": N_("Begins"),
    "ends_at": N_("Ends"),
    "title": N_("File"),
    "starts_on": N_("First day"),
    "ends_on": N_("Last day"),
    "reference": N_("Reference"),
    "contractor_id": N_("Contractor"),
    "response_times": N_("Response times"),
    "work_days": N_("Working days"),
}
WITH_BEFORE = frozenset({"equipment.change", "equipment.move", "equipment.link_thing"})


@dataclass(frozen=True, slots=True)
class Entry:
    """An act as the component of the journal shows it."""

    at: datetime
    actor: str
    verb: str
    before: str
    after: str
    reason: str


def entries(room: Room, view: equipment.EquipmentView) -> list[Entry]:
    """What was done to the equipment, the newest first."""
    return _entries(room, ("equipment.equipment", str(view.id)))


def entries_of_contract(room: Room, view: equipment.ContractView) -> list[Entry]:
    return _entries(room, ("equipment.contract", str(view.id)))


def _entries(room: Room, subject: tuple[str, str]) -> list[Entry]:
    return [_entry(room, one) for one in entries_of(subject, Window(0, MOST)).rows]


def _entry(room: Room, one: Recorded) -> Entry:
    verb = words.VERBS.get(one.verb, "")
    first = one.verb in ("equipment.register", "equipment.make_contract")
    return Entry(
        at=one.at,
        actor=one.actor_label or gettext("An erased person"),
        verb=gettext(verb) if verb else one.verb.partition(".")[2].replace("_", " "),
        before="" if first else _said(room, one.before),
        after="" if first else _said(room, one.after),
        reason=one.reason,
    )


def _said(room: Room, values: Any) -> str:
    parts = []
    for name in NAMES:
        value = values.get(name)
        if value not in (None, "", [], {}):
            text = _value(room, name, value)
            parts.append(gettext("%(label)s: %(text)s") % {"label": gettext(NAMES[name]), "text": text})
    return "; ".join(parts)


def _value(room: Room, name: str, value: Any) -> str:
    if name == "state" and value in set(State):
        return words.state(State(value)).label
    if name == "kind":
        return words.kind(str(value))
    if name in ("starts_at", "ends_at"):
        return formats.moment(datetime.fromisoformat(value))
    if name in ("installed_on", "warranty_until", "starts_on", "ends_on"):
        return formats.day(date.fromisoformat(value))
    if name == "parent_id":
        found = equipment.known([UUID(str(value))])
        return next((one.number for one in found.values()), "–")
    if name == "contractor_id":
        return next((one.name for one in organisations_by_id([UUID(str(value))]).values()), "–")
    if name == "contract_id":
        names = {str(one.id): one.name for one in equipment.contracts(room.actor, room.territory.id)}
        return names.get(str(value), "–")
    if name in ("response_times", "work_days"):
        return gettext("changed")
    if name == "at":
        return ", ".join(str(round(one, 5)) for one in value)
    return str(value)[:160]
