"""Which things are meant by a question of NGSI-LD, page by page, as somebody sees them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from belvedere.domains.twin.documents.compiling import Compiler
from belvedere.domains.twin.documents.held import NAMES
from belvedere.domains.twin.documents.loading import documents_of
from belvedere.engines import wire
from belvedere.kernel.audiences import Audience
from belvedere.kernel.errors import N_
from belvedere.standards.ngsi_ld.asking.matching import matches
from belvedere.standards.ngsi_ld.asking.ordering import sort_documents
from belvedere.standards.ngsi_ld.asking.trees import Query
from belvedere.standards.ngsi_ld.documents import LOCATION, Document
from belvedere.standards.ngsi_ld.problems import TooComplexQuery

BATCH = 200
#: More than these are not looked through for an order that only reading them can make.
MOST_SORTED = 20_000
#: Names that a thing says without a row of its own, when it was made here.
_ELSEWHERE = (*NAMES, LOCATION)


@dataclass(frozen=True, slots=True)
class Found:
    """The documents of a page; `count`: how many there are in all, None when that was not asked."""

    documents: list[Document]
    count: int | None = None


def find(audience: Audience, territory_id: UUID, query: Query) -> Found:
    """The things that a question means, in the order of their making unless it says another.

    Raises:
        TooComplexQuery: an order is asked of more things than can be looked through.
    """
    compiler = _compiled(audience, territory_id, query)
    if query.order:
        return _sorted(audience, compiler, query)
    if compiler.exact:
        ids = _ids(compiler, 0, query.limit, query.offset) if query.limit else []
        documents = documents_of(ids, audience)
        if not query.count:
            return Found(documents)
        if len(ids) < query.limit and (ids or not query.offset):
            return Found(documents, query.offset + len(ids))
        return Found(documents, _count(compiler))
    return _looked_through(audience, compiler, query)


def find_all(
    audience: Audience, territory_id: UUID, query: Query, *, most: int = MOST_SORTED
) -> Iterator[Document]:
    """All the things that a question means, read in batches, whatever its page; `most` at most."""
    compiler = _compiled(audience, territory_id, query)
    for told, document in enumerate(_matching(audience, compiler, query)):
        if told == most:
            raise TooComplexQuery(
                N_("More than {most} entities are meant. Say more precisely which."), most=most
            )
        yield document


def _compiled(audience: Audience, territory_id: UUID, query: Query) -> Compiler:
    compiler = Compiler(territory_id, audience, _ELSEWHERE)
    compiler.query(query)
    return compiler


def _looked_through(audience: Audience, compiler: Compiler, query: Query) -> Found:
    page: list[Document] = []
    told = 0
    end = query.offset + query.limit
    for document in _matching(audience, compiler, query):
        if query.offset <= told < end:
            page.append(document)
        told += 1
        if told >= end and not query.count:
            break
    return Found(page, told if query.count else None)


def _matching(audience: Audience, compiler: Compiler, query: Query) -> Iterator[Document]:
    after, size = 0, min(BATCH, max(20, query.limit))
    while True:
        ids = _ids(compiler, after, size, 0)
        for document in documents_of(ids, audience):
            if compiler.exact or matches(query, document):
                yield document
        if len(ids) < size:
            return
        after, size = ids[-1], BATCH


def _sorted(audience: Audience, compiler: Compiler, query: Query) -> Found:
    every = []
    for document in _matching(audience, compiler, query):
        every.append(document)
        if len(every) > MOST_SORTED:
            raise TooComplexQuery(
                N_("Only {most} entities can be put in order at once. Say more precisely which."),
                most=MOST_SORTED,
            )
    page = sort_documents(every, query.order)[query.offset : query.offset + query.limit]
    return Found(page, len(every) if query.count else None)


def _ids(compiler: Compiler, after: int, limit: int, offset: int) -> list[int]:
    conditions = " AND ".join(f"({one})" for one in compiler.conditions)
    sql = (
        f"SELECT e.id FROM twin_entity e WHERE {conditions} AND e.id > {int(after)}"  # noqa: S608
        f" ORDER BY e.id LIMIT {int(limit)} OFFSET {int(offset)}"
    )
    return [int(one) for one in wire.ask(sql, compiler.values)]


def _count(compiler: Compiler) -> int:
    conditions = " AND ".join(f"({one})" for one in compiler.conditions)
    return int(wire.ask(f"SELECT count(*) FROM twin_entity e WHERE {conditions}", compiler.values)[0])  # noqa: S608
