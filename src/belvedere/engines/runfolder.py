"""The `run` folder of a home: who runs on it (a lock) and how it goes (state.json).

The lock is the kernel's (flock): it goes away with the process that holds it, however it ends.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from belvedere.engines.home import Home, replace_private
from belvedere.engines.identity import Identity
from belvedere.kernel.errors import N_, Conflict


class RunFolder:
    """Lock and state of what runs on a home."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._descriptor: int | None = None

    @property
    def lock_file(self) -> Path:
        """The file whose kernel lock says that the home is in use; it holds the process id."""
        return self.home.path("run", "lock")

    @property
    def state_file(self) -> Path:
        """What `belvedere status` reads."""
        return self.home.path("run", "state.json")

    def take(self) -> None:
        """Take the home for this process.

        Raises:
            Conflict: when another living process holds it; the message names it.
        """
        self.home.folder("run")
        descriptor = os.open(self.lock_file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 32).decode("ascii", "replace").strip() or "?"
            os.close(descriptor)
            raise Conflict(
                N_(
                    "Belvédère already runs on {home} (process {pid}). Stop it first: Ctrl-C in its "
                    "terminal, or “kill {pid}”. For a second instance, set BELVEDERE_HOME to another folder."
                ),
                code="already_running",
                home=str(self.home.root),
                pid=holder,
            ) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode("ascii"))
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the home back."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def holder(self) -> int | None:
        """The process that holds the home, None when nobody does."""
        try:
            descriptor = os.open(self.lock_file, os.O_RDWR)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            with suppress(ValueError):
                return int(os.read(descriptor, 32))
            return 0
        finally:
            os.close(descriptor)
        return None

    def write_state(self, state: dict[str, Any]) -> None:
        """Replace the state as a whole."""
        replace_private(self.state_file, json.dumps(state, indent=1) + "\n")

    def read_state(self) -> dict[str, Any]:
        """The last state written; empty when there is none or it cannot be read."""
        with suppress(FileNotFoundError, ValueError):
            state = json.loads(self.state_file.read_text(encoding="utf-8"))
            return state if isinstance(state, dict) else {}
        return {}

    def left_behind(self) -> list[Identity]:
        """Processes of the last run that are still alive though their supervisor is not."""
        found = []
        for process in self.read_state().get("processes", []):
            with suppress(KeyError, TypeError, ValueError):
                identity = Identity(int(process["pid"]), str(process["started"]))
                if identity.is_alive():
                    found.append(identity)
        return found
