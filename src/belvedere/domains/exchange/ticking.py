"""Subscriptions told by the clock (clause 5.8.6, timeInterval): everything they watch, as it is now."""

from __future__ import annotations

import logging
from dataclasses import replace

from django.db import InterfaceError, OperationalError, connection, transaction

from belvedere.domains.exchange import lanes
from belvedere.domains.exchange.definition import understood
from belvedere.domains.exchange.delivering import owner_of, stop
from belvedere.domains.exchange.models import Subscription
from belvedere.domains.exchange.notices import Item, pack
from belvedere.domains.exchange.states import Stopped
from belvedere.domains.exchange.telling import MOST_ITEMS
from belvedere.domains.twin.public import audience, find_things, load_things
from belvedere.kernel.errors import BelvedereError

MOST_THINGS = 1000
log = logging.getLogger(__name__)
# Where something waits already, the receiver is behind: what is now is told at the next time.
_DUE = """
    WITH due AS (
        SELECT l.subscription_id
        FROM exchange_lane l JOIN exchange_subscription s ON s.id = l.subscription_id
        WHERE s.interval_s IS NOT NULL
            AND (l.tick_at <= clock_timestamp()
                 OR l.tick_at > clock_timestamp() + make_interval(secs => 2 * s.interval_s))
            AND s.is_active AND s.stopped = '' AND (s.expires_at IS NULL OR s.expires_at > clock_timestamp())
        LIMIT 50 FOR UPDATE OF l SKIP LOCKED
    )
    UPDATE exchange_lane l SET tick_at = clock_timestamp() + make_interval(secs => s.interval_s)
    FROM due JOIN exchange_subscription s ON s.id = due.subscription_id
    WHERE l.subscription_id = s.id
    RETURNING s.id, EXISTS (SELECT FROM exchange_notice n
                            WHERE n.subscription_id = s.id AND n.parked_at IS NULL)
"""


def tick() -> int:
    """Write the notices whose time has come; how many subscriptions were due."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_DUE)
            due = dict(cursor.fetchall())
        numbers = [number for number, is_behind in due.items() if not is_behind]
        for row in Subscription.objects.select_related("owner").filter(pk__in=numbers):
            try:
                with transaction.atomic():
                    _tell(row)
            except (OperationalError, InterfaceError):
                raise
            except Exception:  # a fault of ours with one of them is not one of the others
                log.exception("subscription %s could not be told by the clock", row.pk)
    return len(due)


def _tell(row: Subscription) -> None:
    actor = owner_of(row)
    if actor is None:
        stop(row, Stopped.OWNER)
        return
    try:
        wanted = understood(row.body, row.names).query
    except BelvedereError:
        return
    wanted = replace(wanted, limit=MOST_THINGS)
    found = find_things(audience(actor, row.territory_id), row.territory_id, wanted)
    items = [
        Item(
            entity_id=held.row.id,
            owner_id=held.row.owner_id,
            visibility=held.row.visibility,
            kept=held.kept,
            document=held.document,
        )
        for held in load_things(row.territory_id, [one.id for one in found.documents]).values()
    ]
    lanes.put([(row.pk, pack(items[n : n + MOST_ITEMS])) for n in range(0, len(items), MOST_ITEMS)])
