"""Every message is taken once and accounted for, however often, in whatever order and batches it comes."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from belvedere.domains.intake import taking
from belvedere.domains.intake.public import Message, Outcome, Reason, Taken, take, take_surely
from tests.domains.intake.things import Things, _database_goes_back_in_time, things

__all__ = ["_database_goes_back_in_time", "things"]
pytestmark = pytest.mark.django_db
STREAM = "$MQTT_msgs@test"
AT = datetime(2026, 11, 22, 8, tzinfo=UTC)


def message(
    seq: int, told: Any, *, device: str = "bin", form: str = "", arrived: datetime | None = None
) -> Message:
    payload = told if isinstance(told, bytes) else json.dumps(told).encode()
    subject = f"devices.valbelle.{device}{form}"
    return Message(subject, payload, seq, arrived or AT + timedelta(seconds=seq))


def level(seq: int, share: float, *, minutes: int = 0, **more: Any) -> Message:
    instant = (AT + timedelta(minutes=minutes)).isoformat()
    return message(seq, {"t": instant, "fillingLevel": share}, arrived=AT + timedelta(hours=1), **more)


def rows(question: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall()


def history() -> list[Any]:
    return rows("SELECT series_id, observed_at, number, value FROM observations_reading ORDER BY 1, 2")


def present() -> list[Any]:
    return rows(
        "SELECT entity_id, term, number, observed_at FROM twin_attribute WHERE observed_at IS NOT NULL "
        "ORDER BY 1, 2"
    )


def assert_balanced() -> None:
    """Σ messages = |done| and Σ sets = Σ outcomes, account by account."""
    done = rows("SELECT coalesce(sum(upper(r) - lower(r)), 0) FROM intake_progress, unnest(done) AS r")
    assert rows("SELECT coalesce(sum(messages), 0) FROM intake_received") == done
    assert (
        rows(
            """
        SELECT * FROM
            (SELECT territory_id, device_key, hour, sum(sets) AS n FROM intake_received GROUP BY 1, 2, 3) r
            FULL JOIN
            (SELECT territory_id, device_key, hour, sum(n) AS n FROM intake_ledger GROUP BY 1, 2, 3) l
            ON r.territory_id IS NOT DISTINCT FROM l.territory_id AND r.device_key = l.device_key
                AND r.hour = l.hour
        WHERE r.n IS DISTINCT FROM l.n
        """
        )
        == []
    )
    refused = rows("SELECT coalesce(sum(n), 0) FROM intake_ledger WHERE outcome = 'refused'")
    kept = rows("SELECT count(*) FROM intake_deadletter WHERE state <> 'replayed'")
    assert kept <= refused


def fates(taken: Taken) -> dict[Any, int]:
    return {reason or outcome: many for (outcome, reason), many in taken.sets.items()}


def test_a_message_is_shown_kept_and_counted(things: Things) -> None:
    taken = take(STREAM, [level(1, 0.78)])
    assert (taken.messages, fates(taken)) == (1, {Outcome.STORED: 1})
    assert [(one.term, one.number, one.state_after) for one in taken.shown] == [
        ("fillingLevel", 0.78, "normal")
    ]
    assert present() == [(things.entities["bin"], "fillingLevel", 0.78, AT)]
    assert [(at, number) for _series, at, number, _value in history()] == [(AT, 0.78)]
    assert_balanced()


def test_what_comes_again_is_taken_once(things: Things) -> None:
    batch = [level(1, 0.1), level(2, 0.2, minutes=1)]
    take(STREAM, batch)
    again = take(STREAM, [*batch, level(3, 0.3, minutes=2), batch[0]])
    assert (again.messages, fates(again)) == (1, {Outcome.STORED: 1})
    assert take(STREAM, batch) == Taken()
    assert_balanced()


def test_the_same_number_of_another_stream_is_another_message(things: Things) -> None:
    take(STREAM, [level(1, 0.1)])
    assert take("$MQTT_msgs@later", [level(1, 0.2, minutes=1)]).messages == 1
    assert_balanced()


def test_what_a_device_sends_twice_is_counted_as_such(things: Things) -> None:
    taken = take(STREAM, [level(1, 0.1), level(2, 0.1)])
    assert fates(taken) == {Outcome.STORED: 1, Outcome.DUPLICATE: 1}
    assert fates(take(STREAM, [level(3, 0.1)])) == {Outcome.DUPLICATE: 1}
    assert len(history()) == 1
    assert_balanced()


def test_what_is_late_is_kept_and_not_shown(things: Things) -> None:
    taken = take(STREAM, [level(1, 0.5, minutes=30), level(2, 0.4, minutes=10)])
    assert fates(taken) == {Outcome.STORED: 1, Outcome.LATE: 1}
    assert fates(take(STREAM, [level(3, 0.3, minutes=20)])) == {Outcome.LATE: 1}
    assert present()[0][2:] == (0.5, AT + timedelta(minutes=30))
    assert len(history()) == 3
    assert_balanced()


def test_a_correction_replaces_the_value_of_its_instant(things: Things) -> None:
    take(STREAM, [level(1, 0.5)])
    corrected = message(2, {"t": AT.isoformat(), "fillingLevel": 0.6}, arrived=AT + timedelta(hours=2))
    assert fates(take(STREAM, [corrected])) == {Outcome.STORED: 1}
    assert [number for _series, _at, number, _value in history()] == [0.6]


@pytest.mark.parametrize(
    ("refused", "reason"),
    [
        (message(1, b"{"), Reason.NOT_JSON),
        (message(1, {"fillingLevel": 0.1}, device="nobody"), Reason.UNKNOWN_DEVICE),
        (message(1, {"fillingLevel": 0.1}, form=".up"), Reason.NOT_ALLOWED),
        (Message("devices.elsewhere.bin", b"{}", 1, AT), Reason.UNKNOWN_DEVICE),
        (Message("devices.valbelle", b"{}", 1, AT), Reason.NOT_ALLOWED),
        (message(1, {"fillingLevel": 0.1, "x": 1}), Reason.UNKNOWN_FIELD),
        (message(1, b"x" * 300_000), Reason.TOO_LARGE),
    ],
    ids=lambda given: given.value if isinstance(given, Reason) else "",
)
def test_what_is_refused_is_kept_as_it_came(things: Things, refused: Message, reason: Reason) -> None:
    taken = take(STREAM, [refused])
    assert fates(taken) == {reason: 1}
    ((payload, size, seq, kept_reason),) = rows("SELECT payload, size, seq, reason FROM intake_deadletter")
    assert bytes(payload) == refused.payload[: 64 * 1024]
    assert (size, seq, kept_reason) == (len(refused.payload), 1, reason)
    assert history() == []
    assert_balanced()


def test_one_bad_set_does_not_keep_a_batch_back(things: Things) -> None:
    told = [{"t": 1795334400 + n, "fillingLevel": n / 10} for n in range(5)] + [{"t": 0, "fillingLevel": 1}]
    taken = take(STREAM, [message(1, told, form=".batch")])
    assert fates(taken) == {Outcome.STORED: 5, Reason.TOO_OLD: 1}
    assert rows("SELECT part, form, payload FROM intake_deadletter")[0][:2] == (5, "simple")
    assert rows("SELECT messages, sets FROM intake_received") == [(1, 6)]
    assert_balanced()


def test_a_device_that_floods_is_held_to_its_measure(things: Things) -> None:
    """Its neighbour is taken as ever; all is counted, a hundred an hour are kept."""
    instants = [(AT + timedelta(seconds=n / 1000)).isoformat() for n in range(1, 201)]
    many = [
        message(n, {"t": instant, "LAeq": 50}, device="noise", arrived=AT)
        for n, instant in enumerate(instants, 1)
    ]
    taken = take(STREAM, [*many, level(500, 0.5)])
    assert fates(taken) == {Outcome.STORED: 21, Reason.TOO_MANY: 180}
    assert taken.flooding == {("valbelle", "noise"): 180}
    assert rows("SELECT count(*) FROM intake_deadletter") == [(100,)]
    take(STREAM, [message(600, {"LAeq": 50}, device="noise", arrived=AT)])
    assert rows("SELECT count(*) FROM intake_deadletter") == [(100,)]
    later = message(601, {"LAeq": 50}, device="noise", arrived=AT + timedelta(minutes=1))
    assert fates(take(STREAM, [later])) == {Outcome.STORED: 1}
    assert_balanced()


def test_a_crash_before_the_commit_leaves_nothing(things: Things, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = [level(1, 0.1), message(2, b"{"), level(3, 0.3, minutes=1)]
    for name in ("apply_present", "store"):
        with monkeypatch.context() as patch:
            patch.setattr(taking, name, _fails)
            with pytest.raises(OperationalError), transaction.atomic():
                take(STREAM, batch)
    with monkeypatch.context() as patch:
        patch.setattr(taking.progress, "add", _fails)
        with pytest.raises(OperationalError), transaction.atomic():
            take(STREAM, batch)
    assert (history(), present(), rows("SELECT * FROM intake_ledger")) == ([], [], [])
    assert take(STREAM, batch).messages == 3
    assert_balanced()


def _fails(*_: Any, **__: Any) -> Any:
    raise OperationalError("the server closed the connection")


def test_our_own_fault_refuses_one_message_and_takes_the_others(
    things: Things, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = taking.judge

    def judge(told: Any, feed: Any, form: Any) -> Any:
        if told.values[0][1] == 0.3:
            raise ZeroDivisionError
        return real(told, feed, form)

    monkeypatch.setattr(taking, "judge", judge)
    taken = take_surely(STREAM, [level(n, n / 10, minutes=n) for n in range(1, 8)])
    assert (taken.messages, fates(taken)) == (7, {Outcome.STORED: 6, Reason.FAULT: 1})
    assert rows("SELECT seq, reason FROM intake_deadletter") == [(3, "fault")]
    assert_balanced()


def test_while_postgresql_is_away_nothing_is_taken(things: Things, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "store", _fails)
    with pytest.raises(OperationalError), transaction.atomic():
        take_surely(STREAM, [level(1, 0.1)])
    assert rows("SELECT * FROM intake_deadletter") == []


def test_a_batch_asks_a_bounded_number_of_questions(
    things: Things, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    take(STREAM, [level(1, 0.1)])
    with django_assert_max_num_queries(24):
        take(STREAM, [level(n, n / 1000, minutes=n % 50) for n in range(2, 402)])


def odd_messages(chance: random.Random) -> list[Message]:
    """What a bad week brings: late, doubled, refused, batches, from two devices and a stranger."""
    found: list[Message] = []
    for seq in range(1, chance.randrange(5, 40)):
        minutes = chance.randrange(0, 20)
        instant = (AT + timedelta(minutes=minutes)).isoformat()
        good = {"t": instant, "fillingLevel": chance.randrange(10) / 10}
        told, form, device = chance.choice(
            [
                (good, "", "bin"),
                (good, "", "bin"),
                ([good, {"t": 5}, {**good, "fillingLevel": 0.5}], ".batch", "bin"),
                ({"t": instant, "LAeq": 40 + minutes}, "", "noise"),
                (good, "", "noise"),
                (b"\xff", "", "bin"),
                (good, "", "stranger"),
            ]
        )
        # Slower than any device may send: who sends too much loses what came last, in whatever order it came.
        arrived = AT + timedelta(hours=1, seconds=4 * seq)
        found.append(message(seq, told, device=device, form=form, arrived=arrived))
    return found


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_order_batches_and_redelivery_change_nothing(things: Things, seed: int) -> None:
    chance = random.Random(seed)
    messages = odd_messages(chance)

    def whole(deliveries: Sequence[Sequence[Message]]) -> Any:
        point = transaction.savepoint()
        try:
            for batch in deliveries:
                take(STREAM, batch)
                assert_balanced()
            reasons = (
                "SELECT device_key, reason, n FROM intake_ledger WHERE outcome = 'refused' ORDER BY 1, 2"
            )
            sets = "SELECT device_key, messages, sets FROM intake_received ORDER BY 1"
            return history(), present(), rows(reasons), rows(sets)
        finally:
            transaction.savepoint_rollback(point)

    expected = whole([messages])
    assert whole([[one] for one in messages]) == expected
    shuffled = chance.sample(messages, len(messages))
    pieces: list[list[Message]] = []
    while shuffled:
        size = chance.randrange(1, 8)
        pieces.append(shuffled[:size])
        shuffled = shuffled[size:]
    pieces += [chance.choice(pieces) for _ in range(3)]
    assert whole(pieces) == expected


def test_a_forecast_is_kept_in_the_unit_of_what_it_is_of_and_what_is_none_is_refused(things: Things) -> None:
    expected = {"start": "2026-11-22T09:00:00Z", "every_s": 3600, "values": [120, None, 250.0]}
    told = {"t": AT.isoformat(), "waterLevelForecast": {"value": expected, "unit": "CMT"}}
    bad = {"t": AT.isoformat(), "waterLevelForecast": {"values": [["high", "tomorrow"]]}}
    odd = {"t": AT.isoformat(), "waterLevelForecast": {"value": expected, "unit": "CEL"}}
    things.add("gauge", "water-observed", "waterLevelForecast")
    done = take(STREAM, [message(seq, one, device="gauge") for seq, one in enumerate((told, bad, odd), 1)])
    assert done.sets == {
        (Outcome.STORED, None): 1,
        (Outcome.REFUSED, Reason.BAD_FORECAST): 1,
        (Outcome.REFUSED, Reason.WRONG_UNIT): 1,
    }
    ((_series, at, number, value),) = history()
    assert (at, number) == (AT, None)
    assert json.loads(value) == {**expected, "values": [1.2, None, 2.5]}
    (detail,) = rows("SELECT detail FROM intake_deadletter WHERE reason = 'bad_forecast'")
    assert "tomorrow" in detail[0]
