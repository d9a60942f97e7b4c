"""What is recorded comes back as it was, chained, and the database refuses to change it."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from belvedere.duties.journal.models import EntryRow
from belvedere.duties.journal.public import (
    Entry,
    Filters,
    actors_in,
    acts_of,
    entries_in,
    entries_of,
    forget_name,
    record,
    record_many,
    verbs_in,
    verify,
)
from belvedere.kernel.clock import standing_at
from belvedere.kernel.paging import Window

pytestmark = pytest.mark.django_db
ANNA, TERRITORY = UUID(int=1), UUID(int=9)


def act(number: int = 1, **fields: object) -> Entry:
    given = {
        "actor_id": ANNA,
        "actor_label": "Anna",
        "verb": "plans.change_estimate",
        "subject": ("plans.measure", str(number)),
        "territory_id": TERRITORY,
        "before": {"amount": "1"},
        "after": {"amount": "2"},
    }
    return Entry(**(given | fields))  # type: ignore[arg-type]


def test_an_act_comes_back_as_it_was() -> None:
    instant = datetime(2026, 3, 4, 5, 6, 7, 890, tzinfo=UTC)
    with standing_at(instant):
        number = record(
            actor_id=ANNA,
            actor_label="Anna",
            verb="plans.change_estimate",
            subject=("plans.measure", "7"),
            territory_id=TERRITORY,
            before={"amount": Decimal("1.50"), "day": date(2026, 1, 2)},
            after={"amount": "2.50", "day": date(2026, 1, 2)},
            reason="new tender",
            request_id="r1",
        )
    (entry,) = entries_of(("plans.measure", "7")).rows
    assert (entry.id, entry.at, entry.actor_id, entry.actor_label) == (number, instant, ANNA, "Anna")
    assert (entry.reason, entry.request_id, entry.territory_id) == ("new tender", "r1", TERRITORY)
    assert entry.changes == [("amount", "1.50", "2.50")]
    assert verify().head == entry.hash


def test_each_entry_is_chained_to_the_one_before() -> None:
    record_many([act(1), act(2)])
    record_many([act(3)])
    rows = list(EntryRow.objects.order_by("id"))
    assert [row.previous_hash for row in rows] == ["0" * 64, rows[0].hash, rows[1].hash]
    found = verify(batch=2)
    assert (found.count, found.head, found.whole) == (3, rows[2].hash, True)


def test_nothing_recorded_is_a_whole_chain() -> None:
    assert record_many([]) == []
    assert verify().count == 0


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.text(),
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers()
            | st.floats()
            | st.text()
            | st.characters(categories=["Cs", "Cc"])
            | st.decimals()
            | st.uuids(),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
            max_leaves=6,
        ),
        max_size=4,
    ),
    st.text(),
)
def test_any_values_keep_the_chain_whole(values: dict[str, object], reason: str) -> None:
    record_many([act(before=values, after={"x": math.pi}, reason=reason)])
    assert verify().whole


def test_many_entries_cost_no_more_queries_than_few() -> None:
    """One lock, one range of numbers, one COPY, whatever is recorded at once; `bench/work.py` times it."""
    asked = []
    for count in (100, 200, 5_000):
        entries = [act(number, after={"amount": str(number), "name": "Rue " * 10}) for number in range(count)]
        with CaptureQueriesContext(connection) as queries:
            ids = record_many(entries)
        asked.append(len(queries))
        assert len(set(ids)) == count
        assert ids == sorted(ids)
    assert asked[1] == asked[2] <= asked[0]  # the first also keeps the names of who acted
    assert verify().count == 5_300


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET reason = 'x'",
        "UPDATE journal_entry SET reason = 'x' WHERE false",
        "DELETE FROM journal_entry",
        "TRUNCATE journal_entry",
        "TRUNCATE journal_entry CASCADE",
    ],
)
@pytest.mark.parametrize("replica", [False, True])
def test_the_database_refuses_to_change_an_entry(statement: str, replica: bool) -> None:
    record_many([act()])
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if replica and not cursor.fetchone()[0]:
            cursor.execute(
                "SELECT tgenabled::text FROM pg_trigger WHERE tgname = 'journal_entry_append_only'"
            )
            assert cursor.fetchone()[0] == "A"  # fires for replicas too; only a superuser can play one
            return
    with (
        pytest.raises(
            DatabaseError, match=r"append-only: (UPDATE|DELETE|TRUNCATE) of journal_entry is refused"
        ),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        if replica:
            cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
    assert entries_of(("plans.measure", "1")).total == 1


def tamper(statement: str) -> None:
    """As someone who owns the table, with its triggers out of the way."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE journal_entry ENABLE TRIGGER USER")


