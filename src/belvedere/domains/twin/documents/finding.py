"""Which things are meant by a question of NGSI-LD, page by page, as somebody sees them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import msgspec

from belvedere.domains.twin.documents import scarcity
from belvedere.domains.twin.documents.bands import COMPARED_ELSEWHERE, highest, lowest
from belvedere.domains.twin.documents.compiling import Compiler, both
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
#: So many things are looked at in their order; where fewer than SOME fit, the bands are asked at once.
WALKS, SOME = (200, 2_000), 5
#: More rows than these in the bands, and all things are looked at.
MOST_FEW = 5_000
#: More than these are not looked through for an order that only reading them can make.
MOST_SORTED = 20_000
#: Names that a thing says without a row of its own, when it was made here.
_ELSEWHERE = (*NAMES, LOCATION)


_counted = msgspec.json.Decoder(tuple[int, list[int]]).decode


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
    few = compiler.few
    left = _narrow(compiler) if few and scarcity.is_known(compiler.among, few) else None
    if few and left is None:
        for many in WALKS:
            ids = _walked(compiler, after, size, many)
            yield from _asked(audience, compiler, query, ids)
            after = ids[-1] if ids else after
            if len(ids) < SOME:
                scarcity.note(compiler.among, few)
                break
        left = _narrow(compiler)
    if left == 0:
        return
    while True:
        ids = _ids(compiler, after, size, 0)
        yield from _asked(audience, compiler, query, ids)
        if len(ids) < size:
            return
        after, size = ids[-1], BATCH


def _asked(audience: Audience, compiler: Compiler, query: Query, ids: list[int]) -> Iterator[Document]:
    for document in documents_of(ids, audience):
        if compiler.exact or matches(query, document):
            yield document


def _walked(compiler: Compiler, after: int, size: int, many: int) -> list[int]:
    """Those that fit among so many things that the question could mean: as a rule they fill a page."""
    start = f"${len(compiler.values) + 1}::int8"
    things = _things(compiler, f"e.id, {both(*compiler.said)} AS fits", compiler.conditions, start, many)
    sql = f"SELECT w.id FROM ({things}) w WHERE w.fits LIMIT {size}"  # noqa: S608
    return [int(one) for one in wire.ask(sql, [*compiler.values, str(after)], again=True)]


def _things(compiler: Compiler, columns: str, conditions: list[str], after: str, most: int) -> str:
    """A query on things in their order: one way after the other would be out of order, so they are merged."""
    parts = [
        f"(SELECT {columns} FROM twin_entity e WHERE {both(*conditions, way)} AND e.id > {after}"  # noqa: S608
        f" ORDER BY e.id LIMIT {most})"
        for way in compiler.ways
    ]
    if len(parts) == 1:
        return parts[0]
    return f"SELECT * FROM ({' UNION ALL '.join(parts)}) t ORDER BY t.id LIMIT {most}"  # noqa: S608


def _narrow(compiler: Compiler) -> int | None:
    """Few fit: look only at those that may, by the bands of their numbers; how many these are.

    None where they are too many, and nothing is narrower than before.
    """
    for name, spans in compiler.few:
        parts = [_rows(lowest(low), highest(high), low, high) for low, high in spans]
        parts.append(_rows(COMPARED_ELSEWHERE - 1, COMPARED_ELSEWHERE))
        sql = (
            "SELECT json_build_array(count(*),"  # noqa: S608 (numbers only)
            " coalesce(json_agg(DISTINCT a.id) FILTER (WHERE a.fits), '[]'))"
            f" FROM ({' UNION ALL '.join(parts)}) a"
        )
        count, ids = _counted(wire.ask(sql, [name])[0])
        if count < MOST_FEW:
            compiler.add(f"e.id = ANY ({compiler.place(wire.literal(ids))}::int8[])")
            return len(ids)
    return None


def _rows(first: int, last: int, low: float | None = None, high: float | None = None) -> str:
    """The rows of bands, in their order: so that the index of bands is read and no more than that."""
    fits = "true" if low is None else f"a.number >= {low!r} AND a.number <= {high!r}"
    return (
        f"(SELECT a.entity_id AS id, {fits} AS fits FROM twin_attribute a WHERE a.name = $1"  # noqa: S608
        f" AND a.band BETWEEN {first} AND {last} ORDER BY a.band LIMIT {MOST_FEW})"
    )


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
    things = _things(compiler, "e.id", [compiler.where], str(after), limit + offset)
    sql = f"SELECT i.id FROM ({things}) i ORDER BY i.id LIMIT {int(limit)} OFFSET {int(offset)}"  # noqa: S608
    return [int(one) for one in wire.ask(sql, compiler.values)]


def _count(compiler: Compiler) -> int:
    conditions = both(compiler.where, " OR ".join(f"({one})" for one in compiler.ways))
    return int(wire.ask(f"SELECT count(*) FROM twin_entity e WHERE {conditions}", compiler.values)[0])  # noqa: S608
