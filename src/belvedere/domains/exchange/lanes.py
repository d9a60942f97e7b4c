"""The outbox and its lanes, in SQL: what waits for each subscription, who sends it, and what became of it.

A lane is the row of deliveries of one subscription. One worker at a time holds it and sends in the order of
the outbox, so that each thing's changes arrive in their order. A worker holds a lock of the database as long
as it lives; the lanes of one that died are free at once. All clocks are the database's.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from belvedere.domains.exchange.states import JITTER, MOST_OFFERS, PATIENCE, Fate, delay_after

CHANNEL = "belvedere_exchange"
MOST_ROWS, MOST_BYTES = 200, 4 << 20  # of one lane at once

_PUT = """
    INSERT INTO exchange_notice (subscription_id, created_at, payload, offers, why)
    SELECT n.subscription_id, clock_timestamp(), n.payload, 0, ''
    FROM unnest(%s::int8[], %s::bytea[]) WITH ORDINALITY AS n (subscription_id, payload, place)
    ORDER BY n.place
"""
# A clock that was set back leaves `next_at` far ahead: nobody waits longer than the lane can ever ask for.
_CLAIM = """
    WITH due AS (
        SELECT l.subscription_id
        FROM exchange_lane l JOIN exchange_subscription s ON s.id = l.subscription_id
        WHERE l.holder IS NULL AND (l.failures > 0) = %s
            AND (l.next_at <= clock_timestamp() OR l.next_at > clock_timestamp()
                 + make_interval(secs => greatest(7200, s.throttling_s)))
            AND s.is_active AND s.stopped = '' AND (s.expires_at IS NULL OR s.expires_at > clock_timestamp())
            AND EXISTS (SELECT FROM exchange_notice n
                        WHERE n.subscription_id = s.id AND n.parked_at IS NULL)
        ORDER BY l.next_at LIMIT %s
        FOR UPDATE OF l SKIP LOCKED
    )
    UPDATE exchange_lane l SET holder = %s FROM due
    WHERE l.subscription_id = due.subscription_id RETURNING l.subscription_id
"""
_WAITING = """
    SELECT n.subscription_id, n.id, n.created_at, n.offers, n.payload,
        n.created_at < clock_timestamp() - interval '1 second'
    FROM unnest(%s::int8[]) AS l (id) CROSS JOIN LATERAL (
        SELECT *, sum(octet_length(payload)) OVER (ORDER BY id) - octet_length(payload) AS before
        FROM (SELECT * FROM exchange_notice o
              WHERE o.subscription_id = l.id AND o.parked_at IS NULL ORDER BY o.id LIMIT %s) first
    ) n
    WHERE n.before < %s ORDER BY n.subscription_id, n.id
"""
_TAKEN = """
    UPDATE exchange_lane l SET holder = NULL, failures = 0, since = NULL, sent = l.sent + %s,
        last_sent_at = coalesce(%s, l.last_sent_at), last_taken_at = coalesce(%s, l.last_taken_at),
        status = %s, answer = '',
        next_at = clock_timestamp() + make_interval(secs => CASE WHEN %s > 0 THEN s.throttling_s ELSE 0 END)
    FROM exchange_subscription s
    WHERE s.id = l.subscription_id AND l.subscription_id = %s AND l.holder = %s
"""
_FAILED = """
    UPDATE exchange_lane SET holder = NULL, failures = failures + 1,
        since = coalesce(since, clock_timestamp()), sent = sent + %s, failed = failed + 1,
        last_sent_at = clock_timestamp(), last_failed_at = clock_timestamp(),
        last_taken_at = coalesce(%s, last_taken_at), status = %s, answer = %s,
        next_at = clock_timestamp() + make_interval(secs => %s)
    WHERE subscription_id = %s AND holder = %s
"""
_OFFERED = """
    UPDATE exchange_notice SET offers = offers + 1,
        parked_at = CASE WHEN offers + 1 >= %s THEN clock_timestamp() END,
        why = CASE WHEN offers + 1 >= %s THEN 'refused' ELSE '' END
    WHERE id = ANY(%s)
"""
_LATE = """
    UPDATE exchange_notice SET parked_at = clock_timestamp(), why = 'late'
    WHERE subscription_id = %s AND parked_at IS NULL
        AND created_at < clock_timestamp() - make_interval(secs => %s)
"""
_FREE = """
    UPDATE exchange_lane SET holder = NULL
    WHERE holder IS NOT NULL AND NOT EXISTS (
        SELECT FROM pg_locks k
        WHERE k.locktype = 'advisory' AND k.granted AND k.objsubid = 1
            AND k.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND (k.classid::int8 << 32) | k.objid::int8 = exchange_lane.holder)
