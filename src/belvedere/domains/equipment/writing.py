"""What the verbs share: locking equipment, codes and numbers, communes, the journal."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection

from belvedere.domains.access.public import Actor
from belvedere.domains.equipment.drafts import Facts
from belvedere.domains.equipment.errors import ChangedMeanwhile, NoSuchContract, NoSuchEquipment
from belvedere.domains.equipment.models import Contract, Equipment
from belvedere.domains.equipment.policies import (
    NO_SUCH_CONTRACT,
    NO_SUCH_EQUIPMENT,
    Thing,
    require,
    visible,
    visible_contracts,
)
from belvedere.duties.journal.public import Entry, signed
from belvedere.kernel.errors import N_
from belvedere.kernel.identifiers import fold, natural_key

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # what nobody mistakes for another
CODE_LENGTH = 8
LONGEST_KEY = 200
PLAIN = ("kind", "name", "number", "maker", "model", "serial", "where", "installed_on", "warranty_until")
LINKS = ("parent_id", "contract_id", "entity_id")
FACTS = (*PLAIN, *LINKS, "notes")


def lock_owner(owner_id: UUID) -> None:
    """Hold the numbers of an organisation until the end of the transaction."""
    _lock(b"numbers" + owner_id.bytes)


def lock_tree(territory_id: UUID) -> None:
    """Hold what stands under what in a territory: two moves at once could close a circle."""
    _lock(b"tree" + territory_id.bytes)


def _lock(name: bytes) -> None:
    number = int.from_bytes(sha256(b"equipment" + name).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def locked(actor: Actor, verb: str, equipment_id: UUID, version: int | None = None) -> Equipment:
    """The equipment for the one who writes now, if the actor may; `version`: as it was seen.

    Raises:
        NoSuchEquipment, Refused; ChangedMeanwhile when it is not as it was seen.
    """
    row = Equipment.objects.select_for_update(of=("self",)).filter(pk=equipment_id).first()
    if row is None:
        raise NoSuchEquipment(NO_SUCH_EQUIPMENT)
    if not Equipment.objects.filter(visible(actor, row.territory_id), pk=equipment_id).exists():
        raise NoSuchEquipment(NO_SUCH_EQUIPMENT)
    require(actor, verb, Thing(row.territory_id, row.owner_id))
    _refuse_older(row.version, version)
    return row


def locked_contract(actor: Actor, verb: str, contract_id: UUID, version: int | None = None) -> Contract:
    """As `locked`, for a contract."""
    row = Contract.objects.select_for_update(of=("self",)).filter(pk=contract_id).first()
    if row is None:
        raise NoSuchContract(NO_SUCH_CONTRACT)
    if not Contract.objects.filter(visible_contracts(actor, row.territory_id), pk=contract_id).exists():
        raise NoSuchContract(NO_SUCH_CONTRACT)
    require(actor, verb, Thing(row.territory_id, row.owner_id))
    _refuse_older(row.version, version)
    return row


def _refuse_older(now: int, seen: int | None) -> None:
    if seen is not None and seen != now:
        raise ChangedMeanwhile(
            N_(
                "Somebody changed this meanwhile: nothing was saved. What you typed is still here; open the "
                "page anew to see their change, then save again."
            )
        )


def new_codes(many: int) -> list[str]:
    """Codes for labels that nobody can guess from another one. 31⁸ there are: two alike are not awaited."""
    return ["".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)) for _ in range(many)]


def next_number(owner_id: UUID, prefix: str) -> int:
    """The first number with `prefix` above all that the organisation has; hold `lock_owner`."""
    pattern = rf"^{re.escape(prefix)}-\d{{1,8}}$"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(substring(number FROM '[0-9]+$')::int) FROM equipment_equipment"
            " WHERE owner_id = %s AND number ~ %s",
            [owner_id, pattern],
        )
        row = cursor.fetchone()
    return (row[0] or 0) + 1 if row else 1


def search_text(facts: Facts) -> str:
    """What the words of a search are found in."""
    return fold(" ".join([facts.number, facts.name, facts.maker, facts.model, facts.serial, facts.where]))


def put_facts(row: Equipment, facts: Facts) -> None:
    """Write the facts into the row (not saved)."""
    for name in FACTS:
        setattr(row, name, getattr(facts, name))
    row.longitude, row.latitude = facts.at or (None, None)
    row.search = search_text(facts)
    row.sort_key = natural_key(facts.number)[:LONGEST_KEY]


def facts_of(row: Equipment) -> Facts:
    at = None if row.longitude is None or row.latitude is None else (row.longitude, row.latitude)
    return Facts(at=at, **{name: getattr(row, name) for name in FACTS})


def told(values: Any) -> dict[str, Any]:
    """Values as the journal keeps them, the empty ones left out."""
    return {name: plain(value) for name, value in values.items() if value not in (None, "", ())}


def plain(value: Any) -> Any:
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What changed, as it was and as it is."""
    changed = [name for name in after if before.get(name) != after[name]]
    return (
        {name: plain(before.get(name)) for name in changed},
        {name: plain(after[name]) for name in changed},
    )


def entry(
    actor: Actor,
    verb: str,
    row: Equipment | Contract,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Entry:
    """That the actor did this to equipment or to a contract."""
    return Entry(
        **signed(actor),
        verb=f"equipment.{verb}",
        subject=(f"equipment.{type(row).__name__.lower()}", str(row.pk)),
        territory_id=row.territory_id,
        before=before or {},
        after=after or {},
        reason=reason.strip()[:500],
    )


def ids_of(rows: Iterable[Equipment]) -> tuple[UUID, ...]:
    return tuple(row.pk for row in rows)
