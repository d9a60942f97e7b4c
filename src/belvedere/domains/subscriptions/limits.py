"""How often one client may ask, and how often one address may be written to before it confirms."""

from __future__ import annotations

from typing import Final

from django.core.cache import cache

from belvedere.domains.subscriptions.errors import TooManyRequests
from belvedere.kernel.errors import N_

CLIENT_TIMES: Final = 10
CLIENT_WITHIN_S: Final = 3600
ADDRESS_TIMES: Final = 4
ADDRESS_WITHIN_S: Final = 24 * 3600


def allow(client: str) -> None:
    """Count one request of a client address; "" is a caller inside the platform, who is not counted.

    Raises:
        TooManyRequests: when there were too many; nothing must be kept.
    """
    if client and _count(f"subscriptions:client:{client}", CLIENT_WITHIN_S) > CLIENT_TIMES:
        raise TooManyRequests(
            N_(
                "{times} subscriptions were asked for from here within an hour. Wait a while, then try again."
            ),
            times=CLIENT_TIMES,
        )


def may_write_to(email_index: str) -> bool:
    """Count one message with a link; False when the address got enough of them today: others could use the
    form to molest it."""
    return _count(f"subscriptions:address:{email_index}", ADDRESS_WITHIN_S) <= ADDRESS_TIMES


def _count(key: str, seconds: int) -> int:
    if cache.add(key, 1, seconds):
        return 1
    try:
        return int(cache.incr(key))
    except ValueError:  # it expired in between
        cache.set(key, 1, seconds)
        return 1
