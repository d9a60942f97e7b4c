"""What an address asks of the list of measures: filter, order, layout. Bad values are left out and said."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext

from belvedere.domains.plans.public import SORTS, MeasureFilter, states

T = TypeVar("T", bound=Hashable)
LAYOUTS = ("split", "table", "map")
LONGEST_TEXT = 200
MOST_VALUES = 100
PHASES = frozenset(step.code for steps in states.PHASE_SCHEMES.values() for step in steps)
# name in the address -> field of MeasureFilter
LISTS: dict[str, str] = {
    "owner": "owners",
    "plan": "plans",
    "priority": "priorities",
    "phase": "phases",
    "implementation": "implementations",
    "category": "categories",
    "year": "years",
    "flag": "flags",
    "funder": "funders",
    "place": "places",
}


STARTS = ("start_from", "start_to")  # years; in the address as in MeasureFilter


def _year(text: str) -> int:
    year = int(text)
    if not 1950 <= year <= 2150:
        raise ValueError(text)
    return year


def _phase(text: str) -> str:
    if text not in PHASES:
        raise ValueError(text)
    return text


def _category(text: str) -> int:
    number = int(text)
    if not 0 < number < 2**62:
        raise ValueError(text)
    return number


def _priority(text: str) -> states.Priority:
    return states.Priority.NONE if text == "none" else states.Priority(text.upper())


READERS: dict[str, Callable[[str], Hashable]] = {
    "owner": UUID,
    "plan": UUID,
    "priority": _priority,
    "phase": _phase,
    "implementation": states.Implementation,
    "category": _category,
    "year": _year,
    "flag": states.Flag,
    "funder": UUID,
    "place": UUID,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A choice of measures and how to show it. `notes` say which values were left out."""

    which: MeasureFilter = field(default_factory=MeasureFilter)
    sort: str = ""
    layout: str = "split"
    start: int = 0
    notes: tuple[str, ...] = ()

    def pairs(self) -> list[tuple[str, str]]:
        """The filter as pairs of an address, in a fixed order."""
        found: list[tuple[str, str]] = [("q", self.which.text)] if self.which.text else []
        for name, attribute in LISTS.items():
            values = sorted(str(value) or "none" for value in getattr(self.which, attribute))
            if name == "flag" and len(values) == len(states.Flag):
                values = ["any"]
            found += [(name, value) for value in values]
        found += [(name, str(getattr(self.which, name))) for name in STARTS if getattr(self.which, name)]
        if self.which.published is not None:
            found.append(("published", "yes" if self.which.published else "no"))
        return found

    def query(self, **extra: str | int) -> str:
        """The filter as the query of an address, "" for all."""
        pairs = [*self.pairs(), *((name, str(value)) for name, value in extra.items() if value != "")]
        return f"?{urlencode(pairs)}" if pairs else ""

    def page_query(self, **extra: str | int) -> str:
        """Filter, order and layout as a query."""
        shown = {"sort": self.sort, "view": "" if self.layout == "split" else self.layout}
        return self.query(**{**shown, **extra})


def _values(
    given: QueryDict, name: str, read: Callable[[str], Hashable], notes: list[str]
) -> frozenset[Hashable]:
    found = set()
    for text in given.getlist(name)[:MOST_VALUES]:
        if text == "" or (name == "flag" and text == "any"):
            continue
        try:
            found.add(read(text))
        except (ValueError, KeyError, OverflowError):
            notes.append(
                gettext("“%(value)s” is not a value of this filter and was left out.") % {"value": text[:60]}
            )
    return frozenset(found)


def read(given: QueryDict) -> Asked:
    """What an address asks; never fails."""
    notes: list[str] = []
    chosen = {attribute: _values(given, name, READERS[name], notes) for name, attribute in LISTS.items()}
    if "any" in given.getlist("flag"):
        chosen["flags"] = frozenset(states.Flag)
    starts = {name: next(iter(_values(given, name, _year, notes)), None) for name in STARTS}
    text = given.get("q", "").replace("\x00", "").strip()[:LONGEST_TEXT]
    sort = given.get("sort", "")
    if sort and sort.removeprefix("-") not in SORTS:
        notes.append(gettext("The list cannot be sorted by “%(value)s”.") % {"value": sort[:60]})
        sort = ""
    layout = given.get("view", "split")
    return Asked(
        which=MeasureFilter(
            text=text,
            published={"yes": True, "no": False}.get(given.get("published", "")),
            **starts,  # type: ignore[arg-type]
            **chosen,  # type: ignore[arg-type]
        ),
        sort=sort,
        layout=layout if layout in LAYOUTS else "split",
        start=_start(given.get("start", "")),
        notes=tuple(dict.fromkeys(notes)),
    )


def _start(text: str) -> int:
    return min(int(text), 10_000_000) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def without(pairs: Iterable[tuple[str, str]], name: str, value: str) -> str:
    """The query of `pairs` with one value taken out."""
    left = [pair for pair in pairs if pair != (name, value)]
    return f"?{urlencode(left)}" if left else "?"
