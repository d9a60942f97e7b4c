"""Which process is meant: a number alone is not enough, systems give the same number again.

Not for starting processes: see `supervision`.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

#: Set in the environment of every supervised process, so that one left alone can be told from a stranger.
MARK = "BELVEDERE_SUPERVISED"


@dataclass(frozen=True, slots=True)
class Identity:
    """A process for sure: its number, and when it started (in a form that only compares)."""

    pid: int
    started: str

    @classmethod
    def of(cls, pid: int) -> Identity | None:
        """The identity of a living process; None for one that is gone or only waits to be buried."""
        started = _started(pid)
        return None if started is None else cls(pid, started)

    def is_alive(self) -> bool:
        """Whether this very process still runs."""
        return _started(self.pid) == self.started


def _started(pid: int) -> str | None:
    with suppress(OSError, IndexError):
        if os.path.exists("/proc/self/stat"):  # noqa: PTH110 (hot path)
            words = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            # Ticks since this boot: unlike a date, they do not move when the clock is set.
            return None if words[0] in "ZX" else f"{_boot()}:{words[19]}"
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else f"{process.create_time():.2f}"
    return None


def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii")[:8]


def marked(mark: str) -> list[Identity]:
    """The living processes, others than this one, whose environment carries `mark`."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.pid != os.getpid() and process.environ().get(MARK, "").startswith(mark):
                identity = Identity.of(process.pid)
                if identity is not None:
                    found.append(identity)
    return found


def stop(processes: Iterable[Identity], signals: Sequence[tuple[int, float]]) -> list[Identity]:
    """Send each signal in turn to those still alive, waiting that many seconds; who is left at the end.

    Only the processes meant are touched: a number that was given to another process is left alone.
    """
    left = [process for process in processes if process.is_alive()]
    for number, patience_s in signals:
        for process in left:
            if process.is_alive():
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(process.pid, number)
        deadline = time.monotonic() + patience_s
        while left and time.monotonic() < deadline:
            left = [process for process in left if process.is_alive()]
            if left:
                time.sleep(0.02)
        if not left:
            break
    return left


def kill_group(leader: int) -> None:
    """Kill what is left of the group of a process that died and is not yet buried by `waitpid`.

    Before the burial the number cannot be anyone else's.
    """
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def memory_kb(pid: int) -> int:
    """Memory of a process and all its descendants, shared pages counted once in all (PSS), in kB."""
    with suppress(psutil.Error):
        root = psutil.Process(pid)
        return sum(_own_memory_kb(process) for process in [root, *root.children(recursive=True)])
    return 0


def memory_kb_alone(pid: int) -> int:
    """Memory of one process without its descendants (PSS), in kB."""
    with suppress(psutil.Error):
        return _own_memory_kb(psutil.Process(pid))
    return 0


def _own_memory_kb(process: psutil.Process) -> int:
    with suppress(OSError, ValueError):
        for line in Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    with suppress(psutil.Error):
        return int(process.memory_info().rss) // 1024
    return 0
