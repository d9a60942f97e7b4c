"""Storing: every interleaving, repetition and redelivery gives the same history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from belvedere.domains.observations.public import Reading, Stored, store
from belvedere.kernel.clock import standing_at

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def reading(
    series: int = 1, minute: float = 0, number: float | None = 1.0, seq: int = 1, value: object = None
) -> Reading:
    return Reading(series, NOON + timedelta(minutes=minute), number, value, seq, NOON)


def history() -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT series_id, observed_at, number, value::text, seq FROM observations_reading UNION ALL"
            " SELECT series_id, observed_at, number, value::text, seq FROM observations_late ORDER BY 1, 2"
        )
        return cursor.fetchall()


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with standing_at(NOON):
        yield


def test_each_reading_is_told_apart() -> None:
    assert store([reading(), reading(minute=1), reading(2)]) == [Stored.NEW] * 3
    assert store([reading(seq=2, number=2), reading(minute=1), reading(2, seq=2), reading(3)]) == [
        Stored.CORRECTED,
        Stored.DUPLICATE,
        Stored.DUPLICATE,
        Stored.NEW,
    ]
    assert [(row[0], row[2], row[4]) for row in history()] == [(1, 2, 2), (1, 1, 1), (2, 1, 2), (3, 1, 1)]
    assert store([]) == []


def test_an_older_message_that_comes_later_changes_nothing() -> None:
    store([reading(seq=5, number=5)])
    assert store([reading(seq=4, number=4)]) == [Stored.DUPLICATE]
    assert [row[2] for row in history()] == [5]


def test_two_values_of_one_instant_in_one_batch() -> None:
    told = store([reading(seq=1, number=1), reading(seq=3, number=3), reading(seq=2, number=2)])
    assert told == [Stored.NEW, Stored.CORRECTED, Stored.DUPLICATE]
    assert [row[2] for row in history()] == [3]


def test_values_that_are_no_numbers() -> None:
    kept: list[object] = ["à l’heure", True, {"a": [1, None]}, "", "nul \0 ici"]
    store([reading(minute=at, number=None, value=value) for at, value in enumerate(kept)])
    assert [row[3] for row in history()] == [
        '"à l’heure"',
        "true",
        '{"a": [1, null]}',
        '""',
        '"nul � ici"',
    ]


def test_days_too_old_to_be_hot_wait_among_the_late() -> None:
    old = -60 * 24 * 400
    told = store([reading(), reading(minute=old), reading(minute=old, seq=2, number=7)])
    assert told == [Stored.NEW, Stored.NEW, Stored.CORRECTED]
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM observations_late")
        assert cursor.fetchall() == [(7,)]


MESSAGES = st.lists(
    st.builds(
        reading,
        series=st.integers(1, 2),
        minute=st.sampled_from([0, 1, -1440, -1440 * 50]),
        number=st.sampled_from([None, 0.0, 1.5, 2.5]),
        value=st.sampled_from([None, "a", "b", {"x": 1}]),
        seq=st.integers(1, 5),
    ),
    max_size=12,
)


def cut(rows: Sequence[Reading], sizes: Sequence[int]) -> list[Sequence[Reading]]:
    parts, at = [], 0
    for size in [*sizes, len(rows)]:
        parts.append(rows[at : at + size])
        at += size
    return parts


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=MESSAGES, data=st.data())
def test_any_order_and_repetition_give_the_same_history(rows: list[Reading], data: st.DataObject) -> None:
    def after(batches: list[Sequence[Reading]]) -> tuple[list[tuple[Any, ...]], list[Stored]]:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM observations_reading")
            cursor.execute("DELETE FROM observations_late")
        told = [one for batch in batches for one in store(batch)]
        return history(), told

    with standing_at(NOON):
        once, told = after([rows])
        again = data.draw(st.lists(st.sampled_from(rows), max_size=6)) if rows else []
        shuffled = data.draw(st.permutations(rows + again))
        sizes = data.draw(st.lists(st.integers(1, 5), max_size=5))
        other, told_other = after(cut(shuffled, sizes))
    assert other == once
    assert told.count(Stored.NEW) == told_other.count(Stored.NEW) == len(once)
    assert len(told_other) == len(shuffled)
