"""What the way of a device's message carries: MQTT to history, counted where it ends.

    python -m bench.ingest            # fifteen seconds each
    python -m bench.ingest drill 180  # 2,000 messages a second; each fault alone (or those named after)

The whole platform runs as a person runs it, the generator beside it on the same machine. A message counts
when it is in the books as stored, not when it is acknowledged.
"""

from __future__ import annotations

import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import psutil
from tests.operations.fleet import START, Fleet, register
from tests.operations.running import Platform

from belvedere.engines import bus, postgres, pulse, uplinks
from belvedere.engines.identity import memory_kb
from belvedere.engines.runfolder import RunFolder
from belvedere.kernel.errors import Unavailable
from bench import figures

DEVICES = 200
SECONDS = 15.0
AIMS = {
    "single": ("≥ 8,000/s", "ThingsBoard 1,111/s (4 vCPU); Stellio 375/s (8 vCPU)"),
    "batch of 500": ("≥ 100,000/s", "ThingsBoard 3,333 points/s (4 vCPU); FROST 260/s"),
}
PEERS = "ThingsBoard (4 vCPU): 1,111 messages/s; Stellio (8 vCPU): 375 updates/s, both as published"


@dataclass(frozen=True, slots=True)
class Figures:
    """Messages a second acknowledged, sets a second stored, MB of the worker and of the whole platform, and
    the microseconds of processor that a set took in each process: where the time goes, whatever else the
    machine does."""

    acknowledged: float
    stored: float
    memory_mb: float
    whole_mb: float
    processor_us: dict[str, float]


def measure(platform: Platform, credentials: list[tuple[str, str]], per_message: int, first: int) -> Figures:
    """Send as fast as it goes for a while, then wait until the last message is stored."""
    before, spent = stored(platform), processor_s(platform)
    fleet = Ready(
        credentials, lambda: bus.mqtt_address(platform.home), window=100, per_message=per_message, first=first
    )
    began = time.monotonic()
    sending_s = asyncio.run(fleet.run(SECONDS, 0))
    whole_mb = memory_mb(platform)
    wait_until_taken(platform)
    whole_s = time.monotonic() - began
    told = pulse.felt(platform.home, "ingest") or {}
    many = stored(platform) - before
    return Figures(
        len(fleet.acknowledged) / sending_s,
        many / whole_s,
        memory_kb(told["pid"]) / 1024 if told else 0.0,
        whole_mb,
        {name: (s - spent[name]) / many * 1e6 for name, s in processor_s(platform).items()},
    )


class Ready(Fleet):
    """Devices whose batches cost little to make, for the machine is to carry the platform: of a batch only
    the second changes, which is put into bytes made before."""

    def payload(self, number: int) -> bytes:
        """As the fleet's, to the byte."""
        first = (number - 1) * self.per_message
        if self.per_message == 1 or 1000 % self.per_message:
            return super().payload(number)
        turn = first % 1000 // self.per_message
        second = f"{START + timedelta(seconds=first // 1000):%Y-%m-%dT%H:%M:%S}"
        return _frame(self.per_message, turn).replace(_SECOND, second.encode())


_SECOND = f"{START:%Y-%m-%dT%H:%M:%S}".encode()


@cache
def _frame(per_message: int, turn: int) -> bytes:
    """That part of the first second."""
    return Fleet((), lambda: ("", 0), per_message=per_message).payload(turn + 1)


def memory_mb(platform: Platform) -> float:
    """Of all processes of the platform with their descendants; what several share is counted once."""
    running = RunFolder(platform.home).read_state()["processes"]
    return sum(memory_kb(one["pid"]) for one in running if one["pid"]) / 1024


def processor_s(platform: Platform) -> dict[str, float]:
    """Seconds of processor that each part took so far, the generator among them."""
    mine = resource.getrusage(resource.RUSAGE_SELF)
    told = {"generator": mine.ru_utime + mine.ru_stime}
    for name in ("bus", "ingest", "postgres"):
        root = psutil.Process(platform.state(name)["pid"])
        told[name] = sum(
            one.cpu_times().user + one.cpu_times().system for one in [root, *root.children(recursive=True)]
        )
    return told


