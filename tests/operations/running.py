"""The whole platform, run as a person runs it: `belvedere up`, in a home of its own."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from belvedere.engines.home import Home
from belvedere.engines.runfolder import RunFolder
from tests.engines.waiting import until
from tests.migrated import copy_to

READY_S = 300.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Platform:
    """`belvedere up` on a home, with its lines in a file beside it.

    A home that is not there yet is made by the platform, or with `migrated` a copy of one that it made.
    """

    def __init__(self, root: Path, *, migrated: bool = False) -> None:
        self.home = Home(root)
        self.migrated = migrated
        self.port = free_port()
        self.output = root.with_name(root.name + ".log")
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("BELVEDERE_", "DJANGO_"))}
        return {
            **kept,
            "BELVEDERE_HOME": str(self.home.root),
            "BELVEDERE_ADDRESS": f"127.0.0.1:{self.port}",
            "BELVEDERE_WEBHOOKS_PRIVATE": "1",  # receivers listen on loopback
            "LC_ALL": "C.UTF-8",
        }

    def words(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "belvedere.project.command", *words]

    @property
    def is_up(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def up(self) -> None:
        if self.migrated and not self.home.root.exists():
            copy_to(self.home.root)
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                self.words("up"), env=self.environment, stdout=output, stderr=output
            )
        before = self.text.count("ready: http")
        until(
            lambda: self.text.count("ready: http") > before or self.process.poll() is not None,  # type: ignore[union-attr]
            "the platform is ready",
            READY_S,
        )
        assert self.process.poll() is None, self.text

    def down(self, number: int = signal.SIGTERM) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(15)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.words(*words), env=self.environment, capture_output=True, text=True)

    @property
    def text(self) -> str:
        return self.output.read_text() if self.output.exists() else ""

    def state(self, name: str) -> dict[str, Any]:
        processes = RunFolder(self.home).read_state()["processes"]
        found: dict[str, Any] = next(process for process in processes if process["name"] == name)
        return found

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            line.request("GET", path, headers=headers)
            answer = line.getresponse()
            return answer.status, answer.read()
        except OSError:
            return 0, b""
        finally:
            line.close()

    def kill(self, name: str) -> None:
        """kill -9, then wait until it is back and everything is ready."""
        before = self.state(name)
        os.kill(before["pid"], signal.SIGKILL)
        until(
            lambda: (
                self.state(name)["restarts"] > before["restarts"] and self.state(name)["state"] == "ready"
            ),
            f"{name} is back",
            READY_S,
        )
        until(self.is_well, "the platform is ready again", READY_S)

    def is_well(self) -> bool:
        """Whether every process is as it should be, by its own word too."""
        status, body = self.get("/readyz")
        if status != 200:
            return False
        told = json.loads(body)
        processes = RunFolder(self.home).read_state()["processes"]
        return told["ingest"] == told["live"] == told["exchange"] == "ready" and all(
            process["state"] in ("ready", "done") for process in processes
        )
