"""The rights of a person over their data: each domain that holds some registers a source.

The duty asks every source in turn and knows none of them. An order (rectify, erase) runs in one
transaction: all sources or none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction

from belvedere.duties.privacy.declarations import Basis
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, InvalidInput, NotFound


@dataclass(frozen=True, slots=True)
class Subject:
    """The person concerned, as they present themselves: by e-mail address."""

    email: str


@dataclass(frozen=True, slots=True)
class Order:
    """Who had the right exercised, and why; a source journals it."""

    by_id: UUID | None
    by_label: str
    reason: str
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A row about the person: its table, its identifier, its personal values in clear."""

    table: str
    id: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the rows of one table. `kept` says why some stay, with `basis`; empty when none do."""

    table: str
    rows: int
    kept: str = ""
    basis: Basis | None = None


class Source(Protocol):
    """What a domain answers about a person. Nothing found is an empty answer, not an error."""

    def find(self, subject: Subject) -> list[Held]: ...

    def export(self, subject: Subject) -> Mapping[str, Any]:
        """Everything in a portable form (JSON values), with words a person understands as keys."""

    def rectify(self, subject: Subject, changes: Mapping[str, str], order: Order) -> list[Outcome]:
        """Correct the named values that are this source's; leave the names it does not know."""

    def erase(self, subject: Subject, order: Order) -> list[Outcome]: ...


def by_table(held: Iterable[Held]) -> dict[str, list[Mapping[str, Any]]]:
    """What is held in a portable form: the values of each table under its name within the domain."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for one in held:
        found.setdefault(one.table.partition(".")[2], []).append(one.values)
    return found


_sources: dict[str, Source] = {}
_last: set[str] = set()


def register_source(name: str, source: Source, *, last: bool = False) -> None:
    """Make `source` answer from now on; `name` is the domain's word.

    `last`: it answers after the others, because they find the person through what it holds.
    """
    _sources[name] = source
    if last:
        _last.add(name)


def _in_order() -> list[tuple[str, Source]]:
    return sorted(_sources.items(), key=lambda item: (item[0] in _last, item[0]))


def sources() -> Mapping[str, Source]:
    return dict(_sources)


def find(subject: Subject) -> dict[str, list[Held]]:
    """What each source holds; sources that hold nothing are left out."""
    found = {name: source.find(subject) for name, source in _in_order()}
    return {name: held for name, held in found.items() if held}


def export(subject: Subject) -> dict[str, Any]:
    """The person's data in one portable document.

    Raises:
        NotFound: when nothing is held.
    """
    _something(subject)
    parts = {name: source.export(subject) for name, source in _in_order()}
    return {"email": subject.email, "made_at": now().isoformat(), **{k: v for k, v in parts.items() if v}}


def rectify(subject: Subject, changes: Mapping[str, str], order: Order) -> dict[str, list[Outcome]]:
    """Have every source correct what it knows of `changes`, in one transaction."""
    _ask_reason(order)
    _something(subject)
    with transaction.atomic():
        return {name: source.rectify(subject, changes, order) for name, source in _in_order()}


def erase(subject: Subject, order: Order) -> dict[str, list[Outcome]]:
    """Have every source erase the person, in one transaction; what must stay is told with its basis."""
    _ask_reason(order)
    _something(subject)
    with transaction.atomic():
        return {name: source.erase(subject, order) for name, source in _in_order()}


def _ask_reason(order: Order) -> None:
    if not order.reason.strip():
        raise InvalidInput(
            N_("Say why: the journal keeps the reason of each request about personal data."),
            field="reason",
            code="reason_missing",
        )


def _something(subject: Subject) -> None:
    if not find(subject):
        raise NotFound(
            N_("Nothing is held about {email}. Check the address; nothing was changed."),
            code="no_such_subject",
            email=subject.email,
        )
