"""`belvedere doctor`: has this machine what the platform needs, and if not, what to do."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psutil

from belvedere.engines import bus, lake, ports, postgres
from belvedere.engines.bus import EmbeddedBus
from belvedere.engines.home import Home
from belvedere.engines.runfolder import RunFolder
from belvedere.kernel.errors import BelvedereError
from belvedere.project.operations import platform
from belvedere.project.operations.language import _, sentence

OK, ATTENTION, ERROR = "ok", "attention", "error"
LEAST_FREE_BYTES = 1_000_000_000
GOOD_FREE_BYTES = 5_000_000_000
LEAST_MEMORY_BYTES = 1_500_000_000
OLDEST_POSTGRES = 150000


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, how it is, what was found, what to do."""

    level: str
    what: str
    found: str
    advice: str = ""


def examine(home: Home) -> Iterator[Finding]:
    """Every check in turn; one that breaks is an error of its own and does not stop the others."""
    running = RunFolder(home).holder()
    checks: list[Callable[[], Iterator[Finding]]] = [
        _versions,
        lambda: _machine(home),
        lambda: _home(home),
        lambda: _secrets(home),
        lambda: _web_port(running),
        lambda: _database(home, running),
        lambda: _bus(home, running),
        lambda: _lake(home, running),
    ]
    for check in checks:
        try:
            yield from check()
        except BelvedereError as error:
            yield Finding(ERROR, _("check"), sentence(error))


def show() -> int:
    """Print the findings; 1 when one is an error."""
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False)
    colours = {OK: "green", ATTENTION: "yellow", ERROR: "red"}
    names = {OK: _("OK"), ATTENTION: _("attention"), ERROR: _("ERROR")}
    wrong = False
    for finding in examine(Home.from_environment()):
        wrong = wrong or finding.level == ERROR
        label = f"[{colours[finding.level]}]{names[finding.level]:<9}[/]"
        console.print(f"{label} {escape(finding.what)}: {escape(finding.found)}", soft_wrap=True)
        if finding.advice:
            console.print(f"          → {escape(finding.advice)}", soft_wrap=True)
    return 1 if wrong else 0


def _versions() -> Iterator[Finding]:
    yield Finding(OK, "Belvédère", platform.version())
    python = ".".join(map(str, sys.version_info[:3]))
    yield Finding(OK, "Python", python)
    yield Finding(OK, "Django", importlib.metadata.version("django"))
    if not postgres.is_external():
        yield Finding(OK, _("PostgreSQL, embedded"), postgres.server_version())
    if not bus.is_external():
        # The first words of the command are the program.
        program = EmbeddedBus(Home.from_environment()).command()[0]
        told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
        yield Finding(OK, _("NATS, embedded"), told.stdout.strip().removeprefix("nats-server: v"))
    yield Finding(OK, "DuckDB", importlib.metadata.version("duckdb"))
    for name in lake.EXTENSIONS:
        lake.extension_file(name)
    yield Finding(OK, _("DuckDB extensions"), ", ".join(lake.EXTENSIONS))


def _machine(home: Home) -> Iterator[Finding]:
    memory = psutil.virtual_memory().total
    found = f"{memory / 1e9:.1f} GB, {os.cpu_count()} " + _("cores")
    if memory < LEAST_MEMORY_BYTES:
        yield Finding(ATTENTION, _("machine"), found, _("Less than 1.5 GB of memory will be slow."))
    else:
        yield Finding(OK, _("machine"), found)
    place = home.root
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    found = _("{free} GB free in {place}").format(free=f"{free / 1e9:.1f}", place=place)
    if free < LEAST_FREE_BYTES:
        yield Finding(ERROR, _("disk"), found, _("Free some space, or set BELVEDERE_HOME to another disk."))
    elif free < GOOD_FREE_BYTES:
        yield Finding(ATTENTION, _("disk"), found, _("Plan for more space soon."))
    else:
        yield Finding(OK, _("disk"), found)


