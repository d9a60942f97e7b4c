"""Many entities at once over HTTP (clauses 6.14 to 6.17 and 6.31)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from belvedere.domains.context.public import (
    Outcome,
    batch_create,
    batch_delete,
    batch_merge,
    batch_update,
    batch_upsert,
    context_document,
)
from belvedere.faces.ngsi_ld.answers import NO_CONTENT, Answer, plain, results
from belvedere.faces.ngsi_ld.calls import Call
from belvedere.kernel.errors import N_, BelvedereError
from belvedere.standards.ngsi_ld.contexts import Context
from belvedere.standards.ngsi_ld.documents import Document
from belvedere.standards.ngsi_ld.problems import BadRequestData
from belvedere.standards.ngsi_ld.reading import read_entity, read_fragment, read_id, take_context
from belvedere.standards.ngsi_ld.shown import Form, read_form
from belvedere.standards.ngsi_ld.words import check_uri, parse_instant

Read = Callable[[Any, Context], Document]
Failed = list[tuple[str, BelvedereError]]


def _read(call: Call, read: Read) -> tuple[list[Document], Failed]:
    """The entities of a body that can be read, and what is wrong with the others."""
    documents: list[Document] = []
    failed: Failed = []
    for one in call.bodies():
        try:
            body, context = take_context(one, call.link, call.content_type, context_document)
            documents.append(read(body, context))
        except BelvedereError as error:
            failed.append((_name(one), error))
    return documents, failed


def _name(body: Any) -> str:
    try:
        return read_id(body)
    except BelvedereError:
        return str(body.get("id", "")) if isinstance(body, dict) else ""


def _named(body: Any, context: Context) -> Document:
    """A fragment that says of which entity it is."""
    fragment = read_fragment(body, context)
    if not fragment.id:
        raise BadRequestData(N_("Each entity of a batch has an “id”."))
    return fragment


def _together(outcome: Outcome, failed: Failed) -> Outcome:
    outcome.failed = [*failed, *outcome.failed]
    return outcome


def create(call: Call) -> Answer:
    """Create entities (6.14.3.1)."""
    documents, failed = _read(call, read_entity)
    caller = call.caller
    outcome = batch_create(
        actor=caller.actor, territory=caller.territory, documents=documents, owner_id=caller.owner_id()
    )
    outcome = _together(outcome, failed)
    return results(outcome) if outcome.failed else plain(outcome.created, status=201)


def upsert(call: Call) -> Answer:
    """Create entities, or replace or update those that are there (6.15.3.1)."""
    documents, failed = _read(call, read_entity)
    caller = call.caller
    outcome = batch_upsert(
        actor=caller.actor,
        territory=caller.territory,
        documents=documents,
        owner_id=caller.owner_id(),
        update="update" in call.options(),
    )
    outcome = _together(outcome, failed)
    if outcome.failed:
        return results(outcome)
    return plain(outcome.created, status=201) if outcome.created else NO_CONTENT


def update(call: Call) -> Answer:
    """Append to entities (6.16.3.1)."""
    documents, failed = _read(call, _named)
    caller = call.caller
    outcome = batch_update(
        actor=caller.actor,
        territory=caller.territory,
        documents=documents,
        overwrite="noOverwrite" not in call.options(),
    )
    outcome = _together(outcome, failed)
    return results(outcome) if outcome.failed else NO_CONTENT


def merge(call: Call) -> Answer:
    """Merge into entities (6.31.3.1)."""
    documents, failed = _read(call, _named)
    said = call.parameters.get("observedAt", "")
    caller = call.caller
    outcome = batch_merge(
        actor=caller.actor,
        territory=caller.territory,
        documents=documents,
        observed_at=parse_instant(said) if said else None,
        lang=call.parameters.get("lang", ""),
        simplified=read_form(call.parameters)[0] is Form.SIMPLIFIED,
    )
    outcome = _together(outcome, failed)
    return results(outcome) if outcome.failed else NO_CONTENT


def delete(call: Call) -> Answer:
    """Delete entities (6.17.3.1): a list of identifiers."""
    urns: list[str] = []
    failed: Failed = []
    for one in call.bodies():
        try:
            urns.append(check_uri(one))
        except BelvedereError as error:
            failed.append((str(one)[:300], error))
    caller = call.caller
    outcome = _together(batch_delete(actor=caller.actor, territory=caller.territory, urns=urns), failed)
    return results(outcome) if outcome.failed else NO_CONTENT
