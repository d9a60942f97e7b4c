"""Verbs on maintenance contracts: make, change, end."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.equipment.drafts import Terms, checked_terms
from belvedere.domains.equipment.errors import BadContract
from belvedere.domains.equipment.events import ContractChanged
from belvedere.domains.equipment.models import Contract, ResponseTime
from belvedere.domains.equipment.policies import Thing, require
from belvedere.domains.equipment.reading import terms_of
from belvedere.domains.equipment.writing import differences, entry, locked_contract, plain
from belvedere.domains.territory.public import TerritoryView, owners_among
from belvedere.duties.journal.public import record_many
from belvedere.engines.transactions import announce
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, InvalidInput
from belvedere.kernel.severity import Severity

PLAIN = (
    "name",
    "reference",
    "contractor_id",
    "starts_on",
    "ends_on",
    "currency",
    "works_from",
    "works_until",
    "notes",
)


def make_contract(
    *, actor: Actor, territory: TerritoryView, owner_id: UUID, terms: Terms, reason: str = ""
) -> UUID:
    """A contract of an organisation with who maintains its equipment; gives its id."""
    require(actor, "make_contract", Thing(territory.id, owner_id))
    terms = checked_terms(terms)
    _check_parties(territory.id, owner_id, terms.contractor_id)
    at = now()
    with transaction.atomic():
        row = Contract(territory_id=territory.id, owner_id=owner_id, created_at=at, modified_at=at)
        _put(row, terms)
        row.save(force_insert=True)
        _put_times(row, terms)
        after = {"owner_id": str(owner_id), **_said(terms)}
        record_many([entry(actor, "make_contract", row, after=after, reason=reason)])
        announce(ContractChanged(territory.id, row.pk))
    return row.pk


def change_contract(
    *, actor: Actor, contract_id: UUID, version: int | None, terms: Terms, reason: str = ""
) -> None:
    """Say its terms anew; `version`: as it was seen.

    Raises:
        ChangedMeanwhile: it is not as it was seen; nothing was saved.
    """
    with transaction.atomic():
        row = locked_contract(actor, "change_contract", contract_id, version)
        _change(actor, row, checked_terms(terms), "change_contract", reason)


def end_contract(
    *, actor: Actor, contract_id: UUID, version: int | None, last_day: date, reason: str = ""
) -> None:
    """Let it run until `last_day`, included; from then on the contractor sees its equipment no more."""
    with transaction.atomic():
        row = locked_contract(actor, "end_contract", contract_id, version)
        if last_day < row.starts_on:
            raise BadContract(N_("The contract ends before it begins. Check both dates."), field="ends_on")
        before = row.ends_on
        if before == last_day:
            return
        row.ends_on = last_day
        _close(actor, row, "end_contract", {"ends_on": plain(before)}, {"ends_on": plain(last_day)}, reason)


def _change(actor: Actor, row: Contract, terms: Terms, verb: str, reason: str) -> None:
    before = terms_of(row)
    if before == terms:
        return
    _check_parties(row.territory_id, row.owner_id, terms.contractor_id)
    _put(row, terms)
    row.response_times.all().delete()
    _put_times(row, terms)
    was, is_now = differences(_said(before), _said(terms))
    _close(actor, row, verb, was, is_now, reason)


def _close(
    actor: Actor, row: Contract, verb: str, before: dict[str, Any], after: dict[str, Any], reason: str
) -> None:
    row.version += 1
    row.modified_at = now()
    row.save()
    record_many([entry(actor, verb, row, before=before, after=after, reason=reason)])
    announce(ContractChanged(row.territory_id, row.pk))


def _check_parties(territory_id: UUID, owner_id: UUID, contractor_id: UUID) -> None:
    parties = {owner_id, contractor_id}
    if owners_among(territory_id, parties) != parties:
        raise InvalidInput(
            N_("Both parties of a contract are organisations of this territory. Add the contractor first."),
            field="contractor",
        )


def _put(row: Contract, terms: Terms) -> None:
    for name in PLAIN:
        setattr(row, name, getattr(terms, name))
    row.work_days = list(terms.work_days)


def _put_times(row: Contract, terms: Terms) -> None:
    ResponseTime.objects.bulk_create(
        ResponseTime(contract=row, severity=severity, **asdict(times))
        for severity, times in terms.response_times.items()
    )


def _said(terms: Terms) -> dict[str, Any]:
    """The terms as the journal keeps them."""
    said = {name: plain(getattr(terms, name)) for name in PLAIN if getattr(terms, name) not in (None, "")}
    times = {
        Severity(severity).name.lower(): {
            key: plain(value) for key, value in asdict(one).items() if value not in (None, False)
        }
        for severity, one in sorted(terms.response_times.items())
    }
    return {**said, "work_days": list(terms.work_days), "response_times": times}
