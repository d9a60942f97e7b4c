"""The NGSI-LD door under ten clients, as Stellio measures its own: create, change, query, sum up.

    python -m bench.ngsi_ld            # everything, 100,000 things
    python -m bench.ngsi_ld 10000      # with that many things

The whole platform runs as a person runs it; the clients are beside it on the same machine, each on one
connection, each with one request at a time. The thing has six properties (one of two instances), a relation
and a place. What is filled in beforehand goes through the door too, in batches.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import psutil
from tests.operations.running import Platform

from belvedere.engines.runfolder import RunFolder

CLIENTS = 10
SECONDS = 15.0
THINGS = 100_000
TYPES = 10
INSTANCES = 100_000
BATCH = 500
ROOT = "/ngsi-ld/v1"
# What things tell when they are made is of now: a day of long ago would be in the lake already.
SEEN_AT = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
PEERS = """
Stellio, as it publishes it (September 2024; 8 vCPU, 16 GB; load from another machine; 10 clients):
create 221/s, p95 70 ms; change of one attribute 375/s, p95 36 ms; query by type and value among 100,000
things 32/s, p95 1,440 ms; sums of 100,000 instances by the second 42/s, p95 321 ms.
"""
_SEED = """
from belvedere.domains.access.models import Membership, Person, TerritoryMembership
from belvedere.domains.access.public import Role, TerritoryRole, actor_of, create_token
from belvedere.domains.territory.models import Organisation, Territory
here = Territory.objects.create(
    slug="bench", names={"fr": "Bench"}, country="CH", currency="CHF", languages=["fr", "de"])
