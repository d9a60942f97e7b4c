"""Several who work at once, each over a connection of their own; what they write is committed, to a database
of the test's own."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.db.utils import load_backend
from psycopg import sql


@pytest.fixture
def apart(django_db_setup: None, django_db_blocker: Any) -> Iterator[Callable[..., None]]:
    """`apart(task, …)` does tasks at once, each in a thread with connections to a fresh database."""
    with django_db_blocker.unblock():
        name = f"apart_{os.getpid()}"
        settings = connection.settings_dict | {"CONN_MAX_AGE": 0, "NAME": name}
        address = {key.lower(): settings[key] for key in ("HOST", "PORT", "USER", "PASSWORD")}
        external = "BELVEDERE_DATABASE_URL" in os.environ
        template = sql.SQL("" if external else "TEMPLATE belvedere")
        with psycopg.connect(**address, dbname="postgres", autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
            server.execute(sql.SQL("CREATE DATABASE {} {}").format(sql.Identifier(name), template))

        def at_once(*tasks: Callable[[], object]) -> None:
            failures: list[BaseException] = []

            def guarded(task: Callable[[], object]) -> None:
                made = load_backend(settings["ENGINE"]).DatabaseWrapper(settings, "default")
                connections["default"] = made
                try:
                    task()
                except BaseException as error:
                    failures.append(error)
                finally:
                    made.close()

            threads = [threading.Thread(target=guarded, args=[task]) for task in tasks]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(120)
            assert failures == []

        if external:
            at_once(lambda: call_command("migrate", verbosity=0))
        yield at_once
        with psycopg.connect(**address, dbname="postgres", autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
