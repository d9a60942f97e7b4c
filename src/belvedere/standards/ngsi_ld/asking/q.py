"""The query language (ETSI GS CIM 009, clause 4.9): text to a tree.

`;` binds tighter than `|`. Texts stand in quotation marks; numbers, booleans, instants and URIs do not.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from typing import Final

from belvedere.kernel.errors import N_
from belvedere.standards.ngsi_ld.asking.patterns import check_pattern
from belvedere.standards.ngsi_ld.asking.trees import (
    And,
    Comparing,
    Comparison,
    Condition,
    Exists,
    Or,
    Path,
    Range,
    Scalar,
)
from belvedere.standards.ngsi_ld.contexts import Context
from belvedere.standards.ngsi_ld.problems import BadRequestData, TooComplexQuery
from belvedere.standards.ngsi_ld.words import expand_name, is_uri, parse_instant

#: Members of an attribute that a path may end with though they are no attributes.
MEMBERS: Final = frozenset(
    ("observedAt", "createdAt", "modifiedAt", "unitCode", "datasetId", "objectType", "valueType")
)
_OPERATOR = re.compile(r"!~=|==|!=|>=|<=|~=|>|<")
_PATH_END = re.compile(r"[!=<>~;|()\s]")
_VALUE_END = re.compile(r"[;|),\s]|\.\.")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d{1,3})?")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.,]+(Z|[+-]\d\d:\d\d)")
_CALENDAR = re.compile(r"\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d([.,]\d+)?Z?")
_MOST_TERMS: Final = 100
_DEEPEST: Final = 20
_LONGEST: Final = 8000


def parse_q(
    text: str,
    context: Context,
    *,
    expand_values: Collection[str] = (),
    json_keys: Collection[str] = (),
) -> Condition:
    """The tree of a query. `expand_values` are IRIs of attributes whose values in the query are names to be
    expanded (clause 4.9, for vocab properties); `json_keys` those whose paths are keys of JSON.

    Raises BadRequestData when it cannot be read, TooComplexQuery when it is too long.
    """
    if len(text) > _LONGEST:
        raise TooComplexQuery(N_("The query is too long: at most {most} characters."), most=_LONGEST)
    if "\x00" in text:
        raise BadRequestData(N_("A text may not contain the character U+0000."))
    reader = _Reader(text, context, frozenset(expand_values), frozenset(json_keys))
    tree = reader.either(0)
    reader.space()
    if reader.at < len(text):
        raise reader.unreadable()
    return tree


class _Reader:
    """A descent through the text; `at` is where it stands."""

    def __init__(
        self, text: str, context: Context, expand_values: frozenset[str], json_keys: frozenset[str]
    ) -> None:
        self.text = text
        self.context = context
        self.expand_values = expand_values
        self.json_keys = json_keys
        self.at = 0
        self.terms = 0

    def unreadable(self) -> BadRequestData:
        rest = self.text[self.at : self.at + 40]
        return BadRequestData(
            N_("The query “q” cannot be read from character {at} on: {rest}"),
            at=self.at + 1,
            rest=rest or self.text[-40:],
        )

    def space(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def take(self, sign: str) -> bool:
        self.space()
        if self.text.startswith(sign, self.at):
            self.at += len(sign)
            return True
        return False

    def either(self, depth: int) -> Condition:
        parts = [self.both(depth)]
        while self.take("|"):
            parts.append(self.both(depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def both(self, depth: int) -> Condition:
        parts = [self.term(depth)]
        while self.take(";"):
            parts.append(self.term(depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def term(self, depth: int) -> Condition:
        self.terms += 1
        if self.terms > _MOST_TERMS or depth > _DEEPEST:
            raise TooComplexQuery(
                N_("The query has too many parts: at most {terms}, nested {deep} deep."),
                terms=_MOST_TERMS,
                deep=_DEEPEST,
            )
        if self.take("("):
            inside = self.either(depth + 1)
            if not self.take(")"):
                raise self.unreadable()
            return inside
        path = self.path()
        self.space()
        sign = _OPERATOR.match(self.text, self.at)
        if sign is None:
            return Exists(path)
        self.at = sign.end()
        operator = Comparing(sign.group())
        if operator in (Comparing.PATTERN, Comparing.NOT_PATTERN):
            return Comparison(path, operator, (self.pattern(),))
        return self.comparison(path, operator)

    def comparison(self, path: Path, operator: Comparing) -> Comparison:
        values: list[Scalar | Range] = [self.value(path)]
        if operator in (Comparing.EQUAL, Comparing.UNEQUAL):
            if self.take(".."):
                low, high = values[0], self.value(path)
                if isinstance(low, Range) or not _same_sort(low, high):
                    raise self.unreadable()
                return Comparison(path, operator, (Range(low, high),))
            while self.take(","):
                if len(values) >= _MOST_TERMS:
                    raise self.unreadable()
                values.append(self.value(path))
        elif isinstance(values[0], bool):
            raise self.unreadable()
        return Comparison(path, operator, tuple(values))

    def path(self) -> Path:
        self.space()
        end = _PATH_END.search(self.text, self.at)
        stop = end.start() if end else len(self.text)
        said = self.text[self.at : stop]
        names, bracket, inside = said.partition("[")
        if not names or (bracket and (not inside.endswith("]") or inside == "]")):
            raise self.unreadable()
        members = tuple(inside[:-1].split(".")) if bracket else ()
        if not all(members) or len(members) > _DEEPEST:
            raise self.unreadable()
        parts = [names] if "://" in names else names.split(".")
        first = parts[0] if parts[0] in ("id", "type", "scope") else ""
        if first or not all(parts):
            raise self.unreadable()
        if len(parts) == 1 and parts[0] in ("createdAt", "modifiedAt"):
            expanded: list[str] = parts
        else:
            expanded = [expand_name(parts[0], self.context)]
            expanded += [one if one in MEMBERS else expand_name(one, self.context) for one in parts[1:]]
        self.at = stop
        return Path(tuple(expanded), members)

    def value(self, path: Path) -> Scalar:
        self.space()
        if self.text.startswith('"', self.at):
            return self.quoted()
        end = _VALUE_END.search(self.text, self.at)
        stop = end.start() if end else len(self.text)
        word = self.text[self.at : stop]
        value = self.bare(word, path)
        self.at = stop
        return value

    def quoted(self) -> str:
        letters: list[str] = []
        at = self.at + 1
        while at < len(self.text):
            letter = self.text[at]
            if letter == '"':
                self.at = at + 1
                return "".join(letters)
            if letter == "\\" and at + 1 < len(self.text) and self.text[at + 1] in '"\\':
                at += 1
                letter = self.text[at]
            letters.append(letter)
            at += 1
        raise self.unreadable()

    def bare(self, word: str, path: Path) -> Scalar:
        if word in ("true", "false"):
            return word == "true"
        if _NUMBER.fullmatch(word):
            number = float(word)
            if abs(number) == float("inf"):
                raise self.unreadable()
            return int(word) if word.lstrip("+-").isdigit() and len(word) < 16 else number
        if _INSTANT.fullmatch(word):
            return parse_instant(word, "q")
        if _CALENDAR.fullmatch(word):
            return word
        if path.names[0] in self.expand_values and word:
            return self.context.expand(word)
        if is_uri(word):
            return word
        raise self.unreadable()

    def pattern(self) -> str:
        self.space()
        if self.text.startswith('"', self.at):
            said = self.quoted()
        else:
            start, depth = self.at, 0
            while self.at < len(self.text):
                letter = self.text[self.at]
                if letter == "\\":
                    self.at += 1
                elif letter in "([":
                    depth += 1
                elif letter in ")]":
                    depth -= 1
                if depth < 0 or (depth == 0 and letter in ";|"):
                    break
                self.at += 1
            self.at = min(self.at, len(self.text))
            said = self.text[start : self.at].strip()
        if not said:
            raise self.unreadable()
        check_pattern(said, "q")
        return said


def _same_sort(low: Scalar, high: Scalar) -> bool:
    for sort in (str, datetime):
        if isinstance(low, sort) or isinstance(high, sort):
            return isinstance(low, sort) and isinstance(high, sort)
    return not isinstance(low, bool) and not isinstance(high, bool)
