"""Bring the database to this version of the platform; safe to run at each start."""

from __future__ import annotations

import sys
import time

from belvedere.engines import postgres
from belvedere.engines.home import Home
from belvedere.engines.postgres import EmbeddedPostgres
from belvedere.kernel.errors import BelvedereError, Unavailable
from belvedere.project.operations import platform
from belvedere.project.operations.language import sentence

WAIT_S = 30.0


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
        migrate(Home.from_environment())
    except BelvedereError as error:
        sys.exit(sentence(error))
