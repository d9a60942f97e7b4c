"""The platform on engines of its surroundings: what it carries, and what it keeps when they are killed.

    python -m bench.grown_up             # messages a second with 1, 2 and 4 workers
    python -m bench.grown_up drill 60    # 2,000 messages a second; each fault alone (or those named after)

PostgreSQL 15 as Debian brings it, three NATS nodes that keep each message three times, an S3 server where
there is one (`MOTO_SERVER`, or `moto_server` on the path): all on this machine, the generator too.
"""

from __future__ import annotations

import asyncio
import logging
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil
from tests.engines.waiting import until
from tests.operations.fleet import START, Fleet, register
from tests.operations.outside import Outside, outside

DEVICES = 200
SECONDS = 15.0
RATE = 2000.0
IN_HISTORY = """
    WITH settled AS (SELECT day, rows FROM observations_settled WHERE state <> 'settling')
    SELECT (SELECT coalesce(sum(rows), 0) FROM settled) + (SELECT count(*) FROM observations_reading
        WHERE (observed_at AT TIME ZONE 'UTC')::date NOT IN (SELECT day FROM settled))
"""
LATE = "SELECT sum(n) FROM intake_ledger WHERE outcome = 'late'"
HOT_BYTES = """
    SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits
    WHERE inhparent = 'observations_reading'::regclass
"""
BOOKS = """
    SELECT (SELECT sum(sets) FROM intake_received), (SELECT sum(n) FROM intake_ledger),
        (SELECT sum(n) FROM intake_ledger WHERE outcome = 'stored'),
        (SELECT coalesce(sum(n), 0) FROM intake_ledger WHERE outcome = 'late'),
        (SELECT coalesce(sum(n), 0) FROM intake_ledger WHERE outcome = 'duplicate'),
        (SELECT coalesce(sum(n), 0) FROM intake_ledger WHERE outcome = 'refused')
"""