def stored(platform: Platform) -> int:
    """Sets in the books as stored."""
    question = "SELECT coalesce(sum(n), 0) FROM intake_ledger WHERE outcome IN ('stored', 'late')"
    with postgres.connect(postgres.embedded_url(platform.home)) as connection:
        row = connection.execute(question).fetchone()
    return int(row[0]) if row else 0


def wait_until_taken(platform: Platform) -> None:
    """Until nothing waits on the bus."""
    while True:
        try:
            if bus.ask(platform.home, uplinks.waiting) == 0:
                return
        except Unavailable:
            pass
        time.sleep(0.1)


def throughput() -> None:
    """Single messages and batches, with each rhythm of the disk."""
    print(f"{'rhythm':<10}{'form':<12}{'acknowledged/s':>16}{'stored sets/s':>16}{'worker MB':>12}  µs a set")
    for sync in ("always", "50ms"):
        os.environ[bus.SYNC] = sync
        with tempfile.TemporaryDirectory(prefix="belvedere-bench-") as folder:
            platform = Rhythm(Path(folder) / "home", sync)
            platform.up()
            try:
                credentials = register(platform.environment, DEVICES, 100_000)
                for form, per_message, first in (("single", 1, 0), ("batch of 500", 500, 1000)):
                    told = measure(platform, credentials, per_message, first)
                    print(
                        f"{sync:<10}{form:<12}{told.acknowledged:>16,.0f}{told.stored:>16,.0f}"
                        f"{told.memory_mb:>12,.0f}  "
                        + ", ".join(f"{name} {us:.1f}" for name, us in told.processor_us.items())
                    )
                    _note(form, sync, told)
            finally:
                platform.down()
    print(PEERS)


def _note(form: str, sync: str, told: Figures) -> None:
    aim, peers = AIMS[form]
    cost = f"{sum(told.processor_us.values()):.0f} µs of processor each"
    figures.note(f"{form}, disk {sync}: stored", aim, f"{told.stored:,.0f}/s, {cost}", peers)
    figures.note(f"{form}, disk {sync}: memory of the platform", "", f"{told.whole_mb:,.0f} MB")


class Rhythm(Platform):
    """A platform with a rhythm of the disk."""

    def __init__(self, root: Path, sync: str) -> None:
        super().__init__(root)
        self.sync = sync

    @property
    def environment(self) -> dict[str, str]:
        """That of a test, and the rhythm."""
        return {**super().environment, bus.SYNC: self.sync}


def drill(seconds: float, names: Sequence[str], rate: float = 2000.0) -> int:
    """Each fault alone, while devices send; afterwards acknowledged = stored, to the message."""
    return max([_one_drill(name, seconds, rate) for name in names])


def _one_drill(name: str, seconds: float, rate: float) -> int:
    with tempfile.TemporaryDirectory(prefix="belvedere-bench-") as folder:
        # A process that is killed loses nothing that the system holds: this rhythm reaches the rate.
        platform = Rhythm(Path(folder) / "home", "50ms")
        platform.up()
        try:
            credentials = register(platform.environment, DEVICES, 100_000)
            fleet = Fleet(credentials, lambda: bus.mqtt_address(platform.home), window=50)
            sending = threading.Thread(target=lambda: asyncio.run(fleet.run(seconds, rate)))
            began = time.monotonic()
            sending.start()
            time.sleep(seconds / 4)
            start = time.monotonic()
            FAULTS[name](platform)
            print(f"{name}: everything ready again after {time.monotonic() - start:.1f} s")
            sending.join()
            sent_s = time.monotonic() - began
            wait_until_taken(platform)
            later_s = time.monotonic() - began - sent_s
            print(f"  {fleet.sent:,} sent in {sent_s:.0f} s, the last one taken {later_s:.0f} s later")
            return _account(platform, fleet)
        finally:
            platform.down()


def _stand_still(platform: Platform) -> None:
    """PostgreSQL answers nothing for a minute: its processes stand still."""
    root = psutil.Process(platform.state("postgres")["pid"])
    stopped = [root, *root.children(recursive=True)]
    for one in stopped:
        one.suspend()
    time.sleep(60)
    for one in stopped:
        with suppress(psutil.NoSuchProcess):  # the supervisor may have taken it for dead
            one.resume()
    while platform.get("/readyz")[0] != 200:
        time.sleep(0.1)


