"""Batches read by columns make what the careful way makes of them, whatever is in them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from belvedere.domains.intake import feeding, taking
from belvedere.domains.intake.columns import plain
from belvedere.domains.intake.forms import ReadingSet, decode
from belvedere.domains.intake.judging import judge
from belvedere.domains.intake.pacing import Pace
from belvedere.domains.intake.public import Message, take
from belvedere.domains.intake.states import Form
from belvedere.domains.observations import storing
from belvedere.domains.twin.public import Feed, Target
from belvedere.kernel.clock import standing_at
from tests.domains.intake.things import Things, _database_goes_back_in_time, things

__all__ = ["_database_goes_back_in_time", "things"]
AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
FIELDS = {
    "a": Target(1, "a", "number", 1.0, 0.0, "C62", 0.0, 100.0),
    "b": Target(2, "b", "number", 1.8, 32.0, "FAH", None, None),
    "same": Target(2, "b", "number", 1.0, 0.0, "FAH", None, None),
    "word": Target(3, "word", "text", 1.0, 0.0, "", None, None),
}
FEEDS = [
    Feed(UUID(int=1), UUID(int=2), "d", 1, FIELDS, bool(strict), revoked=False, per_minute=9)
    for strict in (0, 1)
]

_minutes = st.integers(-3, 12)
_times = st.one_of(
    _minutes.map(lambda n: (AT + timedelta(minutes=n)).isoformat()),
    _minutes.map(lambda n: (AT + timedelta(minutes=n)).strftime("%Y-%m-%dT%H:%M:%SZ")),
    _minutes.map(lambda n: (AT + timedelta(minutes=n, hours=2)).strftime("%Y-%m-%d %H:%M:%S.123456789+0200")),
    _minutes.map(lambda n: (AT + timedelta(minutes=n)).timestamp()),
    st.sampled_from(["1989-12-31T00:00Z", "2026-11-22T08:00:00", "", 1e300, None, True, 0, -5]),
)
_numbers = st.one_of(
    st.floats(-5, 105), st.integers(-5, 105), st.sampled_from([-0.0, 1e308, 10**400, 2**70, None, "7", True])
)
_usual = st.fixed_dictionaries(
    {"t": _minutes.map(lambda n: (AT + timedelta(minutes=n)).isoformat()), "a": st.integers(0, 100)},
)
_sets = st.one_of(
    _usual,
    st.fixed_dictionaries(
        {}, optional={"t": _times, "a": _numbers, "b": _numbers, "same": _numbers, "word": st.just("w")}
    ),
    st.fixed_dictionaries({"time": _times, "a": _numbers, "other": _numbers}),
    st.just(7),
)
_batches = st.one_of(
    st.lists(_usual, max_size=8),
    st.lists(st.fixed_dictionaries({"b": _numbers, "t": _times, "a": _numbers}), max_size=4),
    st.lists(_sets, max_size=6),
)


@settings(max_examples=400)
@given(batch=_batches, strict=st.booleans(), before=st.none() | _minutes)
@example(batch=[{"t": AT.isoformat(), "a": -0.0}], strict=False, before=None)
def test_columns_say_what_the_careful_way_says(batch: list[Any], strict: bool, before: int | None) -> None:
    payload = json.dumps(batch).encode()
    feed = FEEDS[strict]
    found = plain(payload, feed, AT)
    if found is None:
        return
    sets = decode(Form.BATCH, payload, AT)
    one, other = (Pace(AT, 0, None if before is None else AT + timedelta(minutes=before)) for _ in "12")
    found_late = one.late_among(found.times_us)
    late, newest = [], None
    for place, told in enumerate(sets):
        assert isinstance(told, ReadingSet)
        values = judge(told, feed, Form.BATCH)
        assert isinstance(values, list)
        order = {value.target.series_id: value for value in values}
        assert len(order) == len(values) == len(found.targets)
        for target, number in zip(found.targets, found.numbers[place].tolist(), strict=True):
            assert repr(order[target.series_id].number) == repr(number)
        late.append(other.is_late(told.observed_at))
        if newest is None or told.observed_at > newest[0]:
            newest = (told.observed_at, order)
    assert newest is not None
    assert found_late == late and one == other
    at, shown = found.newest()
    assert at == newest[0] and {value.target.series_id: value for value in shown} == newest[1]


def test_the_usual_batch_is_read_by_columns() -> None:
    batch = [{"t": (AT + timedelta(seconds=n)).isoformat(), "a": n, "b": n / 2} for n in range(3)]
    found = plain(json.dumps(batch).encode(), FEEDS[0], AT)
    assert found is not None and len(found) == 3
    assert found.numbers.tolist() == [[0.0, 32.0], [1.0, 32.9], [2.0, 33.8]]


_KEPT = (
    "SELECT series_id, observed_at, number, value, seq, received_at FROM observations_reading ORDER BY 1, 2",
    "SELECT series_id, observed_at, number, seq FROM observations_late ORDER BY 1, 2",
    "SELECT device_key, hour, outcome, reason, n FROM intake_ledger ORDER BY 1, 2, 3, 4",
    "SELECT device_key, hour, messages, sets FROM intake_received ORDER BY 1, 2",
    "SELECT device_key, part, reason, detail, payload FROM intake_deadletter ORDER BY id",
    "SELECT minute, n, newest_at FROM intake_pace ORDER BY device_id",
    "SELECT outcome, reason, payload FROM intake_last ORDER BY device_id",
    "SELECT entity_id, term, number, observed_at, received_at, note FROM twin_attribute ORDER BY 1, 2",
)


def _kept(batches: Sequence[Sequence[Message]]) -> list[Any]:
    """What is in the tables after these batches; nothing stays in them."""
    found: list[Any] = []
    storing._Luck.careful = 0
    with transaction.atomic(), connection.cursor() as cursor:
        for batch in batches:
            found.append(take("stream@1", batch).sets)
        for question in _KEPT:
            cursor.execute(question)
            found.append(cursor.fetchall())
        transaction.set_rollback(True)
    feeding.forget()
    return found


_shares = st.fixed_dictionaries(
    {
        "t": st.sampled_from([0, 0, 1, 1, 2, 3, 4, 5, 6, -90_000, 90_000]).map(
            lambda minutes: (AT + timedelta(minutes=minutes)).isoformat()
        ),
        "fillingLevel": st.sampled_from([0, 0.25, 0.5, 1.5]),
    },
    optional={"temperature": st.sampled_from([-3, 21.5, None])},
)
_messages = st.lists(st.tuples(st.lists(_shares, min_size=1, max_size=5), st.booleans()), max_size=5)


@pytest.mark.django_db
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(_messages, min_size=1, max_size=3))
def test_both_ways_keep_the_same(
    things: Things, monkeypatch: pytest.MonkeyPatch, batches: list[list[tuple[list[Any], bool]]]
) -> None:
    arrived = AT + timedelta(days=30)
    made: list[list[Message]] = []
    for batch in batches:
        made.append([])
        for sets, is_batch in batch:
            told, form = (sets, ".batch") if is_batch else (sets[0], "")
            seq = sum(len(one) for one in made) + 1
            subject = f"devices.valbelle.bin{form}"
            made[-1].append(
                Message(subject, json.dumps(told).encode(), seq, arrived + timedelta(seconds=seq // 3))
            )
    with standing_at(arrived):
        by_columns = _kept(made)
        with monkeypatch.context() as patch:
            patch.setattr(taking, "plain", lambda *_given: None)
            one_by_one = _kept(made)
    assert by_columns == one_by_one