@contextmanager
def running(workers: int) -> Iterator[tuple[Outside, list[tuple[str, str]]]]:
    """The platform up, and its devices."""
    with tempfile.TemporaryDirectory(prefix="belvedere-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the account of PostgreSQL passes through
        with outside(folder, workers=workers) as platform:
            yield platform, register(platform.environment, DEVICES, 100_000)


def throughput(counts: Sequence[int] = (1, 2, 4)) -> int:
    """As fast as it goes."""
    titles = f"{'workers':<9}{'acknowledged/s':>15}{'stored/s':>10}{'of them late':>14}{'B while hot':>12}"
    print(f"{titles}  µs of processor a message")
    with running(counts[0]) as (platform, credentials):
        first = 0
        for workers in counts:
            if platform.workers != workers:
                platform.down()
                platform.workers = workers
                platform.up()
            fleet = Fleet(credentials, platform.mqtt, window=100, first=first)
            print(f"{workers:<9}{measure(platform, fleet)}", flush=True)
            first = max(number for _device, number in fleet.acknowledged)
    return 0


def measure(platform: Outside, fleet: Fleet) -> str:
    """Send as fast as it goes for a while, then wait until the last message is stored; the rest of a row."""
    before, spent = platform.number(IN_HISTORY), processor_s(platform)
    late_before = platform.number(LATE)
    began = time.monotonic()
    sending_s = asyncio.run(fleet.run(SECONDS, 0))
    until(platform.settled, "everything was taken", 600)
    whole_s = time.monotonic() - began
    kept = platform.number(IN_HISTORY)
    many, late = kept - before, platform.number(LATE) - late_before
    told = {name: (s - spent[name]) / many * 1e6 for name, s in processor_s(platform).items()}
    parts = ", ".join(f"{name} {us:.0f}" for name, us in told.items())
    acknowledged, hot = len(fleet.acknowledged) / sending_s, platform.number(HOT_BYTES) / kept
    return f"{acknowledged:>15,.0f}{many / whole_s:>10,.0f}{late:>14,}{hot:>12.0f}  {parts}"


def processor_s(platform: Outside) -> dict[str, float]:
    """Seconds of processor that each part took so far."""
    mine = resource.getrusage(resource.RUSAGE_SELF)
    assert platform.server.process is not None
    parts = {
        "3 nodes": [node.process.pid for node in platform.cluster.nodes if node.process is not None],
        "workers": [platform.state(name)["pid"] for name in platform.worker_names],
        "postgres": [platform.server.process.pid],
    }
    told = {"generator": mine.ru_utime + mine.ru_stime}
    for name, pids in parts.items():
        family = [one for pid in pids for one in (psutil.Process(pid), *psutil.Process(pid).children(True))]
        told[name] = sum(one.cpu_times().user + one.cpu_times().system for one in family)
    return told


def drill(seconds: float, names: Sequence[str]) -> int:
    """Each fault alone, under load; afterwards acknowledged = stored + refused, to the message."""
    with running(4) as (platform, credentials):
        acknowledged, sent, first = 0, 0, 0
        worst = 0
        for name in names:
            fleet = Fleet(credentials, platform.mqtt, window=50, first=first)
            _one_fault(platform, fleet, name, seconds)
            first = max(number for _device, number in fleet.acknowledged)
            acknowledged, sent = acknowledged + len(fleet.acknowledged), sent + fleet.sent
            worst = max(worst, _account(platform, acknowledged, sent))
        return worst


def _one_fault(platform: Outside, fleet: Fleet, name: str, seconds: float) -> None:
    sending = threading.Thread(target=lambda: asyncio.run(fleet.run(seconds, RATE)))
    began = time.monotonic()
    sending.start()
    time.sleep(seconds / 4)
    start, so_far = time.monotonic(), len(fleet.acknowledged)
    told = FAULTS[name](platform)
    meanwhile, took_s = len(fleet.acknowledged) - so_far, time.monotonic() - start
    print(f"{name}: {told}; {took_s:.1f} s, {meanwhile:,} acknowledged meanwhile")
    sending.join()
    sent_s = time.monotonic() - began
    until(platform.settled, "everything was taken", 600)
    later_s = time.monotonic() - began - sent_s
    print(f"  {fleet.sent:,} sent in {sent_s:.0f} s, the last one taken {later_s:.0f} s later")


def _node_away(platform: Outside) -> str:
    """kill -9 of the node that leads the stream; it stays away ten seconds, then is started again."""
    leader = platform.leader()
    platform.cluster.kill(leader)
    time.sleep(10)
    new = platform.leader()
    platform.cluster.revive(leader)
    return f"node {leader} led and was killed, node {new} led, node {leader} was started again"


def _each_node(platform: Outside) -> str:
    """One after the other, as for an upgrade: each is killed and started again."""
    for node in platform.cluster.nodes:
        platform.cluster.kill(node.number)
        platform.cluster.revive(node.number)
        until(platform.is_replicated, "all nodes have the stream", 120)
    return "each node was killed and started again"


def _worker(platform: Outside) -> str:
    """kill -9 of the worker whose turn it is."""
    killed, start = platform.kill_worker(), time.monotonic()
    new = platform.working()
    return f"{killed} took and was killed, {new} took {time.monotonic() - start:.1f} s later"


def _postgres(platform: Outside) -> str:
    """kill -9 of PostgreSQL, started again at once."""
    platform.server.kill()
    return f"PostgreSQL was killed and started again, {platform.working()} takes"


def _bucket(platform: Outside) -> str:
    """The S3 server is away when days are to be settled, then it is there again."""
    if platform.bucket is None:
        return "no S3 server on this machine"
    platform.bucket.freeze()
    away = platform.run("live", "settle", "--day", f"{START:%Y-%m-%d}")
    assert away.returncode != 0, "it was settled nowhere"
    platform.bucket.thaw()
    there = platform.run("live", "settle", "--day", f"{START:%Y-%m-%d}")
    assert there.returncode == 0, there.stderr
    return f"away: {(away.stdout + away.stderr).strip().splitlines()[-1]}"


FAULTS: dict[str, Callable[[Outside], str]] = {
    "node": _node_away,
    "each-node": _each_node,
    "worker": _worker,
    "postgres": _postgres,
    "bucket": _bucket,
}


def _account(platform: Outside, acknowledged: int, sent: int) -> int:
    done = platform.run("live", "settle", "--day", f"{START:%Y-%m-%d}")
    kept = platform.number(IN_HISTORY)
    ((sets, outcomes, stored, late, duplicate, refused),) = platform.rows(BOOKS)
    told = f"stored {stored:,} + late {late:,} + duplicate {duplicate:,} + refused {refused:,}"
    print(f"  so far acknowledged {acknowledged:,}, in the history {kept:,}; received {sets:,} = {told}")
    good = sets == outcomes and kept == stored + late and acknowledged <= kept <= sent
    print(
        "  nothing lost, nothing doubled" if good else f"THE BOOKS DO NOT BALANCE {done.stderr}", flush=True
    )
    return 0 if good else 1


def main() -> int:
    """The drill when asked for, else the throughput."""
    logging.getLogger("asyncio").setLevel(logging.ERROR)  # it tells each write to a line that was cut
    if sys.argv[1:2] == ["drill"]:
        seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 60.0
        return drill(seconds, sys.argv[3:] or list(FAULTS))
    return throughput(tuple(map(int, sys.argv[1:])) or (1, 2, 4))


if __name__ == "__main__":
    sys.exit(main())
