"""What backup and restore share: the engines while nobody runs them, PostgreSQL's own programs, counts."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from belvedere.engines import bus, postgres
from belvedere.engines.bus import EmbeddedBus
from belvedere.engines.home import Home
from belvedere.engines.postgres import EmbeddedPostgres
from belvedere.engines.runfolder import RunFolder
from belvedere.kernel.errors import N_, Unavailable

if TYPE_CHECKING:
    import psycopg

#: A setting in the head of each dump, and the version of PostgreSQL that brought it.
UNKNOWN_TO_OLDER = b"\nSET transaction_timeout = 0;\n"
BROUGHT_IN = 170000
HEAD_BYTES = 4096


@contextmanager
def engines(home: Home) -> Iterator[None]:
    """The engines answer within the block: those of a running platform, external ones, or started here."""
    folder = RunFolder(home)
    with ExitStack() as stack:
        if folder.holder() is None:
            folder.take()
            stack.callback(folder.release)
            start_embedded(home, stack)
        yield


def start_embedded(home: Home, stack: ExitStack) -> None:
    """Start the engines that are embedded; the stack stops them."""
    if not postgres.is_external():
        stack.enter_context(EmbeddedPostgres(home))
    if not bus.is_external():
        stack.enter_context(EmbeddedBus(home).running())


def run_program(name: str, words: Sequence[str], url: str) -> None:
    """Run one of PostgreSQL's programs on the database at `url`; the password goes by the environment."""
    secret = {"PGPASSWORD": unquote(urlsplit(url).password or "")}
    _run([name, *words, "--no-password", "--dbname", postgres.without_password(url)], secret)


def _run(words: Sequence[str], secret: dict[str, str]) -> None:
    done = subprocess.run(
        [postgres.program(words[0]), *words[1:]],
        env={**os.environ, **secret},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        reason = " ".join(done.stderr.strip().splitlines()[-3:])
        raise Unavailable(
            N_("{program} failed: {reason}. What was there before was left as it is."),
            code="postgres_program_failed",
            program=words[0],
            reason=reason or f"exit code {done.returncode}",
        )


def restore_older(dump: Path, url: str) -> None:
    """Fill an empty database of a server that is older than the programs from a dump of ours; all or nothing.

    `pg_restore` begins with the settings of the server that was dumped, and an older one refuses those that
    it does not know: the same script goes by `psql` without them.
    """
    script = dump.with_suffix(".sql")
    _run(["pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(dump)], {})
    with script.open("r+b") as text:
        at = text.read(HEAD_BYTES).find(UNKNOWN_TO_OLDER)
        if at >= 0:
            text.seek(at + 1)
            text.write(b"-- ")
    words = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--file={script}"]
    run_program("psql", [*words, "--output=/dev/null"], url)
    script.unlink()


def count_rows(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """How many rows each table of the platform and of the lake's catalogue holds."""
    from psycopg import sql

    tables = connection.execute(
        "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'lake') ORDER BY 1, 2"
    ).fetchall()
    counts = {}
    for schema, table in tables:
        question = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table))
        row = connection.execute(question).fetchone()
        counts[f"{schema}.{table}"] = int(row[0]) if row else 0
    return counts
