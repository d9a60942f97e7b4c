"""Documents of a measure: added, given new versions, published, taken out of sight, opened.

A version is never rewritten, and a content is kept once, whatever the number of documents that carry it.
What is open to everyone is only the latest version of a public document of a published measure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.errors import AlreadyThere
from belvedere.domains.plans.follow.keeping import Kept, noted
from belvedere.domains.plans.follow.values import DocumentDraft, FileDraft, checked_line
from belvedere.domains.plans.models import Document, DocumentContent, DocumentVersion, Measure
from belvedere.domains.plans.policies import Thing, require, sees
from belvedere.domains.plans.vocabulary import DocumentType
from belvedere.domains.plans.writing import Change, changing, thing_of
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, InvalidInput, NotFound
from belvedere.kernel.identifiers import sha256

DOCUMENT = Kept("document", Document, ("type", "title"))


@dataclass(frozen=True, slots=True)
class OpenedDocument:
    """A file to hand out; `media_type` is what was found in it, `sha256` names its content."""

    content: bytes = field(repr=False)
    media_type: str
    file_name: str
    sha256: str
    number: int
    public: bool


def add_document(
    *, actor: Actor, measure_id: UUID, version: int | None, draft: DocumentDraft, reason: str = ""
) -> UUID:
    """A new document with its first version; not public until it is published."""
    with changing(
        actor, measure_id, verb="add_document", right="edit", reason=reason, version=version
    ) as change:
        document = Document.objects.create(measure_id=measure_id, type=draft.type, title=draft.title)
        said = _add_version(document, 1, draft.file)
        _note(change, document, None, {"type": document.type, "title": document.title, **said})
    return document.pk


def add_version(
    *,
    actor: Actor,
    measure_id: UUID,
    version: int | None,
    document_id: UUID,
    file: FileDraft,
    reason: str = "",
) -> int:
    """A new version of a document; gives its number. That of a public document is public at once."""
    with changing(
        actor, measure_id, verb="add_version", right="edit", reason=reason, version=version
    ) as change:
        document = _in_sight(actor, change, document_id)
        last = document.versions.order_by("-number").first()
        if last is not None and last.content_id == sha256(file.content):
            raise AlreadyThere(
                N_("This is the same file as version {number}: nothing was added."),
                number=last.number,
                field="file",
            )
        number = last.number + 1 if last else 1
        said = _add_version(document, number, file)
        _note(change, document, _said(last) if last else None, said)
    return number


def describe_document(
    *,
    actor: Actor,
    measure_id: UUID,
    version: int | None,
    document_id: UUID,
    type: DocumentType,  # noqa: A002 (the field's word)
    title: str,
    reason: str = "",
) -> None:
    """Say anew what kind of document it is and what it is called."""
    title = checked_line(title, field="title", longest=200, required=N_("Give the document a title."))
    with changing(
        actor, measure_id, verb="describe_document", right="edit", reason=reason, version=version
    ) as change:
        document = _in_sight(actor, change, document_id)
        before = DOCUMENT.said_of(document)
        after = {"type": type.value, "title": title}
        if before == after:
            return
        document.type, document.title = type, title
        document.save(update_fields=["type", "title"])
        _note(change, document, before, after)


def publish_document(
    *,
    actor: Actor,
    measure_id: UUID,
    version: int | None,
    document_id: UUID,
    public: bool,
    reason: str = "",
) -> None:
    """Open the document to everyone (once the measure is published), or take it back."""
    with changing(
        actor, measure_id, verb="publish_document", right="publish", reason=reason, version=version
    ) as change:
        document = _in_sight(actor, change, document_id)
        if document.public == public:
            return
        _note(change, document, {"public": document.public}, {"public": public})
        document.public = public
        document.save(update_fields=["public"])


def remove_document(
    *, actor: Actor, measure_id: UUID, version: int | None, document_id: UUID, reason: str
) -> None:
    """Take a document out of sight, for a reason; its versions stay on record."""
    with changing(
        actor, measure_id, verb="remove_document", right="edit", reason=reason, version=version
    ) as change:
        document = _in_sight(actor, change, document_id)
        if not reason.strip():
            raise InvalidInput(
                N_("Say why the document goes: the reason is kept in the journal."), field="reason"
            )
        document.removed_at = now()
        document.save(update_fields=["removed_at"])
        _note(change, document, DOCUMENT.said_of(document), None)


def restore_document(
    *, actor: Actor, measure_id: UUID, version: int | None, document_id: UUID, reason: str = ""
) -> None:
    """Put a document that was taken out of sight back, with its versions, as open as it was."""
    with changing(
        actor, measure_id, verb="restore_document", right="edit", reason=reason, version=version
    ) as change:
        document = _known(actor, change, document_id)
        if document.removed_at is None:
            return
        document.removed_at = None
        document.save(update_fields=["removed_at"])
        _note(change, document, None, DOCUMENT.said_of(document))


def open_document(
    actor: Actor, document_id: UUID, number: int | None = None, *, territory_id: UUID | None = None
) -> OpenedDocument:
    """The file of a document, its latest version unless `number` says another.

    Raises:
        NotFound: there is none, it is out of sight, or the actor may not know of it.
    """
    rows = Document.objects.filter(pk=document_id, removed_at__isnull=True)
    if territory_id is not None:
        rows = rows.filter(measure__territory_id=territory_id)
    document = rows.select_related("measure").first()
    if document is None or not _may_open(actor, document):
        raise _no_such_document()
    versions = document.versions.order_by("-number")
    latest = versions.first()
    row = latest if number is None else versions.filter(number=number).first()
    if row is None or (row != latest and not is_inside(actor, document.measure)):
        raise _no_such_document()
    content = DocumentContent.objects.get(pk=row.content_id)
    return OpenedDocument(
        bytes(content.content), row.media_type, row.file_name, row.content_id, row.number, document.public
    )


def is_inside(actor: Actor, measure: Measure) -> bool:
    """Whether the actor would know of the measure were it not published: the people who work on it."""
    return sees(actor, Thing(measure.territory_id, measure.owner_id))


def _may_open(actor: Actor, document: Document) -> bool:
    measure = document.measure
    return is_inside(actor, measure) or (document.public and sees(actor, thing_of(measure)))


def _no_such_document() -> NotFound:
    return NotFound(N_("There is no such document, or it is not public."), code="no_such_document")


def _in_sight(actor: Actor, change: Change, document_id: UUID) -> Document:
    """The measure's document; what everyone sees is changed by those only who may publish."""
    document = _known(actor, change, document_id)
    if document.removed_at is not None:
        raise NotFound(N_("This document was taken out of sight. Open the measure again."))
    return document


def _known(actor: Actor, change: Change, document_id: UUID) -> Document:
    """As `_in_sight`, also where it was taken out of sight."""
    document: Document = DOCUMENT.found(change.measure.pk, document_id)
    if document.public:
        require(actor, "publish", thing_of(change.measure))
    return document


def _add_version(document: Document, number: int, file: FileDraft) -> dict[str, Any]:
    digest = sha256(file.content)
    DocumentContent.objects.bulk_create(
        [DocumentContent(sha256=digest, content=file.content)], ignore_conflicts=True
    )
    row = DocumentVersion.objects.create(
        document=document,
        number=number,
        content_id=digest,
        file_name=file.file_name,
        media_type=file.media_type,
        size_bytes=len(file.content),
    )
    return _said(row)


def _said(row: DocumentVersion) -> dict[str, Any]:
    return {
        "version": row.number,
        "file_name": row.file_name,
        "media_type": row.media_type,
        "size_bytes": row.size_bytes,
        "sha256": row.content_id,
    }


def _note(
    change: Change, document: Document, before: dict[str, Any] | None, after: dict[str, Any] | None
) -> None:
    noted(change, "document", document.pk, before, after)
