"""Which numbers few things said lately: such things are looked up by their bands at once, not walked to.

Only a guess at the better way, kept in the memory of a process: either way gives the same things.
"""

from __future__ import annotations

import time
from collections.abc import Hashable, Sequence

#: From where to where, for the numbers of each name that is asked of.
Spans = Sequence[tuple[str, Sequence[tuple[float, float]]]]
REMEMBERED_S = 60.0
MOST = 1_000
_known: dict[Hashable, tuple[float, list[tuple[float, float]]]] = {}


def note(among: Hashable, spans: Spans) -> None:
    """Few of `among` have numbers in these spans."""
    if len(_known) >= MOST:
        _known.clear()
    key, covers = _split(among, spans)
    found = _known.get(key)
    if found is None or found[0] < time.monotonic() or not _within(covers, found[1]):
        _known[key] = time.monotonic() + REMEMBERED_S, covers


def is_known(among: Hashable, spans: Spans) -> bool:
    """Whether few were found in these spans, or in wider ones."""
    key, covers = _split(among, spans)
    found = _known.get(key)
    return found is not None and found[0] >= time.monotonic() and _within(covers, found[1])


def _split(among: Hashable, spans: Spans) -> tuple[Hashable, list[tuple[float, float]]]:
    covers = [(min(low for low, _ in many), max(high for _, high in many)) for _name, many in spans]
    return (among, tuple(name for name, _ in spans)), covers


def _within(inner: list[tuple[float, float]], outer: list[tuple[float, float]]) -> bool:
    pairs = zip(inner, outer, strict=True)
    return all(low >= from_ and high <= to for (low, high), (from_, to) in pairs)
