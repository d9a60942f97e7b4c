"""From a device to the browser: how long a value takes while hundreds of pages are open, and what that costs.

    python -m bench.live            # 500, 1,500 and 2,000 messages a second, 300 open pages
    python -m bench.live 1000 600   # that many messages a second, that many pages

The whole platform runs as a person runs it; devices and browsers are beside it on the same machine. Each
value says when it was sent; each page notes when it heard. A third of the pages sees everything, a third what
is shared, a third what is public; each shows twenty-five things.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
from tests.operations.fleet import Fleet, register
from tests.operations.running import Platform

from belvedere.engines import bus, listening, postgres, pulse
from belvedere.engines.home import Home
from belvedere.engines.identity import memory_kb
from belvedere.kernel.audiences import EVERYONE, Audience
from bench import figures
from bench.ingest import Rhythm, memory_mb

DEVICES = 200
PAGES = 300
SHOWN = 25
SECONDS = 20.0
RATES = (500.0, 1500.0, 2000.0)
TARGET = "target: value to browser p99 ≤ 2 s; the process ≤ 60 MB"


class Clocked(Fleet):
    """Devices whose values say when they were sent."""

    def payload(self, number: int) -> bytes:
        """Now, and a number."""
        return json.dumps({"t": datetime.now(UTC).isoformat(), "LAeq": 40 + number % 50}).encode()


@dataclass
class Pages:
    """Open pages of a territory; what each heard, and when."""

    home: Home
    territory: UUID
    things: list[int]
    waits_s: list[float] = field(default_factory=list)
    events: int = 0
    cut: int = 0
    resets: int = 0

    async def stay(self, many: int, opened: asyncio.Event, closing: asyncio.Event) -> None:
        """Open that many, until closing."""
        chance = random.Random(1)
        tasks = []
        for number in range(many):
            audience = (Audience(True), Audience(shared=True), EVERYONE)[number % 3]
            shown = chance.sample(self.things, min(SHOWN, len(self.things)))
            tasks.append(asyncio.create_task(self._page(audience, shown)))
            if number % 20 == 19:
                await asyncio.sleep(0)
        opened.set()
        await closing.wait()
        self.cut = sum(task.done() for task in tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _page(self, audience: Audience, shown: Sequence[int]) -> None:
        ticket = listening.Ticket(self.territory, audience, time.time() + listening.VALID_S)
        asked = f"ticket={listening.sign(self.home, ticket)}&things={','.join(map(str, shown))}"
        reader, writer = await asyncio.open_connection(*listening.address(self.home), limit=1 << 22)
        writer.write(f"GET /events?{asked} HTTP/1.1\r\nHost: bench\r\n\r\n".encode())
        name = b""
        try:
            while line := await reader.readline():
                if line.startswith(b"event: "):
                    name = line[7:].strip()
                    self.events += 1
                    self.resets += name == b"reset"
                elif line.startswith(b"data: ") and name == b"values":
                    now = time.time()
                    self.waits_s += [now - row[6] for row in json.loads(line[6:])]
        finally:
            writer.close()


def listen(home: str, territory: str, things: str, many: str) -> None:
    """The browsers, in a process of their own: says `open`, and at the end of its input what it heard."""

    async def run() -> None:
        pages = Pages(Home(Path(home)), UUID(territory), json.loads(things))
        opened, closing = asyncio.Event(), asyncio.Event()
        staying = asyncio.create_task(pages.stay(int(many), opened, closing))
        await opened.wait()
        print("open", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        closing.set()
        await staying
        waits = sorted(pages.waits_s) or [0.0]
        told = {f"p{share}": waits[int(len(waits) * share / 100)] for share in (50, 95, 99)}
        told |= {"max": waits[-1], "values": len(pages.waits_s), "events": pages.events}
        print(json.dumps({**told, "cut": pages.cut, "resets": pages.resets}), flush=True)

    asyncio.run(run())


class Visitor:
    """Somebody who asks for a page of the web process again and again; how long each took."""

    def __init__(self, platform: Platform, path: str) -> None:
        self._platform, self._path = platform, path
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self.times_s: list[float] = []

    def _ask(self) -> None:
        while not self._enough.wait(0.05):
            began = time.perf_counter()
            status, _body = self._platform.get(self._path)
            assert status == 200
            self.times_s.append(time.perf_counter() - began)

    def __enter__(self) -> Visitor:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._enough.set()
        self._thread.join()

    def told(self) -> str:
        times = sorted(self.times_s)
        return f"{statistics.median(times) * 1000:.0f} / {times[int(len(times) * 0.99)] * 1000:.0f} ms"


def measure(
    platform: Rhythm, known: Any, credentials: list[tuple[str, str]], rate: float, pages: int
) -> None:
    """Send at that rate while the pages are open; print a line."""
    words = [sys.executable, "-m", "bench.live", "listen", str(platform.home.root), str(known[0])]
    browsers = subprocess.Popen(
        [*words, json.dumps(known[1]), str(pages)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert browsers.stdin is not None and browsers.stdout is not None
    browsers.stdout.readline()
    while (pulse.felt(platform.home, "live") or {}).get("listeners", 0) < pages:
        time.sleep(0.1)
    fleet = Clocked(credentials, lambda: bus.mqtt_address(platform.home), window=20)
    process = psutil.Process(platform.state("live")["pid"])
    before_s = sum(process.cpu_times()[:2])
    with Visitor(platform, "/drill/") as visitor:
        took_s = asyncio.run(fleet.run(SECONDS, rate))
    busy_share = (sum(process.cpu_times()[:2]) - before_s) / took_s
    behind_s = (pulse.felt(platform.home, "ingest") or {}).get("lag_s", 0.0)
    time.sleep(1.0 + behind_s)
    live_mb, whole_mb = memory_kb(process.pid) / 1024, memory_mb(platform)
    told = json.loads(browsers.communicate("\n")[0])
    print(
        f"{len(fleet.acknowledged) / took_s:>9,.0f}{pages:>7}{told['values'] / took_s:>12,.0f}"
        f"{told['p50']:>8.2f}{told['p95']:>8.2f}{told['p99']:>8.2f}{told['max']:>8.2f}"
        f"{behind_s:>10.2f}{busy_share:>9.0%}{live_mb:>9.0f}{visitor.told():>16}{told['cut']:>5}{told['resets']:>7}"
    )

    what = f"value to browser, {rate:,.0f} messages/s, {pages} pages, disk {platform.sync}"
    figures.note(f"{what}: p99", "≤ 2 s", f"{told['p99']:.2f} s, median {told['p50']:.2f}")
    figures.note(f"{what}: memory of the platform", "", f"{whole_mb:,.0f} MB, live updates {live_mb:.0f}")


def things_of(platform: Platform) -> tuple[UUID, list[int]]:
    """The territory of the devices and their things, a third of them public and a third shared."""
    with postgres.connect(postgres.embedded_url(platform.home)) as connection:
        connection.execute(
            "UPDATE twin_entity SET visibility = (ARRAY['public', 'shared', 'own'])[1 + id %% 3]", ()
        )
        rows = connection.execute("SELECT territory_id, id FROM twin_entity ORDER BY id").fetchall()
    return rows[0][0], [row[1] for row in rows]


def main() -> int:
    """The platform with each rhythm of the disk, then each rate."""
    if sys.argv[1:2] == ["listen"]:
        listen(*sys.argv[2:])
        return 0
    rates = [float(sys.argv[1])] if len(sys.argv) > 1 else RATES
    pages = int(sys.argv[2]) if len(sys.argv) > 2 else PAGES
    for sync in ("always", "50ms"):
        _with_rhythm(sync, rates, pages)
    print(TARGET)
    return 0


def _with_rhythm(sync: str, rates: Sequence[float], pages: int) -> None:
    os.environ[bus.SYNC] = sync
    with tempfile.TemporaryDirectory(prefix="belvedere-bench-") as folder:
        platform = Rhythm(Path(folder) / "home", sync)
        platform.up()
        try:
            credentials = register(platform.environment, DEVICES, 100_000)
            known = things_of(platform)
            with Visitor(platform, "/drill/") as visitor:
                time.sleep(5.0)
            print(f"disk {sync}; web process with nothing else to do (median / p99): {visitor.told()}")
            print(
                f"{'sent/s':>9}{'pages':>7}{'heard/s':>12}{'p50 s':>8}{'p95 s':>8}{'p99 s':>8}{'max s':>8}"
                f"{'intake s':>10}{'live CPU':>9}{'live MB':>9}{'web p50 / p99':>16}{'cut':>5}{'resets':>7}"
            )
            for rate in rates:
                measure(platform, known, credentials, rate, pages)
        finally:
            platform.down()


if __name__ == "__main__":
    sys.exit(main())