def _full_lake(platform: Platform) -> None:
    """The disk of the lake is full when days are to be settled; then there is room again."""
    place = platform.home.folder("lake")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "belvedere-lake", str(place)], check=True)
    try:
        day = f"{fleet_day():%Y-%m-%d}"
        full = platform.run("live", "settle", "--day", day)
        assert full.returncode != 0, "it fitted"
        print(f"  full: {(full.stdout + full.stderr).strip().splitlines()[-1]}")
        subprocess.run(["mount", "-o", "remount,size=1g", str(place)], check=True)
        room = platform.run("live", "settle", "--day", day)
        print(f"  with room: {(room.stdout + room.stderr).strip().splitlines()[-1]}")
        assert room.returncode == 0
    finally:
        kept = place.with_name("lake-kept")
        subprocess.run(["cp", "-a", str(place), str(kept)], check=True)
        subprocess.run(["umount", "-l", str(place)], check=True)
        subprocess.run(["cp", "-a", f"{kept}/.", str(place)], check=True)


def fleet_day() -> date:
    """The day that the devices tell of."""
    return START.date()


FAULTS: dict[str, Callable[[Platform], None]] = {
    "ingest": lambda platform: platform.kill("ingest"),
    "bus": lambda platform: platform.kill("bus"),
    "postgres": lambda platform: platform.kill("postgres"),
    "postgres-still": _stand_still,
    "lake-full": _full_lake,
}


def _account(platform: Platform, fleet: Fleet) -> int:
    question = """
        SELECT (SELECT sum(sets) FROM intake_received), (SELECT sum(n) FROM intake_ledger),
            (SELECT coalesce(sum(n), 0) FROM intake_ledger WHERE outcome = 'duplicate'),
            (SELECT coalesce(sum(n), 0) FROM intake_ledger WHERE outcome = 'refused')
    """
    told = _merged(platform)
    kept = in_history(platform)
    with postgres.connect(postgres.embedded_url(platform.home)) as connection:
        sets, outcomes, duplicate, refused = connection.execute(question).fetchone() or (0,) * 4
    taken = stored(platform)
    print(f"  acknowledged {len(fleet.acknowledged):,}, in the history {kept:,}")
    print(f"  received {sets:,} = stored {taken:,} + duplicate {duplicate:,} + refused {refused:,}")
    good = sets == outcomes and kept == taken and len(fleet.acknowledged) <= kept <= fleet.sent
    print("  nothing lost, nothing doubled" if good else f"THE BOOKS DO NOT BALANCE {told}")
    return 0 if good else 1


def _merged(platform: Platform, tries: int = 5) -> str:
    """What came while its day went into the lake waits among the late ones: have it merged. What was said.

    The platform settles by itself too: then this call is told to come again.
    """
    for _try in range(tries):
        done = platform.run("live", "settle", "--day", f"{fleet_day():%Y-%m-%d}")
        with postgres.connect(postgres.embedded_url(platform.home)) as connection:
            waiting = (connection.execute("SELECT count(*) FROM observations_late").fetchone() or (0,))[0]
        if done.returncode == 0 and not waiting:
            break
        time.sleep(2)
    return done.stderr


def in_history(platform: Platform) -> int:
    """Readings of the devices' attributes, hot or in the lake, once the late ones are merged."""
    question = """
        WITH settled AS (SELECT day, rows FROM observations_settled WHERE state <> 'settling')
        SELECT (SELECT coalesce(sum(rows), 0) FROM settled) + (SELECT count(*) FROM observations_reading
            WHERE (observed_at AT TIME ZONE 'UTC')::date NOT IN (SELECT day FROM settled))
    """
    with postgres.connect(postgres.embedded_url(platform.home)) as connection:
        return int((connection.execute(question).fetchone() or (0,))[0])


def main() -> int:
    """The drill when asked for, else the throughput."""
    if sys.argv[1:2] == ["drill"]:
        seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 180.0
        return drill(seconds, sys.argv[3:] or list(FAULTS))
    throughput()
    return 0


if __name__ == "__main__":
    sys.exit(main())
