"""What the benchmarks of one run found, beside what was aimed at and what others publish: one table.

Each benchmark is a process of its own and notes its figures in a file that the environment names.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FILE = "BENCH_FIGURES"


def note(what: str, aim: str, found: str, peers: str = "") -> None:
    """One line of the table; nothing when no table is made."""
    if place := os.environ.get(FILE):
        with Path(place).open("a", encoding="utf-8") as lines:
            lines.write(json.dumps([what, aim, found, peers]) + "\n")


@contextmanager
def gathered() -> Iterator[None]:
    """The table of what was noted within the block, at its end."""
    with tempfile.TemporaryDirectory(prefix="belvedere-bench-") as folder:
        file = Path(folder) / "figures"
        os.environ[FILE] = str(file)
        try:
            yield
        finally:
            del os.environ[FILE]
            if file.exists():
                _print([json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()])


def _print(rows: list[list[str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title="In one table", title_justify="left")
    for name in ("what", "aim", "found", "peers, as they publish it"):
        table.add_column(name, justify="right" if name in ("aim", "found") else "left")
    for row in rows:
        table.add_row(*row)
    Console(width=150).print(table)
