"""One supervised process: what it is (Spec) and how it goes (Child).

Not for deciding when to start or stop: see `supervision`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from belvedere.engines.identity import MARK, Identity, kill_group

LAUNCHER = str(Path(__file__).with_name("launch.py"))
LINE_LIMIT = 65536


class State(StrEnum):
    """Where a supervised process stands."""

    WAITING = "waiting"  # for those it needs
    STARTING = "starting"  # runs, not ready yet
    READY = "ready"
    UNWELL = "unwell"  # runs, was ready, does not answer its probe
    DONE = "done"  # a step that ended well
    RESTARTING = "restarting"  # died; waits before the next start
    STOPPING = "stopping"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Spec:
    """A process to keep running, or a step to run once.

    Args:
        ready: whether it can be counted on; asked from another thread, must return within seconds.
        needs: names of those that must be ready before it starts, and stop after it.
        stop: signals with the seconds left to each; SIGKILL comes after the last.
        user: run as this account (only from root).
        step: it runs to its end; those who need it wait for its success.
        check: called once, before anything starts; raises when there is no use in starting.
        before: called before each start; may raise.
        mute: whether a line it says is not worth a person's attention.
        address: where it is reached, for people; asked when the state is written.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], bool] = lambda: True
    needs: tuple[str, ...] = ()
    stop: tuple[tuple[int, float], ...] = ((int(signal.SIGTERM), 4.0),)
    user: str | None = None
    step: bool = False
    check: Callable[[], None] | None = None
    before: Callable[[], None] | None = None
    mute: Callable[[str], bool] = lambda line: False
    address: Callable[[], str] = lambda: ""


class Child:
    """The life of one spec: start, lines said, death, back-off."""

    FIRST_DELAY_S = 0.2
    LAST_DELAY_S = 30.0
    STABLE_AFTER_S = 30.0

    def __init__(self, spec: Spec, mark: str) -> None:
        self.spec = spec
        self.state = State.WAITING
        self.process: subprocess.Popen[bytes] | None = None
        self.identity: Identity | None = None
        self.restarts = 0
        self.started_at = 0.0  # monotonic seconds
        self.since = 0.0  # epoch seconds, for people
        self.next_start = 0.0  # monotonic seconds
        self.last_end = ""
        self.was_ready = False
        self.stop_stage = 0  # how many of the signals after the first were sent
        self._failures = 0
        self._mark = f"{mark}:{spec.name}"
        self._rest = b""

    def start(self) -> None:
        """Start the process in a session of its own, to die with this one."""
        if self.spec.before is not None:
            self.spec.before()
        words = [sys.executable, "-I", "-S", LAUNCHER, "--parent", str(os.getpid())]
        words += ["--signal", str(self.spec.stop[0][0])]
        words += ["--user", self.spec.user] if self.spec.user else []
        self.process = subprocess.Popen(
            [*words, "--", *self.spec.command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={**os.environ, **self.spec.environment, MARK: self._mark},
            start_new_session=True,
        )
        assert self.process.stdout is not None
        os.set_blocking(self.process.stdout.fileno(), False)
        self.identity = Identity.of(self.process.pid)
        self.started_at, self.since = time.monotonic(), time.time()
        self.state = State.STARTING
        self._rest = b""

    def fileno(self) -> int:
        """The descriptor from which its lines are read."""
        assert self.process is not None and self.process.stdout is not None
        return self.process.stdout.fileno()

    def read(self) -> tuple[list[str], bool]:
        """The whole lines said since last time, and whether more can come."""
        more = True
        try:
            chunk = os.read(self.fileno(), LINE_LIMIT)
            more = bool(chunk)
        except BlockingIOError:
            chunk = b""
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if self._rest and (not more or len(self._rest) > LINE_LIMIT):
            lines.append(self._rest)
            self._rest = b""
        return [line.decode("utf-8", "replace").rstrip() for line in lines], more

    def has_ended(self) -> bool:
        """Whether the process ended; whatever is left of its group is killed before it is buried."""
        process = self.process
        if process is None:
            return True
        with suppress(ChildProcessError):
            if os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                return False
            kill_group(process.pid)
        code = process.wait()
        self.last_end = f"signal {-code}" if code < 0 else f"exit code {code}"
        return True

    def close(self) -> None:
        """Forget the process that ended."""
        if self.process is not None and self.process.stdout is not None:
            self.process.stdout.close()
        self.process, self.identity = None, None

    def plan_restart(self) -> float:
        """Set the next start: 0.2 s after a first death, doubled to 30 s while it goes on dying."""
        if self.started_at and time.monotonic() - self.started_at > self.STABLE_AFTER_S:
            self._failures = 0
        delay = min(self.LAST_DELAY_S, self.FIRST_DELAY_S * 2.0 ** min(self._failures, 16))
        self._failures += 1
        self.restarts += 1
        self.next_start = time.monotonic() + delay
        self.state = State.RESTARTING
        return delay

    def signal(self, number: int) -> None:
        """Send a signal to the process; the last one, SIGKILL, to its whole group."""
        if self.process is not None and self.process.returncode is None:
            with suppress(ProcessLookupError, PermissionError):
                if number == signal.SIGKILL:
                    os.killpg(self.process.pid, number)
                else:
                    self.process.send_signal(number)

    def told(self) -> dict[str, object]:
        """What `status` shows of it."""
        return {
            "name": self.spec.name,
            "state": str(self.state),
            "pid": self.identity.pid if self.identity else None,
            "started": self.identity.started if self.identity else None,
            "since": round(self.since) or None,
            "restarts": self.restarts,
            "last_end": self.last_end,
            "address": self.spec.address(),
        }
