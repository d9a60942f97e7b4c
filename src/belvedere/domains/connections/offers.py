"""What can be chosen of a list that another system holds: the lists in it, the fields of their rows, and a
mapping to begin with. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from belvedere.domains.connections.lists import MOST_ROWS, OWN_NAME, ListMap, instant, items_at, named
from belvedere.kernel.errors import InvalidInput, TooLarge

DEEPEST = 5
MOST_FOUND = 200
LOOKED_AT = 20  # rows whose fields are offered


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be chosen of an answer: paths of lists with how many rows, paths of fields with an example."""

    lists: tuple[tuple[str, int], ...]
    fields: tuple[tuple[str, str], ...]


def offer(document: Any, items: str = "", most: int = MOST_ROWS) -> Offer:
    """The lists in a document, longest first, and the fields of the rows at `items`."""
    lists = sorted(_lists(document, "", 0), key=lambda one: -one[1])[:20]
    try:
        rows = items_at(document, items, most)
    except (InvalidInput, TooLarge):
        rows = []
    fields: dict[str, str] = {}
    for row in rows[:LOOKED_AT]:
        for path, example in _leaves(row, "", 0):
            if len(fields) < MOST_FOUND or path in fields:
                fields[path] = fields.get(path) or example
    return Offer(tuple(lists), tuple(fields.items()))


def _lists(told: Any, path: str, depth: int) -> Iterator[tuple[str, int]]:
    if isinstance(told, list):
        if told and isinstance(told[0], Mapping):
            yield path, len(told)
        return
    if not isinstance(told, Mapping) or depth >= DEEPEST:
        return
    if rows := named(told):
        yield path, len(rows)
    for name, one in list(told.items())[:MOST_FOUND]:
        if isinstance(one, Mapping | list):
            yield from _lists(one, f"{path}.{name}" if path else str(name), depth + 1)


def _leaves(told: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    pairs: Sequence[tuple[Any, Any]] = ()
    if isinstance(told, Mapping) and depth < DEEPEST:
        pairs = list(told.items())
    elif isinstance(told, list) and depth < DEEPEST and 0 < len(told) <= 3:
        pairs = list(enumerate(told))
    elif path and len(path) <= 120:
        yield path, ("" if told is None else str(told)[:60])
    for name, one in pairs:
        yield from _leaves(one, f"{path}.{name}" if path else str(name), depth + 1)


#: Names under which lists usually have what every list has, in the order in which they are looked for.
_USUAL = {
    "id": ("id", "station_id", "stationid", "identifier", "code", "number", "numero", "uid", OWN_NAME),
    "name": ("name", "nom", "label", "title", "bezeichnung", "libelle"),
    "longitude": ("lon", "lng", "longitude", "x", "coordinates.0"),
    "latitude": ("lat", "latitude", "y", "coordinates.1"),
    "time": (
        "time",
        "timestamp",
        "observedat",
        "date",
        "datetime",
        "last_update",
        "updated_at",
        "horodatage",
    ),
}


def guessed(told: Offer, items: str, zone: str) -> ListMap:
    """A mapping of the list at `items` to begin with: fields by their usual names."""
    by_end: dict[str, str] = {}
    examples = dict(told.fields)
    for path, _example in told.fields:
        folded = path.casefold()
        for end in (folded, folded.rpartition(".")[2], ".".join(folded.split(".")[-2:])):
            by_end.setdefault(end, path)

    def find(what: str) -> str:
        found = next((by_end[name] for name in _USUAL[what] if name in by_end), "")
        # What is only called a time: the word of a unit, a list of instants.
        return "" if what == "time" and instant(examples.get(found), zone) is None else found

    return ListMap(
        items, find("id"), find("name"), find("longitude"), find("latitude"), find("time"), zone=zone
    )


def to_begin_with(
    document: Any, mapping: ListMap, items: str | None, zone: str, most: int = MOST_ROWS
) -> tuple[ListMap, Offer]:
    """The mapping as it is, or a guess at the longest list; another list where somebody chose it."""
    if items is None:
        lists = offer(document, most=most).lists
        items = mapping.items if mapping.fields or not lists else lists[0][0]
    offered = offer(document, items, most)
    if mapping.fields:
        return msgspec.structs.replace(mapping, items=items), offered
    return guessed(offered, items, zone), offered
