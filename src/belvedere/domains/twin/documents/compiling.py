"""Questions of NGSI-LD as conditions of SQL: never narrower than the question, and whether as narrow.

What SQL lets through is asked again in Python (`standards.ngsi_ld.asking.matches`) once the documents are
read. A condition on an attribute is a look at its rows by (thing, name). Where a number is asked for that few
things may have, `few` says which rows these are by their bands (`bands`): values themselves are not indexed,
since they change with each message.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeGuard
from uuid import UUID

from belvedere.domains.twin.documents.bands import GREATEST
from belvedere.kernel.audiences import PUBLIC, SHARED, Audience
from belvedere.standards.ngsi_ld.asking.trees import (
    AllOf,
    And,
    AnyOf,
    Comparing,
    Comparison,
    Condition,
    Exists,
    Geo,
    Or,
    Query,
    Range,
    Selection,
    Selector,
    Word,
)
from belvedere.standards.ngsi_ld.documents import LOCATION

_OWN = ("createdAt", "modifiedAt")
#: What a value is as JSON that no column compares: the rows of COMPARED_ELSEWHERE.
ELSEWHERE = "('array', 'object', 'number')"
_SIGNS = {
    Comparing.EQUAL: "=",
    Comparing.GREATER: ">",
    Comparing.GREATER_EQUAL: ">=",
    Comparing.LESS: "<",
    Comparing.LESS_EQUAL: "<=",
}


class Compiler:
    """Conditions on `twin_entity e`, and the values of their places (`$1`…).

    `conditions` are on the thing alone, `said` on what it says. `few`: names of attributes, each with spans:
    what fits the question has a row of that name whose number is in one of them, or that says no number.
    `among`: what tells which things are looked at. `seen`: of which attributes `a` one may know.
    `exact`: what fits the conditions fits the question, else it is to be asked of each document.
    """

    def __init__(self, territory_id: UUID, audience: Audience, said_elsewhere: Sequence[str] = ()) -> None:
        self.values: list[str] = []
        self.conditions: list[str] = []
        self.said: list[str] = []
        self.ways = ["true"]
        self.among: tuple[str, ...] = ()
        self.few: list[tuple[str, list[tuple[float, float]]]] = []
        self.exact = True
        self._elsewhere = frozenset(said_elsewhere)  # names that a thing says without a row
        self.seen = ""
        self.add(f"e.territory_id = {self.place(str(territory_id))}::uuid")
        if not audience.everything:
            shown = self.place(_array([PUBLIC, SHARED] if audience.shared else [PUBLIC]))
            owners = self.place(_array(map(str, audience.owners)))
            mine = f"e.owner_id = ANY ({owners}::uuid[])"
            self.add(f"(e.visibility = ANY ({shown}::text[]) OR {mine})")
            self.seen = f" AND (a.visibility IS NULL OR a.visibility = ANY ({shown}::text[]) OR {mine})"

    def place(self, value: str) -> str:
        self.values.append(value)
        return f"${len(self.values)}"

    def add(self, condition: str) -> None:
        self.conditions.append(condition)

    @property
    def where(self) -> str:
        """All conditions together."""
        return both(*self.conditions, *self.said)

    def query(self, query: Query) -> None:
        """Everything a question says."""
        if query.selectors:
            self.add(" OR ".join(f"({self._selector(one)})" for one in query.selectors))
            kinds = [one.types for one in query.selectors if not one.ids]
            if len(query.selectors) == 1 and kinds and isinstance(kinds[0], Word):
                # The expressions of `twin_entity_of_type` and `twin_entity_of_several`.
                kind = f"{self.place(kinds[0].word)}::text"
                several = f"cardinality(e.types) > 1 AND e.types[1] <> {kind}"
                self.ways = [f"e.types[1] = {kind}", several]
        self.among = tuple(self.values)
        if query.attrs:
            self.said.append(" OR ".join(self._has(name) for name in query.attrs))
        if query.q is not None:
            self.said.append(self._condition(query.q))
            self._narrow(query.q)
        if query.scope is not None:
            self._scopes()
        if query.geo is not None:
            self._geo(query.geo)

    def types(self, selection: Selection) -> None:
        """Only things of these types."""
        self.add(self._types(selection))

    def _selector(self, one: Selector) -> str:
        parts = []
        if one.ids:
            parts.append(f"e.urn = ANY ({self.place(_array(one.ids))}::text[])")
        if one.id_pattern:
            self.exact = False  # its patterns are not quite those of PostgreSQL
        if one.types is not None:
            parts.append(self._types(one.types))
        return " AND ".join(parts) or "true"

    def _types(self, selection: Selection) -> str:
        if isinstance(selection, Word):
            return f"e.types @> {self.place(_array([selection.word]))}::varchar[]"
        if isinstance(selection, AnyOf) and all(isinstance(one, Word) for one in selection.of):
            words = [one.word for one in selection.of if isinstance(one, Word)]
            return f"e.types && {self.place(_array(words))}::varchar[]"
        glue = " AND " if isinstance(selection, AllOf) else " OR "
        return "(" + glue.join(self._types(one) for one in selection.of) + ")"

    def _scopes(self) -> None:
        self.exact = False
        self.add("e.scopes <> '{}'")

    def _geo(self, geo: Geo) -> None:
        self.exact = False
        if geo.name != LOCATION:
            self.add(self._has(geo.name))
        elif geo.bounds is not None:
            west, south, east, north = (self.place(str(one)) for one in geo.bounds)
            # The expression of the index `twin_entity_box`, to the letter.
            self.add(
                "(box(point(e.east, e.north), point(e.west, e.south)) && box("
                f"point({east}::float8, {north}::float8), point({west}::float8, {south}::float8)))"
            )

    def _has(self, name: str, more: str = "") -> str:
        # OFFSET 0: looked at thing by thing in the order of the page, never all rows of a name at once.
        rows = f"SELECT FROM twin_attribute a WHERE a.entity_id = e.id AND a.name = {self.place(name)}"
        told = " AND (a.number IS NOT NULL OR a.value IS NOT NULL)"
        found = f"EXISTS ({rows}{told}{self.seen}{more} OFFSET 0)"
        if name in self._elsewhere:
            self.exact = False
            return f"({found} OR NOT EXISTS ({rows}{told} OFFSET 0))"
        return found

    def _condition(self, condition: Condition) -> str:
        if isinstance(condition, And):
            return "(" + " AND ".join(self._condition(one) for one in condition.of) + ")"
        if isinstance(condition, Or):
            return "(" + " OR ".join(self._condition(one) for one in condition.of) + ")"
        name = condition.path.names[0]
        if name in _OWN:
            self.exact = False
            return "true"
        whole = len(condition.path.names) == 1 and not condition.path.members
        if isinstance(condition, Exists):
            self.exact = self.exact and whole
            return self._has(name)
        more = self._comparison(condition) if whole else None
        if more is None:
            self.exact = False
            return self._has(name)
        return self._has(name, f" AND ({more})")

    def _narrow(self, condition: Condition) -> None:
        """Note which rows of numbers must be there, where that is one after the other."""
        if isinstance(condition, And):
            for one in condition.of:
                self._narrow(one)
        if not isinstance(condition, Comparison) or condition.path.members or len(condition.path.names) > 1:
            return
        name = condition.path.names[0]
        if name in _OWN or name in self._elsewhere:
            return
        spans = [_span(condition.operator, value) for value in condition.values]
        known = [one for one in spans if one is not None]
        if len(known) == len(spans):
            self.few.append((name, known))

    def _comparison(self, condition: Comparison) -> str | None:
        """On `a`; None where only Python can say. Values in lists count each for itself."""
        sign = _SIGNS.get(condition.operator)
        if sign is None:
            return None
        parts = []
        for value in condition.values:
            if isinstance(value, Range):
                if not (_is_number(value.low) and _is_number(value.high)):
                    return None
                low, high = self.place(str(value.low)), self.place(str(value.high))
                parts.append(f"a.number BETWEEN {low}::float8 AND {high}::float8")
            elif _is_number(value):
                parts.append(f"a.number {sign} {self.place(str(value))}::float8")
            elif isinstance(value, datetime) or sign != "=":
                return None
            else:
                parts.append(f"a.value = {self.place(json.dumps(value))}::jsonb")
        # Lists, languages, what carries its type inside and huge integers are compared in Python.
        self.exact = False
        return " OR ".join([*parts, f"jsonb_typeof(a.value) IN {ELSEWHERE}"])


def both(*conditions: str) -> str:
    """Conditions that all hold."""
    return " AND ".join(f"({one})" for one in conditions) or "true"


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _span(operator: Comparing, value: object) -> tuple[float, float] | None:
    """From where to where the numbers are that compare so, both included; None for no telling."""
    low, high = (value.low, value.high) if isinstance(value, Range) else (value, value)
    if not (_is_number(low) and _is_number(high)):
        return None
    start, end = float(low), float(high)
    if not max(abs(start), abs(end)) < GREATEST:
        return None
    if operator is Comparing.EQUAL:
        return start, end
    if isinstance(value, Range):
        return None
    if operator in (Comparing.GREATER, Comparing.GREATER_EQUAL):
        return start, GREATEST
    return (-GREATEST, end) if operator in (Comparing.LESS, Comparing.LESS_EQUAL) else None


def _array(words: Iterable[object]) -> str:
    """Texts as PostgreSQL writes an array of them."""
    quoted = (str(word).replace("\\", "\\\\").replace('"', '\\"') for word in words)
    return "{" + ",".join(f'"{word}"' for word in quoted) + "}"
