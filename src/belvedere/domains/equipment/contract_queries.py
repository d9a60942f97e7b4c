"""Typed reads of maintenance contracts and of files, for who asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from belvedere.domains.access.public import Actor
from belvedere.domains.equipment.errors import NoSuchContract, NoSuchFile
from belvedere.domains.equipment.models import Contract, Document, Equipment
from belvedere.domains.equipment.policies import (
    NO_SUCH_CONTRACT,
    Thing,
    may,
    visible,
    visible_contracts,
)
from belvedere.domains.equipment.reading import documents_of, times_of
from belvedere.domains.equipment.states import Purpose, State
from belvedere.domains.equipment.views import ContractView, DocumentView, Opened
from belvedere.kernel.clock import today
from belvedere.kernel.errors import N_


def contracts(actor: Actor, territory_id: UUID) -> list[ContractView]:
    """The contracts that the actor may see: those that run first, then by name."""
    rows = Contract.objects.filter(visible_contracts(actor, territory_id))
    found = _views(actor, territory_id, rows)
    return sorted(found, key=lambda one: (not one.is_running, one.name.casefold(), str(one.id)))


def contract(actor: Actor, contract_id: UUID) -> ContractView:
    """One contract with its documents; NoSuchContract for who may not know of it."""
    row = Contract.objects.filter(pk=contract_id).first()
    if row is None:
        raise NoSuchContract(NO_SUCH_CONTRACT)
    rows = Contract.objects.filter(visible_contracts(actor, row.territory_id), pk=contract_id)
    found = _views(actor, row.territory_id, rows, documents_of(row).get(Purpose.DOCUMENT, ()))
    if not found:
        raise NoSuchContract(NO_SUCH_CONTRACT)
    return found[0]


def _views(
    actor: Actor, territory_id: UUID, rows: QuerySet[Contract], files: Iterable[DocumentView] = ()
) -> list[ContractView]:
    seen = Equipment.objects.filter(visible(actor, territory_id)).exclude(state=State.REMOVED)
    counted: dict[Any, int] = dict(
        seen.filter(contract__in=rows)
        .order_by()
        .values_list("contract_id")
        .annotate(n=Count("pk", distinct=True))
    )
    day = today()
    return [
        ContractView(
            id=row.pk,
            territory_id=row.territory_id,
            owner_id=row.owner_id,
            contractor_id=row.contractor_id,
            name=row.name,
            reference=row.reference,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            currency=row.currency,
            work_days=tuple(row.work_days),
            works_from=row.works_from,
            works_until=row.works_until,
            response_times=times_of(row.response_times.all()),
            notes=row.notes,
            version=row.version,
            is_running=row.starts_on <= day and (row.ends_on is None or day <= row.ends_on),
            equipment=counted.get(row.pk, 0),
            documents=tuple(files),
            may_edit=may(actor, "change_contract", Thing(row.territory_id, row.owner_id)) is None,
        )
        for row in rows.prefetch_related("response_times").order_by("name", "pk")
    ]


def open_document(actor: Actor, territory_id: UUID, document_id: UUID) -> Opened:
    """A file of equipment or of a contract that the actor may see.

    Raises:
        NoSuchFile: there is none, or it is not for the actor to see.
    """
    of_equipment = Q(equipment__in=Equipment.objects.filter(visible(actor, territory_id)))
    of_contract = Q(contract__in=Contract.objects.filter(visible_contracts(actor, territory_id)))
    row = (
        Document.objects.filter(of_equipment | of_contract, pk=document_id).select_related("content").first()
    )
    if row is None:
        raise NoSuchFile(N_("There is no such file, or it is not for you to see."))
    return Opened(bytes(row.content.content), row.media_type, row.file_name, row.content_id)
