"""Cold start and idle memory of the whole platform, run as a person runs it.

    python -m bench.platform

A first start (an empty home: database made, tables made), a second one (everything there), then the memory
of each process with all its descendants. Memory is PSS (/proc/*/smaps_rollup): a page shared by several
processes is counted once in all, so the sum is what the machine really gives.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from belvedere.engines import identity
from belvedere.engines.home import Home
from belvedere.engines.runfolder import RunFolder

AIM_MB = 700
PATIENCE_S = 180.0


@dataclass(frozen=True, slots=True)
class Figures:
    """Seconds of the first and second start and of the stop; MB by process."""

    first_s: float
    second_s: float
    stop_s: float
    memory_mb: dict[str, float]

    @property
    def total_mb(self) -> float:
        """Memory of the whole idle platform."""
        return sum(self.memory_mb.values())


def measure() -> Figures:
    """Start twice in a home of its own, look, stop."""
    with tempfile.TemporaryDirectory(prefix="belvedere-bench-") as folder:
        home = Home(Path(folder) / "home")
        first, process = _up(home)
        _down(process)
        second, process = _up(home)
        memory = _idle_memory(home, process.pid)
        stop = _down(process)
    return Figures(first, second, stop, memory)


def _up(home: Home) -> tuple[float, subprocess.Popen[bytes]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BELVEDERE_")}
    environment = {
        **kept,
        "BELVEDERE_HOME": str(home.root),
        "BELVEDERE_ADDRESS": address,
        "LC_ALL": "C.UTF-8",
    }
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "belvedere.project.command", "up"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout is not None
    heard = []
    for line in process.stdout:
        heard.append(line.decode())
        if "ready: http" in heard[-1]:
            return time.perf_counter() - start, process
        if time.perf_counter() - start > PATIENCE_S:
            break
    process.kill()
    raise SystemExit("the platform did not start:\n" + "".join(heard))


def _down(process: subprocess.Popen[bytes]) -> float:
    start = time.perf_counter()
    process.send_signal(signal.SIGTERM)
    assert process.stdout is not None
    process.stdout.read()
    process.wait(15)
    process.stdout.close()
    return time.perf_counter() - start


def _idle_memory(home: Home, supervisor: int) -> dict[str, float]:
    """Memory once it has settled: three looks in a row within 1 %."""
    looks: list[dict[str, float]] = []
    while len(looks) < 30:
        time.sleep(1)
        look = {"up (supervisor)": identity.memory_kb_alone(supervisor) / 1024}
        for process in RunFolder(home).read_state()["processes"]:
            if process["pid"]:
                look[process["name"]] = identity.memory_kb(process["pid"]) / 1024
        looks.append(look)
        sums = [sum(one.values()) for one in looks[-3:]]
        if len(sums) == 3 and max(sums) - min(sums) < 0.01 * max(sums):
            break
    return looks[-1]


def main() -> None:
    """Print the table."""
    from rich.console import Console
    from rich.table import Table

    figures = measure()
    table = Table(title="The platform, idle", title_justify="left")
    table.add_column("what")
    table.add_column("measured", justify="right")
    table.add_column("aim", justify="right")
    table.add_row("first start, empty home", f"{figures.first_s:.1f} s", "")
    table.add_row("second start", f"{figures.second_s:.1f} s", "")
    table.add_row("stop", f"{figures.stop_s:.1f} s", "< 10 s")
    for name, megabytes in figures.memory_mb.items():
        table.add_row(f"memory, {name}", f"{megabytes:.0f} MB", "")
    table.add_row("memory, in all", f"{figures.total_mb:.0f} MB", f"≤ {AIM_MB} MB")
    Console().print(table)


if __name__ == "__main__":
    main()
