"""`belvedere backup`: everything an instance must not lose, in one archive, while it runs or not.

The order matters. The streams come first, then the database as it is at one instant, then the files of
the lake: a message that was being stored is found twice rather than nowhere (storing is idempotent), and
the catalogue names no file that was not there before it (files of the lake are never rewritten).
"""

from __future__ import annotations

import datetime
import json
import tempfile
from pathlib import Path
from typing import Any

from belvedere.engines import bus, changes, lake, postgres, streams
from belvedere.engines.home import Home
from belvedere.kernel.errors import N_, NotFound
from belvedere.project.operations import platform
from belvedere.project.operations.archive import Writer
from belvedere.project.operations.language import _
from belvedere.project.operations.tools import count_rows, engines, run_program


def back_up(home: Home, file: Path) -> str:
    """Write the archive; a sentence for people."""
    file = file.expanduser().absolute()
    if not postgres.is_external() and not home.path("postgres", "PG_VERSION").exists():
        raise NotFound(
            N_("There is nothing to save in {home}. Set BELVEDERE_HOME to the home of your instance."),
            code="nothing_to_save",
            home=str(home.root),
        )
    with (
        Writer(file) as archive,
        tempfile.TemporaryDirectory(dir=home.folder("tmp")) as folder,
        engines(home),
    ):
        kept_streams = _save_streams(home, archive, Path(folder))
        rows = _save_database(home, archive, Path(folder))
        files = {"lake": 0, "media": archive.add_folder("media", home.path("media"))}
        if not lake.is_external():
            files["lake"] = archive.add_folder("lake", home.path("lake"))
        archive.add_folder("secrets", home.path("secrets"))
        size = archive.finish(
            {
                "made": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
                "version": platform.version(),
                "postgres": postgres.server_version(),
                "rows": rows,
                "streams": kept_streams,
                "files": files,
                "lake_is_external": lake.is_external(),
            }
        )
    told = _("{file}: {rows} rows, {messages} messages, {files} files, {size} MB.").format(
        file=file,
        rows=sum(rows.values()),
        messages=sum(kept_streams.values()),
        files=sum(files.values()),
        size=f"{size / 1e6:.1f}",
    )
    if lake.is_external():
        told += " " + _(
            "The files of the lake are where BELVEDERE_LAKE_URL says, and not in it: save them there."
        )
    return told


def _save_streams(home: Home, archive: Writer, folder: Path) -> dict[str, int]:
    async def save(client: Any) -> dict[str, int]:
        counts = {}
        for name in await streams.names(client):
            if name == changes.STREAM:
                continue  # of the last minutes, in memory: nothing to keep
            data = folder / "stream"
            told = await streams.take_out(client, name, data)
            (folder / "told").write_text(json.dumps(told), encoding="utf-8")
            archive.add(f"streams/{name}.json", folder / "told")
            archive.add(f"streams/{name}.data", data)
            counts[name] = int(told["state"]["messages"])
        return counts

    return bus.ask(home, save)


def _save_database(home: Home, archive: Writer, folder: Path) -> dict[str, int]:
    """Dump and count within one snapshot, so that the counts of the manifest are those of the dump."""
    url = postgres.database_url(home)
    dump = folder / "postgres.dump"
    with postgres.connect(url) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        words = ["--format=custom", "--no-owner", "--no-privileges", "--no-comments"]
        run_program("pg_dump", [*words, f"--snapshot={row[0]}", f"--file={dump}"], url)
        counts = count_rows(connection)
    archive.add("postgres.dump", dump)
    dump.unlink()
    return counts