def _home(home: Home) -> Iterator[Finding]:
    place = home.root
    while not place.exists():
        place = place.parent
    if not os.access(place, os.W_OK | os.X_OK):
        yield Finding(
            ERROR,
            _("home"),
            _("{home} cannot be written").format(home=home.root),
            _("Set BELVEDERE_HOME to a folder that this account may write."),
        )
        return
    owner = place.stat().st_uid
    if owner != os.geteuid() and place == home.root:
        yield Finding(
            ATTENTION,
            _("home"),
            _("{home} belongs to another account").format(home=home.root),
            _("Start the platform always from the same account."),
        )
    else:
        yield Finding(OK, _("home"), str(home.root))


def _secrets(home: Home) -> Iterator[Finding]:
    folder = home.path("secrets")
    if not folder.is_dir():
        yield Finding(OK, _("secrets"), _("made at the first start"))
        return
    open_ones = [path for path in (folder, *folder.iterdir()) if path.stat().st_mode & 0o077]
    if open_ones:
        yield Finding(
            ERROR,
            _("secrets"),
            _("other accounts may read {files}").format(files=", ".join(map(str, open_ones))),
            f"chmod -R go= {folder}",
        )
    else:
        yield Finding(OK, _("secrets"), _("readable by their owner only"))


def _web_port(running: int | None) -> Iterator[Finding]:
    address = platform.Address.from_environment()
    what = _("web address")
    if running is not None:
        yield Finding(OK, what, address.url)
    elif ports.is_free(address.port, address.host):
        yield Finding(OK, what, _("{address} is free").format(address=address.url))
    else:
        yield Finding(
            ERROR,
            what,
            _("{address} is taken by another program").format(address=address.url),
            _("Stop it, or set BELVEDERE_ADDRESS to another host:port."),
        )


def _database(home: Home, running: int | None) -> Iterator[Finding]:
    what = "PostgreSQL"
    if not postgres.is_external() and running is None:
        yield Finding(OK, what, _("embedded; starts with “belvedere up”"))
        return
    url = postgres.database_url(home)
    with postgres.connect(url) as connection:
        number = connection.info.server_version
        version = f"{number // 10000}.{number % 10000}"
        found = f"{version}, {postgres.without_password(url)}"
        if number < OLDEST_POSTGRES:
            yield Finding(ERROR, what, found, _("PostgreSQL 15 or later is needed."))
        else:
            yield Finding(OK, what, found)
        rows = connection.execute(
            "SELECT name, installed_version FROM pg_available_extensions WHERE name = ANY(%s)",
            [list(postgres.EXTENSIONS)],
        ).fetchall()
        known = {str(name): installed for name, installed in rows}
        for name in postgres.EXTENSIONS:
            if name not in known:
                advice = _("Install PostgreSQL’s contrib package on the server.")
                yield Finding(ERROR, f"{what}: {name}", _("not available"), advice)
        if None in known.values():
            missing = ", ".join(name for name, installed in known.items() if installed is None)
            yield Finding(ATTENTION, _("extensions"), missing, _("“belvedere migrate” adds them."))
        elif len(known) == len(postgres.EXTENSIONS):
            yield Finding(OK, _("extensions"), ", ".join(sorted(known)))


def _bus(home: Home, running: int | None) -> Iterator[Finding]:
    if not bus.is_external() and running is None:
        yield Finding(OK, "NATS", _("embedded; starts with “belvedere up”"))
        return

    async def version(client: object) -> str:
        await client.jetstream().account_info()  # type: ignore[attr-defined]
        told = client.connected_server_version  # type: ignore[attr-defined]
        return f"{told.major}.{told.minor}.{told.patch}"

    told = bus.ask(home, version)
    yield Finding(OK, "NATS", f"{told}, {bus.without_password(bus.bus_url(home))}")
    if not bus.is_external():
        host, port = bus.mqtt_address(home)
        yield Finding(OK, "MQTT", f"{host}:{port}")


def _lake(home: Home, running: int | None) -> Iterator[Finding]:
    what = _("lake")
    if not postgres.is_external() and running is None:
        yield Finding(OK, what, os.environ.get("BELVEDERE_LAKE_URL") or str(home.path("lake")))
        return
    with lake.connect(home) as connection:
        connection.execute("SELECT 1")
    yield Finding(OK, what, lake.files_url(home))