"""
# Of those that are told: one that is paused or has expired is due again only when somebody changes it.
_NEXT = """
    SELECT extract(epoch FROM min(CASE WHEN waits THEN least(t.next_at, t.tick_at) ELSE t.tick_at END)
        - clock_timestamp())
    FROM (
        SELECT CASE WHEN l.holder IS NULL THEN l.next_at END AS next_at, l.tick_at,
            EXISTS (SELECT FROM exchange_notice n
                    WHERE n.subscription_id = s.id AND n.parked_at IS NULL) AS waits
        FROM exchange_lane l JOIN exchange_subscription s ON s.id = l.subscription_id
        WHERE s.is_active AND s.stopped = '' AND (s.expires_at IS NULL OR s.expires_at > clock_timestamp())
    ) t
"""
_LAG = """
    SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(n.created_at)), 0)
    FROM exchange_notice n JOIN exchange_lane l USING (subscription_id)
    JOIN exchange_subscription s ON s.id = n.subscription_id
    WHERE n.parked_at IS NULL AND l.failures = 0
        AND s.is_active AND s.stopped = '' AND (s.expires_at IS NULL OR s.expires_at > clock_timestamp())
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A notice that waits; `is_behind`: for more than a second."""

    id: int
    created_at: datetime
    offers: int
    payload: bytes
    is_behind: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an attempt at a lane. `taken`: notices that need not be sent any more; `offered`: those
    of the message that failed. `posts`: messages that were sent, the failed one included."""

    subscription_id: int
    taken: tuple[int, ...] = ()
    offered: tuple[int, ...] = ()
    posts: int = 0
    fate: Fate = Fate.TAKEN
    status: int | None = None
    answer: str = ""
    failures: int = 0  # in a row, before this attempt
    cooldown_s: float = 0.0  # at least so long until the next one, after a failure
    taken_at: datetime | None = None


def put(notices: Sequence[tuple[int, bytes]]) -> None:
    """Have these told (subscription, packed items), once the transaction at hand is committed."""
    if not notices:
        return
    with connection.cursor() as cursor:
        cursor.execute(_PUT, [[one for one, _ in notices], [packed for _, packed in notices]])
        cursor.execute(f"NOTIFY {CHANNEL}")


def claim(worker: int, most: int, *, failing: bool) -> list[int]:
    """Hold up to `most` lanes that have something to send now: those that go well, or those that fail."""
    if most <= 0:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [failing, most, worker])
        return [found[0] for found in cursor.fetchall()]


def waiting(lanes: Sequence[int]) -> dict[int, list[Row]]:
    """What each of these lanes is to send first, in order."""
    found: dict[int, list[Row]] = {lane: [] for lane in lanes}
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [list(lanes), MOST_ROWS, MOST_BYTES])
        for lane, number, created_at, offers, payload, behind in cursor.fetchall():
            found[lane].append(Row(number, created_at, offers, bytes(payload), behind))
    return found


def record(worker: int, outcome: Outcome) -> None:
    """Write down what became of an attempt, and let the lane go."""
    with transaction.atomic(), connection.cursor() as cursor:
        if outcome.taken:
            cursor.execute("DELETE FROM exchange_notice WHERE id = ANY(%s)", [list(outcome.taken)])
        sent_at = outcome.taken_at
        if outcome.fate is Fate.TAKEN:
            good = [outcome.posts, sent_at, sent_at, outcome.status, outcome.posts]
            cursor.execute(_TAKEN, [*good, outcome.subscription_id, worker])
            return
        if outcome.fate is Fate.REFUSED:
            cursor.execute(_OFFERED, [MOST_OFFERS, MOST_OFFERS, list(outcome.offered)])
        cursor.execute(_LATE, [outcome.subscription_id, PATIENCE.total_seconds()])
        wait = max(delay_after(outcome.failures + 1) * by_chance(), timedelta(seconds=outcome.cooldown_s))
        told = [outcome.posts, sent_at, outcome.status, outcome.answer, wait.total_seconds()]
        cursor.execute(_FAILED, [*told, outcome.subscription_id, worker])


def by_chance() -> float:
    """Sooner or later by a fifth, so that receivers that fell together are not asked together."""
    return random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 (spreads the load, hides nothing)


def hold(worker: int) -> None:
    """Be that worker, as long as this connection lives."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [worker])


def free_lost() -> int:
    """Let go the lanes of workers that died; how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(_FREE)
        return int(cursor.rowcount)


def next_due() -> timedelta | None:
    """How long until there is something to do, if nothing changes; None for never."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT)
        (seconds,) = cursor.fetchone() or (None,)
    return None if seconds is None else timedelta(seconds=float(seconds))


def backlog() -> tuple[int, float]:
    """Of the lanes that go well: how many notices wait, and for how many seconds the oldest does."""
    with connection.cursor() as cursor:
        cursor.execute(_LAG)
        many, seconds = cursor.fetchone() or (0, 0.0)
    return int(many), float(seconds)