@pytest.mark.parametrize(
    "change",
    [
        "at = at + interval '1 microsecond'",
        "actor_id = NULL",
        "actor_label = 'Berta'",
        "verb = 'plans.other'",
        "subject_type = 'plans.plan'",
        "subject_id = '22'",
        "territory_id = NULL",
        "before = '{}'",
        'after = \'{"amount": "3"}\'',
        "reason = 'x'",
        "request_id = 'x'",
        "hash = repeat('a', 64)",
    ],
)
def test_a_changed_field_is_found(change: str) -> None:
    ids = record_many([act(1), act(2), act(3)])
    tamper(f"UPDATE journal_entry SET {change} WHERE id = {ids[1]}")
    broken = verify(batch=2).broken
    assert broken is not None
    assert (broken.entry_id, broken.content) == (ids[1], True)


def test_a_removed_entry_is_found_at_the_next() -> None:
    ids = record_many([act(1), act(2), act(3)])
    tamper(f"DELETE FROM journal_entry WHERE id = {ids[1]}")
    broken = verify().broken
    assert broken is not None
    assert (broken.entry_id, broken.content) == (ids[2], False)


def test_removed_last_entries_are_found_by_a_head_noted_elsewhere() -> None:
    ids = record_many([act(1), act(2), act(3)])
    noted = verify().head
    tamper(f"DELETE FROM journal_entry WHERE id = {ids[2]}")
    assert verify().whole
    assert not verify(noted=noted).whole
    record_many([act(4)])
    assert not verify(noted=noted).whole
    assert verify(noted=verify().head).whole


def test_a_name_can_be_forgotten_and_the_chain_stays_whole() -> None:
    record_many([act(1)])
    assert EntryRow.objects.get().actor_label == ""
    assert forget_name(ANNA)
    assert not forget_name(ANNA)
    assert [entry.actor_label for entry in acts_of(ANNA).rows] == [""]
    assert verify().whole


def test_a_new_name_is_shown_on_old_entries() -> None:
    record_many([act(1)])
    record_many([act(2, actor_label="Anna Meier"), act(3, actor_id=None, actor_label="Belvédère")])
    assert [entry.actor_label for entry in entries_in(None).rows] == ["Belvédère", "Anna Meier", "Anna Meier"]


def test_a_window_and_filters_narrow_the_list() -> None:
    berta, elsewhere = uuid4(), uuid4()
    with standing_at(datetime(2026, 1, 1, tzinfo=UTC)):
        record_many([act(1), act(2, actor_id=berta, actor_label="Berta"), act(3, territory_id=elsewhere)])
    with standing_at(datetime(2026, 2, 1, tzinfo=UTC)):
        record_many([act(4, verb="access.invite_person"), act(5)])

    def numbers(territory: UUID | None = TERRITORY, **filters: object) -> list[str]:
        page = entries_in(territory, filters=Filters(**filters))  # type: ignore[arg-type]
        assert page.total == len(page.rows)
        return [entry.subject[1] for entry in page.rows]

    assert numbers() == ["5", "4", "2", "1"]
    assert numbers(None) == ["5", "4", "3", "2", "1"]
    assert numbers(actor_id=berta) == ["2"]
    assert numbers(verbs=["access.invite_person"]) == ["4"]
    assert numbers(verbs=["plans."]) == ["5", "2", "1"]
    assert numbers(since=datetime(2026, 2, 1, tzinfo=UTC)) == ["5", "4"]
    assert numbers(until=datetime(2026, 2, 1, tzinfo=UTC)) == ["2", "1"]
    assert numbers(subjects=[("plans.measure", ["1", "4"]), ("plans.plan", ["5"])]) == ["4", "1"]
    assert numbers(subjects=[]) == []
    page = entries_in(TERRITORY, Window(1, 2))
    assert ([entry.subject[1] for entry in page.rows], page.total, page.next_start) == (["4", "2"], 4, 3)
    assert verbs_in(TERRITORY) == ["access.invite_person", "plans.change_estimate"]
    assert [name for _, name in actors_in(TERRITORY)] == ["Anna", "Berta"]
