"""What is known of devices, kept between batches until the twin says that something changed."""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from belvedere.domains.intake import lasts
from belvedere.domains.territory.public import territories
from belvedere.domains.twin.public import Feed, feeds, feeds_version

Pair = tuple[str, str]


@dataclass(slots=True)
class _Known:
    version: int = -1
    feeds: dict[Pair, Feed | None] = field(default_factory=dict)
    territories: dict[str, UUID] | None = None


_lock = threading.Lock()
_known = _Known()


def known_feeds(pairs: Collection[Pair]) -> dict[Pair, Feed | None]:
    """What is known of these devices, None for those that are not."""
    global _known
    version = feeds_version()  # read first: what is newer than it is read again next time
    with _lock:
        if _known.version != version:
            _known = _Known(version)
        held = _known
    missing = [pair for pair in pairs if pair not in held.feeds]
    if missing:
        found = feeds(missing)
        held.feeds.update((pair, found.get(pair)) for pair in missing)
    return {pair: held.feeds[pair] for pair in pairs}


def territory_of(slug: str) -> UUID | None:
    """The territory that a topic names, for messages of devices that nobody knows."""
    held = _known
    if held.territories is None or slug not in held.territories:
        held.territories = {one.slug: one.id for one in territories()}
    return held.territories.get(slug)


def forget() -> None:
    """Ask anew next time; for tests, whose database goes back in time."""
    global _known
    _known = _Known()
    lasts.forget()
