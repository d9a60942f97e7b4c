"""Regular expressions of others: taken when matching them cannot take for ever."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from belvedere.kernel.errors import N_
from belvedere.standards.ngsi_ld.problems import BadRequestData, TooComplexQuery

_LONGEST: Final = 200
_MOST_OPEN: Final = 4  # repetitions without an end
_LONGEST_TEXT: Final = 1000
#: Sets within sets, which later versions of Python may understand in another way.
_AMBIGUOUS: Final = re.compile(r"\[\[|\[[^\]]*(--|&&|~~|\|\|)")
_parser: Any = re._parser  # type: ignore[attr-defined]  # noqa: SLF001 (the only way to see what a pattern repeats)


@lru_cache(maxsize=512)
def check_pattern(text: str, what: str) -> re.Pattern[str]:
    """The compiled pattern. `what` names where it stands (`idPattern`, `q`).

    Raises BadRequestData when it is no regular expression, TooComplexQuery when repetitions lie inside each
    other, refer back, or are too many.
    """
    if len(text) > _LONGEST:
        raise BadRequestData(
            N_("A pattern has at most {most} characters; the one in “{what}” has {count}."),
            most=_LONGEST,
            what=what,
            count=len(text),
        )
    try:
        if "\x00" in text or _AMBIGUOUS.search(text):
            raise re.error(text)
        tree = _parser.parse(text)
        compiled = re.compile(text)
    except (re.error, OverflowError, RecursionError):
        raise BadRequestData(
            N_("“{what}” holds no regular expression: {text}"), what=what, text=text[:80]
        ) from None
    if _open_repeats(tree, inside=False) > _MOST_OPEN:
        raise TooComplexQuery(
            N_("The pattern in “{what}” repeats too much: {text}"), what=what, text=text[:80]
        )
    return compiled


def found_in(pattern: re.Pattern[str], text: str) -> bool:
    """Whether the pattern is found in the first thousand characters of a text."""
    return pattern.search(text[:_LONGEST_TEXT]) is not None


def _open_repeats(tree: Any, *, inside: bool) -> int:
    """How many repetitions without an end there are; a great number when one lies inside another."""
    count = 0
    for operation, argument in tree:
        name = str(operation)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            _least, most, body = argument
            wide = int(most) > 20
            if wide and inside:
                return 1000
            count += int(wide) + _open_repeats(body, inside=inside or int(most) > 1)
        elif name == "SUBPATTERN":
            count += _open_repeats(argument[3], inside=inside)
        elif name == "BRANCH":
            if inside:
                return 1000
            count += sum(_open_repeats(branch, inside=inside) for branch in argument[1])
        elif name in ("GROUPREF", "GROUPREF_EXISTS", "ASSERT", "ASSERT_NOT", "ATOMIC_GROUP"):
            return 1000
    return count
