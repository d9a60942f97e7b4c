"""The partitions of the hot days: one for each UTC day, made when a day first needs it.

Not for deciding when a day goes to the lake: `settling` does.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.db import connection
from psycopg import sql

from belvedere.domains.observations.states import DayState
from belvedere.kernel.clock import now

PARENT = "observations_reading"
LATE = "observations_late"
#: Days older than this never become hot: their readings wait among the late ones for the lake. So a
#: replay of old years makes no thousand partitions.
HOT_DAYS = 35
#: Held shared by who stores, exclusive by who takes a day out of the hot ones: a store never writes into
#: a day whose copy has begun.
STORE_LOCK = 5_206_001
_PARTITION_LOCK = 5_206_002


def name_of(day: date) -> str:
    """The table of a day."""
    return f"{PARENT}_{day:%Y%m%d}"


def hot_among(days: Collection[date]) -> set[date]:
    """Of these days, those whose readings are put in partitions now; the partitions are there afterwards.

    Call it with STORE_LOCK held: the answer is good until the end of the transaction.
    """
    oldest = now().date() - timedelta(days=HOT_DAYS)
    recent = [day for day in days if day >= oldest]
    if not recent:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d, to_regclass(%s || to_char(d, 'YYYYMMDD')) IS NOT NULL FROM unnest(%s::date[]) d"
            " WHERE NOT EXISTS (SELECT 1 FROM observations_settled s WHERE s.day = d)",
            [PARENT + "_", recent],
        )
        found = cursor.fetchall()
        missing = sorted(day for day, there in found if not there)
        if missing:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_PARTITION_LOCK])
            for day in missing:
                _make(day)
    return {day for day, _there in found}


def _make(day: date) -> None:
    """Beside first, then attached: that locks out neither those who read nor those who write."""
    table = sql.Identifier(name_of(day))
    first, last = sql.Literal(f"{day}T00:00:00Z"), sql.Literal(f"{day + timedelta(days=1)}T00:00:00Z")
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [name_of(day)])
        if cursor.fetchone()[0]:
            return  # another session made it while this one waited for the lock
        cursor.execute(sql.SQL("CREATE TABLE {} (LIKE observations_reading INCLUDING ALL)").format(table))
        cursor.execute(
            sql.SQL(
                "ALTER TABLE observations_reading ATTACH PARTITION {} FOR VALUES FROM ({}) TO ({})"
            ).format(table, first, last)
        )


def days_with_partitions() -> list[date]:
    """The days that have a partition, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_date(right(c.relname, 8), 'YYYYMMDD') FROM pg_inherits i"
            " JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = %s::regclass ORDER BY 1",
            [PARENT],
        )
        return [row[0] for row in cursor.fetchall()]


def drop(day: date) -> None:
    """Take the hot copy of a settled day away; waits two seconds at most for those who read it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM observations_settled WHERE day = %s AND state = %s FOR UPDATE",
            [day, DayState.SETTLED],
        )
        if cursor.fetchone() is None:
            return
        cursor.execute("SET LOCAL lock_timeout = '2s'")
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(name_of(day))))
        cursor.execute("SET LOCAL lock_timeout = DEFAULT")
        cursor.execute("UPDATE observations_settled SET state = %s WHERE day = %s", [DayState.RELEASED, day])
