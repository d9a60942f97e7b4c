"""The lake: settled history in open Parquet files, with its catalogue in PostgreSQL (DuckLake).

Not for present values or hot history: those are PostgreSQL's. DuckDB runs inside the process that asks,
with the extensions that come with the platform: nothing is downloaded.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import duckdb
import psycopg

from belvedere.engines import postgres
from belvedere.engines.home import Home
from belvedere.kernel.errors import N_, InvalidInput, Unavailable

#: The name under which the lake is attached, and the schema of its catalogue in PostgreSQL.
LAKE = "lake"
EXTENSIONS = ("postgres_scanner", "ducklake")
MEMORY = "256MB"
#: How long an object store may take to answer; it is asked three times.
PATIENCE_S = 10


def is_external() -> bool:
    """Whether the files are elsewhere than in the home: another folder, or an object store."""
    return bool(os.environ.get("BELVEDERE_LAKE_URL"))


def files_url(home: Home) -> str:
    """Where the Parquet files are: BELVEDERE_LAKE_URL (a folder or an address), else in the home."""
    given = os.environ.get("BELVEDERE_LAKE_URL")
    if not given:
        return f"{home.folder('lake')}/"
    if "://" not in given:
        return str(Path(given).expanduser().absolute()).rstrip("/") + "/"
    return given.split("?")[0].rstrip("/") + "/"


def connect(
    home: Home, *, database_url: str | None = None, memory: str = MEMORY
) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection whose default database is the lake; close it when done.

    Args:
        database_url: where the catalogue is; the platform's database by default.
        memory: what DuckDB may take before it spills to the home's `spill` folder.

    Raises:
        Unavailable: when the catalogue, the files or an extension cannot be reached.
    """
    url = database_url or postgres.database_url(home)
    connection = _duckdb(home, memory)
    try:
        for name in EXTENSIONS:
            load(connection, name)
        if "://" in files_url(home):
            _reach_object_store(connection)
        _attach(connection, url, files_url(home))
    except duckdb.Error as error:
        connection.close()
        raise Unavailable(
            N_("The lake cannot be opened: {reason}. Check PostgreSQL and BELVEDERE_LAKE_URL."),
            code="lake_unreachable",
            reason=_public(str(error)),
        ) from None
    except Exception:
        connection.close()
        raise
    return connection


def reader(home: Home, *, memory: str = MEMORY) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection that reads the lake's files by their addresses, without the catalogue.

    Much quicker to open and to ask than `connect`, for who knows which files to read; keep it.
    """
    connection = _duckdb(home, memory)
    try:
        connection.execute("SET parquet_metadata_cache = true")
        if "://" in files_url(home):
            _reach_object_store(connection)
    except Exception:
        connection.close()
        raise
    return connection


def _duckdb(home: Home, memory: str) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": memory,
            "threads": str(min(4, os.cpu_count() or 1)),
            "temp_directory": str(home.folder("spill")),
            "extension_directory": str(home.path("spill", "extensions")),
        },
    )


def load(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Load an extension from the package that carries it; never from the network."""
    connection.load_extension(str(extension_file(name)))


def extension_file(name: str) -> Path:
    """The file of a DuckDB extension among the installed packages, for this very version of DuckDB."""
    found = importlib.util.find_spec(f"duckdb_extension_{name}")
    version = f"v{duckdb.__version__}"
    if found is not None and found.origin is not None:
        folder = Path(found.origin).parent / "extensions"
        file = folder / version / f"{name}.duckdb_extension"
        if file.exists():
            return file
    raise Unavailable(
        N_(
            "The extension {name} of DuckDB {version} is not installed. Install the package "
            "duckdb-extension-{name} of the same version."
        ),
        permanent=True,
        code="lake_extension_missing",
        name=name,
        version=version.removeprefix("v"),
    )


def _attach(connection: duckdb.DuckDBPyConnection, url: str, files: str) -> None:
    where = psycopg.conninfo.conninfo_to_dict(url)
    fields = {"HOST": "host", "PORT": "port", "DATABASE": "dbname", "USER": "user", "PASSWORD": "password"}
    words = ", ".join(f"{word} {_quoted(where[key])}" for word, key in fields.items() if where.get(key))
    # By a secret, so that the password is in no statement that DuckDB repeats in an error. The catalogue
    # holds paths relative to the folder, so a home may move: the folder given now is the right one.
    connection.execute(f"CREATE SECRET catalogue (TYPE postgres, {words})")
    connection.execute(
        f"ATTACH 'ducklake:postgres:' AS {LAKE} (DATA_PATH {_quoted(files)}, OVERRIDE_DATA_PATH true,"
        f" METADATA_SCHEMA '{LAKE}', META_SECRET 'catalogue')"
    )
    connection.execute(f"USE {LAKE}")


def _reach_object_store(connection: duckdb.DuckDBPyConnection) -> None:
    """`s3://bucket/folder?endpoint=host:port&region=…&ssl=false`; the keys by AWS_* or in the user part."""
    given = urlsplit(os.environ["BELVEDERE_LAKE_URL"])
    if given.scheme != "s3" or not given.hostname:
        raise InvalidInput(
            N_("BELVEDERE_LAKE_URL must be a folder, or like s3://bucket/folder?endpoint=host&region=name."),
            code="bad_lake_url",
        )
    load(connection, "httpfs")
    # A page waits for the answer: one that does not come is told soon (by itself DuckDB waits two minutes).
    connection.execute(f"SET http_timeout = {PATIENCE_S}")
    connection.execute("SET http_retries = 2")
    asked = {key: values[0] for key, values in parse_qs(given.query).items()}
    words = {
        "KEY_ID": os.environ.get("AWS_ACCESS_KEY_ID", ""),
        "SECRET": os.environ.get("AWS_SECRET_ACCESS_KEY", ""),
        "REGION": unquote(asked.get("region", os.environ.get("AWS_REGION", ""))),
        "ENDPOINT": asked.get("endpoint", ""),
        "URL_STYLE": "path" if "endpoint" in asked else "",
        "USE_SSL": asked.get("ssl", ""),
    }
    told = ", ".join(f"{word} {_quoted(value)}" for word, value in words.items() if value)
    connection.execute(f"CREATE SECRET files (TYPE s3{', ' + told if told else ''})")


def _quoted(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def _public(reason: str) -> str:
    """The first line of an error, without any password."""
    return postgres.without_password(reason.strip().splitlines()[0])
