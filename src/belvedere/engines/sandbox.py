"""JavaScript of other people, run apart: a process of its own, killed when it does not answer.

A run gets the bytes of a message and gives JSON, or says why it gave none; nothing else goes in or out.
Limits of time, memory, depth and size are those of `sandbox_child`. Not for deciding whose scripts may run.
"""

from __future__ import annotations

import atexit
import json
import select
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

CHILD = str(Path(__file__).with_name("sandbox_child.py"))
WALL_S = 2.0  # no answer by then: whatever holds it, the process is killed
MOST_SOURCE_BYTES = 256 * 1024


class Ended(StrEnum):
    """How a run ended."""

    DECODED = "decoded"
    ERROR = "error"  # it threw, or told of an error itself
    OUTPUT = "output"  # what it gave is no object
    MISSING = "missing"  # it has none of the known functions
    TIME = "time"
    MEMORY = "memory"
    SIZE = "size"  # it gave too much


LIMITS = frozenset({Ended.TIME, Ended.MEMORY, Ended.SIZE})


@dataclass(frozen=True, slots=True)
class Run:
    """`text`: the JSON of the result when `ended` is DECODED, else a few words. `seconds`: as waited for."""

    ended: Ended
    text: str
    seconds: float


class Sandbox:
    """One process; callers take turns."""

    def __init__(self, wall_s: float = WALL_S) -> None:
        self._wall_s = wall_s
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()
        self.killed = 0

    def run(self, source: str, given: Mapping[str, Any]) -> Run:
        """Decode with `source` what `given` says (`bytes`, `fPort`, `variables`, `recvTime`), or encode what
        `downlink` says."""
        if len(source.encode("utf-8", "replace")) > MOST_SOURCE_BYTES:
            return Run(Ended.SIZE, "", 0.0)
        wish = json.dumps([source, json.dumps(given)]).encode()
        with self._turn:
            began = time.perf_counter()
            ended, text = self._asked(wish)
            return Run(ended, text, time.perf_counter() - began)

    def close(self) -> None:
        """End the process; the next run starts another."""
        with self._turn:
            self._kill()

    def _asked(self, wish: bytes) -> tuple[Ended, str]:
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        deadline = time.monotonic() + self._wall_s
        try:
            process.stdin.write(struct.pack(">I", len(wish)) + wish)
            process.stdin.flush()
            size = struct.unpack(">I", self._read(process, 4, deadline))[0]
            ended, text = json.loads(self._read(process, size, deadline))
            return Ended(ended), str(text)
        except TimeoutError:
            self._kill()
            self.killed += 1
            return Ended.TIME, ""
        except (OSError, EOFError):
            self._kill()
            self.killed += 1
            return Ended.MEMORY, ""  # the system ended it

    def _read(self, process: subprocess.Popen[bytes], size: int, deadline: float) -> bytes:
        assert process.stdout is not None
        whole = b""
        while len(whole) < size:
            rest = deadline - time.monotonic()
            if rest <= 0 or not select.select([process.stdout], [], [], rest)[0]:
                raise TimeoutError
            part = process.stdout.read1(size - len(whole))  # type: ignore[attr-defined]
            if not part:
                raise EOFError
            whole += part
        return whole

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is not None:
            self._kill()
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-I", CHILD],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
                bufsize=-1,
                start_new_session=True,
            )
        return self._process

    def _kill(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(OSError):
                        pipe.close()
            process.wait()


_own: Sandbox | None = None
_lock = threading.Lock()


def shared() -> Sandbox:
    """The one of this process, started when it is first needed."""
    global _own
    with _lock:
        if _own is None:
            _own = Sandbox()
            atexit.register(_own.close)
        return _own