body = Organisation.objects.create(territory=here, kind="commune", names={"fr": "Bench"}, search="bench")
one = Person.objects.create(email="bench@example.org", display_name="Bench", language="fr")
Membership.objects.create(person=one, organisation=body, role=Role.ADMINISTRATOR)
TerritoryMembership.objects.create(person=one, territory=here, role=TerritoryRole.ADMINISTRATOR)
print("token", create_token(actor=actor_of(one), name="bench", scopes=["read", "write"], days=1).plain)
"""


@dataclass(frozen=True, slots=True)
class Request:
    """What a client sends."""

    verb: str
    path: str
    body: bytes = b""


class Client(asyncio.Protocol):
    """One connection, one request at a time: sends the next when the answer is there."""

    def __init__(self, head: str, requests: Iterator[Request], times_s: list[float]) -> None:
        self._head, self._requests, self._times_s = head, requests, times_s
        self._buffer = b""
        self._began = 0.0
        self._line: asyncio.Transport | None = None
        self.refused: list[bytes] = []
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._line = transport
        self._next()

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)

    def _next(self) -> None:
        assert self._line is not None
        request = next(self._requests, None)
        if request is None:
            self._line.close()
            return
        self._began = time.perf_counter()
        line, size = f"{request.verb} {ROOT}{request.path} HTTP/1.1", f"Content-Length: {len(request.body)}"
        self._line.write(f"{line}\r\n{self._head}{size}\r\n\r\n".encode() + request.body)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._buffer[:end].lower()
        at = head.find(b"content-length:")
        size = int(head[at + 15 : head.find(b"\r", at) if b"\r" in head[at:] else None]) if at >= 0 else 0
        if len(self._buffer) < end + 4 + size:
            return
        self._times_s.append(time.perf_counter() - self._began)
        if not head.startswith((b"http/1.1 20", b"http/1.1 201")):
            self.refused.append(self._buffer[: end + 4 + size])
        self._buffer = b""
        self._next()


def entity(type_name: str, chance: random.Random, urn: str = "") -> dict[str, Any]:
    """The thing of the scenario: six properties, a relation, a place."""

    def observed(value: float, **more: Any) -> dict[str, Any]:
        return {"type": "Property", "value": value, "observedAt": SEEN_AT, **more}

    bottom, surface = "urn:ngsi-ld:Dataset:Bottom", "urn:ngsi-ld:Dataset:Surface"
    return {
        "id": urn or f"urn:ngsi-ld:{type_name}:{uuid.UUID(int=chance.getrandbits(128))}",
        "type": type_name,
        "name": {"type": "Property", "value": "A station of this bench"},
        "description": {"type": "Property", "value": "Where water is looked at"},
        "stationCode": {"type": "Property", "value": "ST-1024"},
        "ammonium": [
            observed(round(chance.random() * 100, 3), unitCode="M1", datasetId=bottom),
            observed(round(chance.random() * 100, 3), unitCode="M1", datasetId=surface),
        ],
        "dissolvedOxygen": observed(round(chance.random() * 100, 3), unitCode="M1"),
        "waterTemperature": observed(round(chance.random() * 30, 2), unitCode="CEL"),
        "servesDataset": {"type": "Relationship", "object": "urn:ngsi-ld:Dataset:SurfaceWater"},
        "location": {
            "type": "GeoProperty",
            "value": {"type": "Point", "coordinates": [7 + chance.random(), 46 + chance.random()]},
        },
    }


class Bench:
    """A running platform, its token and what was measured."""

    def __init__(self, platform: Platform, token: str) -> None:
        self._platform = platform
        self._head = (
            f"Host: bench\r\nAuthorization: Bearer {token}\r\nNGSILD-Tenant: bench\r\n"
            "Accept: application/json\r\nContent-Type: application/json\r\n"
        )

    def run(self, requests: Callable[[int], Iterator[Request]], clients: int = CLIENTS) -> list[float]:
        """What each client of them asks, to the end; how long each answer took."""

        async def all_of_them() -> list[float]:
            times_s: list[float] = []
            made = []
            for number in range(clients):
                _line, client = await asyncio.get_running_loop().create_connection(
                    partial(Client, self._head, requests(number), times_s),
                    "127.0.0.1",
                    self._platform.port,
                )
                made.append(client)
            await asyncio.gather(*(client.done for client in made))
            refused = [answer for client in made for answer in client.refused]
            if refused:
                raise SystemExit(f"{len(refused)} refused, such as {refused[0][:800]!r}")
            return times_s

        return asyncio.run(all_of_them())

    def measure(self, label: str, make: Callable[[random.Random], Request], aim: str) -> None:
        """Ask for some seconds; print a line."""
        until = time.perf_counter() + SECONDS

        def requests(number: int) -> Iterator[Request]:
            chance = random.Random(f"{label}{number}")
            while time.perf_counter() < until:
                yield make(chance)

        used = self._processor_s()
        mine, began = time.process_time(), time.perf_counter()
        times = sorted(self.run(requests))
        took = time.perf_counter() - began
        mine = time.process_time() - mine
        spent = {name: s - used.get(name, 0.0) for name, s in self._processor_s().items()}
        each = "  ".join(
            f"{name} {s / len(times) * 1e6:,.0f}" for name, s in spent.items() if s / took > 0.01
        )
        p50, p95 = times[len(times) // 2] * 1000, times[int(len(times) * 0.95)] * 1000
        print(
            f"{label:<44}{len(times) / took:>9,.0f}{p50:>9.1f}{p95:>9.1f}{aim:>16}   "
            f"clients {mine / len(times) * 1e6:,.0f}  {each}"
        )

    def _processor_s(self) -> dict[str, float]:
        """Seconds of processor of each process of the platform, with its children."""
        told = {}
        for process in RunFolder(self._platform.home).read_state()["processes"]:
            if process["pid"]:
                family = [psutil.Process(process["pid"])]
                family += family[0].children(recursive=True)
                told[process["name"]] = sum(sum(one.cpu_times()[:2]) for one in family)
        return told


def fill(bench: Bench, many: int) -> list[str]:
    """That many things of `TYPES` types; gives their identifiers."""
    chance = random.Random(7)
    urns = [f"urn:ngsi-ld:Bench:{number}" for number in range(many)]
    batches = []
    for start in range(0, many, BATCH):
        made = [entity(f"Type{n % TYPES}", chance, urns[n]) for n in range(start, min(start + BATCH, many))]
        batches.append(Request("POST", "/entityOperations/create", json.dumps(made).encode()))
    shared = iter(batches)
    began = time.perf_counter()
    bench.run(lambda _number: shared, clients=4)
    print(f"{many:,} things in batches of {BATCH}: {many / (time.perf_counter() - began):,.0f}/s")
    return urns


def settle(platform: Platform) -> None:
    """Clean up after the filling, which is not what is measured."""
    code = "from django.db import connection\nconnection.cursor().execute('VACUUM (ANALYZE)')"
    subprocess.run(
        platform.words("django", "shell", "-v", "0", "-c", code),
        env={**os.environ, **platform.environment},
        capture_output=True,
        check=True,
    )


def fill_history(bench: Bench, urn: str) -> None:
    """Instances of one attribute, some 300 a second, as clients that change it leave them."""
    start = datetime.now(UTC) - timedelta(hours=1)
    step = timedelta(seconds=1 / 300)
    instances = (
        {
            "type": "Property",
            "value": number % 97 / 7,
            "observedAt": (start + number * step).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }
        for number in range(INSTANCES)
    )
    requests = []
    while some := list(islice(instances, 2000)):
        requests.append(
            Request("POST", f"/temporal/entities/{urn}/attrs", json.dumps({"dissolvedOxygen": some}).encode())
        )
    shared = iter(requests)
    bench.run(lambda _number: shared, clients=1)


def scenarios(bench: Bench, urns: Sequence[str]) -> None:
    """The five questions, one after the other."""
    print(
        f"\n{CLIENTS} clients, {len(urns):,} things\n"
        f"{'':<44}{'a second':>9}{'p50 ms':>9}{'p95 ms':>9}{'aim':>16}   µs of processor a request"
    )

    def create(chance: random.Random) -> Request:
        return Request("POST", "/entities", json.dumps(entity("New", chance)).encode())

    def change(chance: random.Random) -> Request:
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        body = json.dumps({"value": round(chance.random() * 100, 3), "observedAt": at}).encode()
        return Request("PATCH", f"/entities/{urns[chance.randrange(1000)]}/attrs/dissolvedOxygen", body)

    def ask(chance: random.Random) -> Request:
        term = chance.choice(("ammonium", "waterTemperature", "dissolvedOxygen"))
        text = chance.choice(("name==%22A%20station%20of%20this%20bench%22", "stationCode==%22ST-1024%22"))
        return Request(
            "GET", f"/entities?type=Type{chance.randrange(TYPES)}&q={term}%3E{chance.randrange(101)};{text}"
        )

    def read(chance: random.Random) -> Request:
        return Request("GET", f"/entities/{chance.choice(urns)}")

    def summed(chance: random.Random) -> Request:
        method = chance.choice(("totalCount", "sum", "avg", "min", "max"))
        return Request(
            "GET",
            f"/temporal/entities/{urns[0]}?attrs=dissolvedOxygen&timerel=after&timeAt=2023-01-01T00:00:00Z"
            f"&options=aggregatedValues&aggrMethods={method}&aggrPeriodDuration=PT1S",
        )

    bench.measure("create a thing", create, "≥ 1,000/s")
    bench.measure("change one attribute", change, "≥ 1,500/s")
    bench.measure("read a thing", read, "")
    bench.measure("things of a type by value (20 a page)", ask, "p95 ≤ 50 ms")
    fill_history(bench, urns[0])
    bench.measure("100,000 instances summed up by the second", summed, "p95 ≤ 60 ms")


def main() -> int:
    """The platform, what is in it, the questions."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else THINGS
    with tempfile.TemporaryDirectory(prefix="belvedere-bench-") as folder:
        platform = Platform(Path(folder) / "home")
        platform.up()
        try:
            told = subprocess.run(
                platform.words("django", "shell", "-c", _SEED),
                env={**os.environ, **platform.environment},
                capture_output=True,
                text=True,
                check=True,
            )
            bench = Bench(platform, told.stdout.partition("token ")[2].split()[0])
            urns = fill(bench, many)
            settle(platform)
            scenarios(bench, urns)
        finally:
            platform.down()
    print(PEERS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
