"""Writers at once keep the chain whole. In a database of its own: what is written stays for ever."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend
from psycopg import sql

from belvedere.duties.journal.public import Entry, record_many, verify

NAME = "journal_writers"
WRITERS, TURNS = 4, 12


@pytest.fixture
def apart(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """The settings of a fresh database with the journal's tables; dropped afterwards."""
    with django_db_blocker.unblock():
        settings = connection.settings_dict | {"CONN_MAX_AGE": 0}
        address = {
            "host": settings["HOST"],
            "port": settings["PORT"],
            "user": settings["USER"],
            "password": settings["PASSWORD"],
            "dbname": "postgres",
        }
        with psycopg.connect(**address, autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(NAME)))
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
        yield settings | {"NAME": NAME}
        with psycopg.connect(**address, autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(NAME)))


def connect(settings: dict[str, Any]) -> BaseDatabaseWrapper:
    made: BaseDatabaseWrapper = load_backend(settings["ENGINE"]).DatabaseWrapper(settings, "default")
    return made


def use(settings: dict[str, Any]) -> BaseDatabaseWrapper:
    """Make the present thread's default connection one to `settings`."""
    made = connect(settings)
    connections["default"] = made
    return made


def test_writers_at_once_keep_one_chain(apart: dict[str, Any]) -> None:
    problems: list[BaseException] = []
    start = threading.Barrier(WRITERS)
    outcome: list[Any] = []

    def prepare() -> None:
        made = use(apart)
        try:
            call_command("migrate", "journal", verbosity=0)
        finally:
            made.close()

    def write(number: int) -> None:
        made = use(apart)
        try:
            start.wait(30)
            for turn in range(TURNS):
                with transaction.atomic():
                    record_many(
                        [
                            Entry(verb="test.write", subject=("test.thing", f"{number}-{turn}-{part}"))
                            for part in range(3)
                        ]
                    )
                    if turn % 4 == 3:
                        transaction.set_rollback(True)  # a verb that fails leaves a gap in the numbers only
        except BaseException as error:
            problems.append(error)
        finally:
            made.close()

    def check() -> None:
        made = use(apart)
        try:
            outcome.append(verify(batch=7))
        finally:
            made.close()

    run([prepare])
    run([lambda number=number: write(number) for number in range(WRITERS)])  # type: ignore[misc]
    run([check])
    assert problems == []
    (found,) = outcome
    assert found.whole
    assert found.count == WRITERS * (TURNS - TURNS // 4) * 3


def run(tasks: list[Any]) -> None:
    """Each task in a thread of its own, which has connections of its own."""
    failures: list[BaseException] = []

    def guarded(task: Any) -> None:
        try:
            task()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=[task]) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert failures == []
