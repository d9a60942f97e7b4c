"""Entities that others point to (ETSI GS CIM 009, clause 4.5.23): which are wanted, level by level."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from belvedere.kernel.errors import N_
from belvedere.standards.ngsi_ld.documents import Document, Kind
from belvedere.standards.ngsi_ld.problems import TooComplexQuery
from belvedere.standards.ngsi_ld.shown import Presentation, Projection

Load = Callable[[Iterable[str]], dict[str, Document]]
Beside = tuple[Document, Projection | None, Projection | None]
_MOST = 1000
_MOST_INSIDE = 20_000


def gather(
    documents: list[Document], show: Presentation, load: Load
) -> tuple[dict[str, Document], list[Beside]]:
    """The documents `documents` point to, down to `show.join_level`: all of them by id (for `inline`), and
    each once with what is picked and omitted of it (for `flat`). `load` gives documents by id; at most
    1000 are asked for, and only those the caller may see come back.

    Raises TooComplexQuery when writing them inside each other would take too much."""
    if not show.join:
        return {}, []
    known = {one.id for one in documents} | show.contained_by
    linked: dict[str, Document] = {}
    beside: list[Beside] = []
    layer: list[Beside] = [(one, show.pick, show.omit) for one in documents]
    for _ in range(show.join_level):
        wanted: dict[str, tuple[Projection | None, Projection | None]] = {}
        for document, pick, omit in layer:
            for name, target in _targets(document, pick, omit):
                deeper = (pick.get(name) if pick else None, omit.get(name) if omit else None)
                if target not in show.contained_by:
                    wanted.setdefault(target, deeper)
        new = [target for target in wanted if target not in linked][: _MOST - len(linked)]
        found = load(new) if new else {}
        linked.update(found)
        layer = [(found[target], *wanted[target]) for target in new if target in found]
        beside.extend(one for one in layer if one[0].id not in known)
    if show.join == "flat":
        return {}, beside
    _measure(documents, linked, show.join_level)
    return linked, []


def _measure(documents: list[Document], linked: dict[str, Document], levels: int) -> None:
    """Refuse an answer in which linked entities would be written more than 20,000 times."""
    sizes = dict.fromkeys(linked, 1)
    pointed = {key: [target for _, target in _targets(one, None, None)] for key, one in linked.items()}
    for _ in range(levels - 1):
        sizes = {key: 1 + sum(sizes.get(target, 0) for target in targets) for key, targets in pointed.items()}
    total = sum(sizes.get(target, 0) for one in documents for _, target in _targets(one, None, None))
    if total > _MOST_INSIDE:
        raise TooComplexQuery(
            N_("Joined like this the answer would hold {count} linked entities; ask for fewer levels."),
            count=total,
        )


def _targets(
    document: Document, pick: Projection | None, omit: Projection | None
) -> Iterable[tuple[str, str]]:
    for name, instances in document.attributes.items():
        if (pick is not None and name not in pick) or (omit is not None and omit.get(name, ...) is None):
            continue
        for one in instances:
            if one.kind in (Kind.RELATIONSHIP, Kind.LIST_RELATIONSHIP):
                for target in one.value if isinstance(one.value, list) else [one.value]:
                    yield name, target
