"""Bring the database to this version of the platform; safe to run at each start."""

from __future__ import annotations

import hashlib
import importlib.metadata
import sys
import time
from contextlib import suppress
from pathlib import Path

from belvedere.engines import postgres
from belvedere.engines.home import Home, replace_private
from belvedere.engines.postgres import EmbeddedPostgres
from belvedere.kernel.errors import BelvedereError, Unavailable
from belvedere.project.operations import platform
from belvedere.project.operations.language import sentence

WAIT_S = 30.0
PACKAGE = Path(__file__).resolve().parents[2]
#: Those that bring tables of their own: their migrations change with their version only.
WITH_TABLES = ("django", "django-allauth", "procrastinate")


def migrate_if_needed(home: Home) -> bool:
    """`migrate`, unless nothing changed since it last ended well; whether it ran.

    Loading Django to find that there is nothing to do takes seconds of each start. What is compared are
    the migrations here and those that the database says it has had, so that a database that was put back,
    or taken back by hand, is seen.
    """
    mark = home.path("run", "migrated")
    with suppress(FileNotFoundError, Unavailable):
        if mark.read_text(encoding="ascii") == _fingerprint(home):
            return False
    migrate(home)
    replace_private(mark, _fingerprint(home))
    return True


def _fingerprint(home: Home) -> str:
    """Of the migrations that this version brings, and of those the database has had."""
    digest = hashlib.sha256()
    for file in sorted(PACKAGE.glob("**/migrations/*.py")):
        digest.update(f"{file.relative_to(PACKAGE)}\0".encode())
        digest.update(file.read_bytes())
    for name in WITH_TABLES:
        digest.update(f"{name} {importlib.metadata.version(name)}\0".encode())
    with postgres.connect(postgres.database_url(home)) as connection:
        told = connection.execute("SELECT to_regclass('django_migrations') IS NOT NULL").fetchone()
        if told == (True,):
            question = "SELECT app, name, applied FROM django_migrations ORDER BY 1, 2, 3"
            for row in connection.execute(question).fetchall():
                digest.update(f"{row}\0".encode())
    return digest.hexdigest()


def migrate(home: Home, *, quiet: bool = True) -> None:
    """Make role, database, extensions and tables. Waits a while for a PostgreSQL that is starting."""
    platform.make_folders(home)
    deadline = time.monotonic() + WAIT_S
    while True:
        try:
            if postgres.is_external():
                postgres.prepare(postgres.database_url(home))
            else:
                EmbeddedPostgres(home).provision()
            break
        except Unavailable:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0 if quiet else 1)
    call_command("createcachetable", verbosity=0)


if __name__ == "__main__":
    try:
        migrate_if_needed(Home.from_environment())
    except BelvedereError as error:
        sys.exit(sentence(error))
