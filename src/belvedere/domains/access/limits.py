"""How often a stranger may guess a secret. Counts live in the shared cache, so every process counts along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.core.cache import cache

from belvedere.domains.access.errors import TooManyAttempts
from belvedere.kernel.errors import N_


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` within `seconds` from one client address."""

    times: int
    seconds: int


LIMITS: Final = {"invitation": Limit(20, 600), "token": Limit(30, 600), "api": Limit(1200, 120)}


def allow(what: str, client: str) -> None:
    """Count one attempt; `client` is an address, "" for a caller inside the platform, who is not counted.

    Raises:
        TooManyAttempts: when there were too many; the attempt must not be looked at.
    """
    if not client:
        return
    limit = LIMITS[what]
    key = f"attempts:{what}:{client}"
    if cache.add(key, 1, limit.seconds):
        return
    try:
        count = cache.incr(key)
    except ValueError:  # it expired in between
        cache.set(key, 1, limit.seconds)
        return
    if count > limit.times:
        raise _too_many(limit)


def allow_request(who: str) -> None:
    """Count one request to the programming interface; `who` is an address, or a person.

    Raises:
        TooManyAttempts: when a script runs wild.
    """
    allow("api", who)


def refuse_if_spent(what: str, client: str) -> None:
    """Raise as `allow` does when the attempts are used up, without counting one."""
    limit = LIMITS[what]
    if client and (cache.get(f"attempts:{what}:{client}") or 0) >= limit.times:
        raise _too_many(limit)


def _too_many(limit: Limit) -> TooManyAttempts:
    return TooManyAttempts(
        N_("Too many attempts from here. Wait {minutes} minutes, then try again."),
        minutes=limit.seconds // 60,
    )
