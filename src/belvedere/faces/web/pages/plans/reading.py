"""What the pages read again and again, kept until something the reader may see changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

from belvedere.domains.plans.public import MeasureFilter, queries, totals, views
from belvedere.faces.web.pages.plans.parameters import Asked
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.identifiers import sha256

T = TypeVar("T")
# A renamed organisation does not move the mark of the measures; after this long its new name shows.
KEPT_S = 300
MOST_OPTIONS = 100  # of a filter; the text filter finds the rest


def mark(room: Room, *parts: str) -> str:
    """A text that changes whenever what this reader sees of the measures changes."""
    state = queries.state_of(room.actor, room.territory.id)
    return sha256("|".join((str(room.territory.id), room.audience, state, room.language, *parts)).encode())


def kept(key: str, name: str, make: Callable[[], T]) -> T:
    """The value kept under `name` and a mark, made when there is none."""
    full = f"plans:{name}:{key}"
    found: T | None = cache.get(full)
    if found is None:
        found = make()
        cache.set(full, found, KEPT_S)
    return found


def overview(room: Room, key: str) -> queries.Overview:
    """What each filter can be set to and the sums of the whole; `key` is `mark(room)`."""
    return kept(
        key,
        "overview",
        lambda: queries.overview(room.actor, room.territory.id, language=room.language, longest=MOST_OPTIONS),
    )


def sums(room: Room, key: str, asked: Asked) -> views.Totals:
    """The totals of a choice; `key` is `mark(room)`."""
    if not asked.which:
        return overview(room, key).totals
    return kept(
        sha256((key + asked.query()).encode()),
        "totals",
        lambda: totals.totals(room.actor, room.territory.id, asked.which),
    )


def number_of(room: Room, key: str, which: MeasureFilter) -> int:
    """How many measures a choice keeps."""
    return sums(room, key, Asked(which=which)).count
