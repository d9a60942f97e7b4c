"""Things that should have spoken by now."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from belvedere.domains.twin.events import StateChange, StatesChanged
from belvedere.domains.twin.present import lock_present
from belvedere.engines.transactions import announce
from belvedere.kernel.clock import now

MISSED = 3  # messages that may be missing before a thing counts as silent
LEAST_S = 300

_SILENCE = """
    WITH fell AS (
        UPDATE twin_entity e SET state = 'silent', state_since = %(at)s
        FROM twin_entity before LEFT JOIN twin_heard h ON h.entity_id = before.id
        WHERE before.id = e.id AND e.state <> 'silent' AND e.expected_s IS NOT NULL
            AND coalesce(h.last_seen_at, e.created_at)
                < %(at)s - make_interval(secs => greatest(e.expected_s * %(missed)s, %(least)s))
        RETURNING e.id, e.territory_id, e.kind, e.owner_id, e.visibility, before.state
    ), told AS (
        INSERT INTO twin_passage (entity_id, at, before, after)
        SELECT id, %(at)s, state, 'silent' FROM fell
    )
    SELECT territory_id, id, kind, owner_id, visibility, state, 'silent' FROM fell
"""


def patience(expected_s: int) -> int:
    """Seconds without a word after which something that speaks every `expected_s` counts as silent."""
    return max(expected_s * MISSED, LEAST_S)


def notice_silence(at: datetime | None = None) -> tuple[StateChange, ...]:
    """Mark the things that fell silent; a job calls it every minute. The next value ends the silence."""
    with transaction.atomic(), connection.cursor() as cursor:
        lock_present()
        cursor.execute(_SILENCE, {"at": at or now(), "missed": MISSED, "least": LEAST_S})
        fell = tuple(StateChange(*row) for row in cursor.fetchall())
        if fell:
            announce(StatesChanged(fell))
    return fell
