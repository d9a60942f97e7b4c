"""Type selection and scope queries (ETSI GS CIM 009, clauses 4.17 and 4.19): `A,B;(C|D)`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from belvedere.kernel.errors import N_
from belvedere.standards.ngsi_ld.asking.trees import AllOf, AnyOf, Selection, Word
from belvedere.standards.ngsi_ld.contexts import Context
from belvedere.standards.ngsi_ld.problems import BadRequestData
from belvedere.standards.ngsi_ld.words import expand_name

_TOKEN = re.compile(r"\s*([(),;|]|[^\s(),;|]+)\s*")
_SCOPE = re.compile(r"/?(#|(\+|[^\W\d_][\w\-]*)(/(\+|[^\W\d_][\w\-]*))*(/#)?)")
_MOST: Final = 200
_DEEPEST: Final = 20


def parse_types(text: str, context: Context) -> Selection:
    """A type selection (clause 4.17) as a tree of IRIs; BadRequestData when it cannot be read."""
    return _parse(text, "type", lambda word: expand_name(word, context))


def parse_scopes(text: str) -> Selection:
    """A scope query (clause 4.19); `+` is one level, `#` all that follow."""
    return _parse(text, "scopeQ", _scope)


def _scope(word: str) -> str:
    if not _SCOPE.fullmatch(word):
        raise BadRequestData(N_("A scope is a path of names such as “/Berne/Parks”: {text}"), text=word[:80])
    return word


def in_types(selection: Selection, types: Iterable[str]) -> bool:
    """Whether an entity of these types is selected (clause 4.17)."""
    held = frozenset(types)
    return _holds(selection, lambda word: word in held)


def in_scopes(selection: Selection, scopes: Iterable[str]) -> bool:
    """Whether an entity with these scopes is selected (clause 4.19)."""
    paths = [scope.strip("/").split("/") for scope in scopes]
    return _holds(selection, lambda word: any(_under(word.strip("/").split("/"), path) for path in paths))


def _under(pattern: list[str], path: list[str]) -> bool:
    for place, part in enumerate(pattern):
        if part == "#":
            return len(path) > place or (place > 0 and len(path) == place)
        if place >= len(path) or part not in ("+", path[place]):
            return False
    return len(pattern) == len(path)


def _holds(selection: Selection, test: Callable[[str], bool]) -> bool:
    if isinstance(selection, Word):
        return test(selection.word)
    if isinstance(selection, AllOf):
        return all(_holds(part, test) for part in selection.of)
    return any(_holds(part, test) for part in selection.of)


def _parse(text: str, what: str, leaf: Callable[[str], str]) -> Selection:
    tokens = _TOKEN.findall(text)
    if not tokens or len(tokens) > _MOST or "".join(tokens) != re.sub(r"\s", "", text):
        raise _unreadable(what, text)
    tree, rest = _any(tokens, 0, leaf, 0)
    if tree is None or rest != len(tokens):
        raise _unreadable(what, text)
    return tree


def _unreadable(what: str, text: str) -> BadRequestData:
    return BadRequestData(
        N_("“{what}” cannot be read; write names with “,” for or, “;” for and, and brackets: {text}"),
        what=what,
        text=text[:80],
    )


def _any(tokens: list[str], at: int, leaf: Callable[[str], str], depth: int) -> tuple[Selection | None, int]:
    parts: list[Selection] = []
    while True:
        part, at = _all(tokens, at, leaf, depth)
        if part is None:
            return None, at
        parts.append(part)
        if at >= len(tokens) or tokens[at] not in ",|":
            return (parts[0] if len(parts) == 1 else AnyOf(tuple(parts))), at
        at += 1


def _all(tokens: list[str], at: int, leaf: Callable[[str], str], depth: int) -> tuple[Selection | None, int]:
    parts: list[Selection] = []
    while True:
        if at >= len(tokens) or depth > _DEEPEST:
            return None, at
        if tokens[at] == "(":
            part, at = _any(tokens, at + 1, leaf, depth + 1)
            if part is None or at >= len(tokens) or tokens[at] != ")":
                return None, at
            at += 1
        elif tokens[at] in ",;|)":
            return None, at
        else:
            part, at = Word(leaf(tokens[at])), at + 1
        parts.append(part)
        if at >= len(tokens) or tokens[at] != ";":
            return (parts[0] if len(parts) == 1 else AllOf(tuple(parts))), at
        at += 1
