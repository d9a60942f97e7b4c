"""Verbs on the files of equipment and contracts: add one, remove one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.equipment.drafts import FileDraft
from belvedere.domains.equipment.errors import BadEquipment, NoSuchFile, NotNow
from belvedere.domains.equipment.models import Content, Contract, Document, Equipment
from belvedere.domains.equipment.states import Purpose
from belvedere.domains.equipment.writing import entry, locked, locked_contract
from belvedere.duties.journal.public import record_many
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_
from belvedere.kernel.identifiers import sha256

PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})
MOST_FILES = 60


def add_photo(*, actor: Actor, equipment_id: UUID, draft: FileDraft, reason: str = "") -> UUID:
    """Keep a photo of the equipment, as it came."""
    if draft.media_type not in PICTURES:
        raise BadEquipment(N_("This is not a photo. Choose a JPEG, PNG or WebP picture."), field="file")
    with transaction.atomic():
        row = locked(actor, "add_photo", equipment_id)
        return _add(actor, row, Purpose.PHOTO, "add_photo", draft, reason)


def add_document(*, actor: Actor, equipment_id: UUID, draft: FileDraft, reason: str = "") -> UUID:
    """Keep a document of the equipment."""
    with transaction.atomic():
        row = locked(actor, "add_document", equipment_id)
        return _add(actor, row, Purpose.DOCUMENT, "add_document", draft, reason)


def add_contract_document(*, actor: Actor, contract_id: UUID, draft: FileDraft, reason: str = "") -> UUID:
    """Keep a document of the contract."""
    with transaction.atomic():
        row = locked_contract(actor, "change_contract", contract_id)
        return _add(actor, row, Purpose.DOCUMENT, "add_contract_document", draft, reason)


def remove_document(*, actor: Actor, equipment_id: UUID, document_id: UUID, reason: str = "") -> None:
    """Let a photo or document of the equipment go."""
    with transaction.atomic():
        row = locked(actor, "remove_document", equipment_id)
        _remove(actor, row, document_id, "remove_document", reason)


def remove_contract_document(*, actor: Actor, contract_id: UUID, document_id: UUID, reason: str = "") -> None:
    """Let a document of the contract go."""
    with transaction.atomic():
        row = locked_contract(actor, "change_contract", contract_id)
        _remove(actor, row, document_id, "remove_contract_document", reason)


def _add(
    actor: Actor, row: Equipment | Contract, purpose: Purpose, verb: str, draft: FileDraft, reason: str
) -> UUID:
    if row.documents.count() >= MOST_FILES:
        raise NotNow(N_("{most} files are kept here already. Remove one of them first."), most=MOST_FILES)
    digest = sha256(draft.content)
    if row.documents.filter(content_id=digest, purpose=purpose).exists():
        raise NotNow(N_("The very same file is here already: nothing was added."))
    Content.objects.bulk_create([Content(sha256=digest, content=draft.content)], ignore_conflicts=True)
    made = Document.objects.create(
        equipment=row if isinstance(row, Equipment) else None,
        contract=row if isinstance(row, Contract) else None,
        purpose=purpose,
        title=draft.title,
        file_name=draft.file_name,
        media_type=draft.media_type,
        size_bytes=len(draft.content),
        content_id=digest,
        added_at=now(),
    )
    record_many([entry(actor, verb, row, after=_said(made), reason=reason)])
    return made.pk


def _remove(actor: Actor, row: Equipment | Contract, document_id: UUID, verb: str, reason: str) -> None:
    one = row.documents.filter(pk=document_id).first()
    if one is None:
        raise NoSuchFile(N_("This file is not here any more."))
    before, digest = _said(one), one.content_id
    one.delete()
    if not Document.objects.filter(content_id=digest).exists():
        Content.objects.filter(pk=digest).delete()
    record_many([entry(actor, verb, row, before=before, reason=reason)])


def _said(one: Document) -> dict[str, Any]:
    return {
        "title": one.title,
        "file_name": one.file_name,
        "media_type": one.media_type,
        "size_bytes": one.size_bytes,
        "sha256": one.content_id,
    }
