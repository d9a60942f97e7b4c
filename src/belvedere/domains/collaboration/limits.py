"""How often one client address may suggest. Counts live in the shared cache: all processes count along."""

from __future__ import annotations

from typing import Final

from django.core.cache import cache

from belvedere.domains.collaboration.errors import TooManySuggestions
from belvedere.kernel.errors import N_

TIMES: Final = 5
WITHIN_S: Final = 3600


def allow(client: str) -> None:
    """Count one suggestion; "" is a caller inside the platform, who is not counted.

    Raises:
        TooManySuggestions: when there were too many; nothing must be kept.
    """
    if not client:
        return
    key = f"suggestions:{client}"
    if cache.add(key, 1, WITHIN_S):
        return
    try:
        count = cache.incr(key)
    except ValueError:  # it expired in between
        cache.set(key, 1, WITHIN_S)
        return
    if count > TIMES:
        raise TooManySuggestions(
            N_("{times} suggestions came from here within an hour. Wait a while, then send this one again."),
            times=TIMES,
        )
