"""Which types and attributes there are among the things that somebody sees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

import msgspec

from belvedere.domains.twin.documents.compiling import Compiler
from belvedere.domains.twin.documents.held import KINDS
from belvedere.engines import wire
from belvedere.kernel.audiences import Audience
from belvedere.standards.ngsi_ld.asking.trees import Word


@dataclass(slots=True)
class Discovered:
    """A type or an attribute (IRI). `count`: things of the type, or instances of the attribute.

    Of a type `attributes`: kinds (names of JSON types) by attribute. Of an attribute `types` that have it,
    and `kinds`.
    """

    name: str
    count: int = 0
    attributes: dict[str, set[str]] = field(default_factory=dict)
    types: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)


_line = msgspec.json.Decoder(tuple[str, str, str, int]).decode
_counted = msgspec.json.Decoder(tuple[str, int]).decode


def types(audience: Audience, territory_id: UUID, only: str = "") -> list[Discovered]:
    """The types with what their things say, by IRI; `only` that one."""
    compiler = _compiler(audience, territory_id, only)
    counted = wire.ask(
        "SELECT json_build_array(t, count(*)) FROM twin_entity e, unnest(e.types) t"  # noqa: S608
        f" WHERE {compiler.where} GROUP BY t",
        compiler.values,
    )
    found = {name: Discovered(name, count) for name, count in map(_counted, counted)}
    for kind, name, attribute, _count in _lines(compiler):
        if kind in found:
            found[kind].attributes.setdefault(attribute, set()).add(name)
    return [found[name] for name in sorted(found) if not only or name == only]


def attributes(audience: Audience, territory_id: UUID, only: str = "") -> list[Discovered]:
    """The attributes with their kinds and the types that have them, by IRI; `only` that one."""
    compiler = _compiler(audience, territory_id)
    more = f" AND a.name = {compiler.place(only)}" if only else ""
    found: dict[str, Discovered] = {}
    for kind, name, attribute, _count in _lines(compiler, more):
        one = found.setdefault(attribute, Discovered(attribute))
        one.types.add(kind)
        one.kinds.add(name)
    for name, count in _counts(compiler, more):
        found[name].count = count
    return [found[name] for name in sorted(found)]


def _compiler(audience: Audience, territory_id: UUID, only: str = "") -> Compiler:
    compiler = Compiler(territory_id, audience)
    if only:
        compiler.types(Word(only))
    return compiler


def _lines(compiler: Compiler, more: str = "") -> Iterable[tuple[str, str, str, int]]:
    sql = (
        "SELECT json_build_array(t, a.kind, a.name, 0) FROM twin_entity e"  # noqa: S608
        " JOIN twin_attribute a ON a.entity_id = e.id, unnest(e.types) t"
        f" WHERE {compiler.where} AND (a.number IS NOT NULL OR a.value IS NOT NULL){compiler.seen}{more}"
        " GROUP BY t, a.kind, a.name"
    )
    for kind, word, name, count in map(_line, wire.ask(sql, compiler.values)):
        yield kind, KINDS[word].value, name, count


def _counts(compiler: Compiler, more: str) -> Iterable[tuple[str, int]]:
    sql = (
        "SELECT json_build_array(a.name, count(*)) FROM twin_entity e"  # noqa: S608
        " JOIN twin_attribute a ON a.entity_id = e.id"
        f" WHERE {compiler.where} AND (a.number IS NOT NULL OR a.value IS NOT NULL){compiler.seen}{more}"
        " GROUP BY a.name"
    )
    return map(_counted, wire.ask(sql, compiler.values))
