"""`belvedere restore`: an instance back from its archive, into an empty home.

All or nothing: the archive is verified as a whole, everything is rebuilt in a folder beside the home and
counted, and only then does that folder take the name of the home.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from belvedere.engines import bus, lake, postgres, streams
from belvedere.engines.home import Home
from belvedere.engines.runfolder import RunFolder
from belvedere.kernel.errors import N_, Conflict, Unavailable
from belvedere.project.operations import platform
from belvedere.project.operations.archive import Reader
from belvedere.project.operations.language import _
from belvedere.project.operations.tools import (
    BROUGHT_IN,
    count_rows,
    restore_older,
    run_program,
    start_embedded,
)

#: What a start may have left in a home that holds nothing yet.
NEGLIGIBLE = {"run", "ports", "log"}
IN_HOME = ("secrets", "media", "lake")


def bring_back(home: Home, file: Path) -> str:
    """Rebuild the home from the archive; a sentence for people."""
    _refuse_unless_empty(home)
    with Reader(file.expanduser().absolute()) as archive:
        archive.check()
        _refuse_without_room(home, archive)
        draft = Home(home.root.with_name(f".{home.root.name}.restoring-{os.getpid()}"))
        shutil.rmtree(draft.root, ignore_errors=True)
        try:
            platform.make_folders(draft)
            for name in archive.names:
                if name.split("/")[0] in IN_HOME:
                    archive.write(name, draft.path(name))
            _fill_engines(draft, archive)
            shutil.rmtree(draft.path("log"), ignore_errors=True)
            _take_name(draft, home)
        finally:
            shutil.rmtree(draft.root, ignore_errors=True)
        manifest = archive.manifest
        told = _("{home} is back as of {made}: {rows} rows, {messages} messages, {files} files.").format(
            home=home.root,
            made=manifest["made"],
            rows=sum(manifest["rows"].values()),
            messages=sum(manifest["streams"].values()),
            files=sum(manifest["files"].values()),
        )
        return told + " " + _("Start it with “belvedere up”.")


def _refuse_unless_empty(home: Home) -> None:
    if RunFolder(home).holder() is not None:
        raise Conflict(
            N_("Belvédère runs on {home}. Stop it, and restore into an empty home."),
            code="home_in_use",
            home=str(home.root),
        )
    for path in home.root.rglob("*") if home.root.exists() else ():
        if not path.is_dir() and path.relative_to(home.root).parts[0] not in NEGLIGIBLE:
            raise Conflict(
                N_(
                    "{home} is not empty: it holds {path}. Nothing was changed. Set BELVEDERE_HOME to a "
                    "new folder, or move this one away first."
                ),
                code="home_not_empty",
                home=str(home.root),
                path=str(path.relative_to(home.root)),
            )
    if postgres.is_external():
        with postgres.connect(postgres.database_url(home)) as connection:
            if count_rows(connection):
                raise Conflict(
                    N_("The database at {address} is not empty. Give an empty one."),
                    code="database_not_empty",
                    address=postgres.without_password(postgres.database_url(home)),
                )


def _refuse_without_room(home: Home, archive: Reader) -> None:
    place = home.root.parent
    while not place.exists():
        place = place.parent
    # Indexes and the write-ahead log come on top of the rows of a compressed dump.
    needed = archive.total_bytes * 3 + 200_000_000
    free = shutil.disk_usage(place).free
    if free < needed:
        raise Unavailable(
            N_("{needed} MB are needed in {place} and {free} MB are free. Make room, then try again."),
            permanent=True,
            code="no_room",
            needed=needed // 1_000_000,
            free=free // 1_000_000,
            place=str(place),
        )


def _fill_engines(draft: Home, archive: Reader) -> None:
    dump = draft.path("tmp", "postgres.dump")
    archive.write("postgres.dump", dump)
    with ExitStack() as stack:
        start_embedded(draft, stack)
        made: list[str] = []
        try:
            bus.ask(draft, lambda client: _fill_streams(client, draft, archive, made))
            _fill_database(draft, archive, dump)
        except BaseException:
            if bus.is_external():
                with suppress(Unavailable):
                    bus.ask(draft, lambda client: _remove_streams(client, made))
            raise
    dump.unlink()
    if archive.manifest["lake_is_external"] and not lake.is_external():
        raise Conflict(
            N_("The lake of this backup is outside the home. Set BELVEDERE_LAKE_URL to it, then try again."),
            code="lake_elsewhere",
        )


async def _fill_streams(client: Any, draft: Home, archive: Reader, made: list[str]) -> None:
    held = set(await streams.names(client))
    wanted = archive.manifest["streams"]
    if both := sorted(held & set(wanted)):
        raise Conflict(
            N_("The bus already holds the streams {names}. Give an empty one."),
            code="bus_not_empty",
            names=both,
        )
    data, told = draft.path("tmp", "stream.data"), draft.path("tmp", "stream.json")
    for name, messages in wanted.items():
        archive.write(f"streams/{name}.json", told)
        archive.write(f"streams/{name}.data", data)
        made.append(name)
        found = await streams.put_back(client, name, json.loads(told.read_text(encoding="utf-8")), data)
        if found != messages:
            raise _differs(f"stream {name}", messages, found)
        data.unlink()
        told.unlink()


async def _remove_streams(client: Any, made: list[str]) -> None:
    for name in made:
        with suppress(Unavailable):
            await streams.remove(client, name)


def _fill_database(draft: Home, archive: Reader, dump: Path) -> None:
    url = postgres.database_url(draft)
    if postgres.is_external():
        postgres.prepare(url)
    with postgres.connect(url) as connection:
        is_older = connection.info.server_version < BROUGHT_IN
    # One transaction: an external database is either filled or as empty as before.
    if is_older:
        restore_older(dump, url)
    else:
        words = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", str(dump)]
        run_program("pg_restore", words, url)
    with postgres.connect(url) as connection:
        found = count_rows(connection)
        connection.execute("ANALYZE")
    for table, rows in archive.manifest["rows"].items():
        if found.get(table) != rows:
            raise _differs(table, rows, found.get(table, 0))


def _differs(what: str, told: int, found: int) -> Unavailable:
    return Unavailable(
        N_("{what} should hold {told} and holds {found} after the restore. The home was left empty."),
        code="restore_differs",
        what=what,
        told=told,
        found=found,
    )


def _take_name(draft: Home, home: Home) -> None:
    """The draft becomes the home; an empty home with its negligible files goes away first."""
    if home.root.exists():
        folder = RunFolder(home)
        folder.take()
        try:
            shutil.rmtree(home.root)
        finally:
            folder.release()
    draft.root.rename(home.root)
