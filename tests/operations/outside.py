"""Engines that are somebody else's: Debian's PostgreSQL 15, three NATS nodes, an S3 server; on loopback.

Each is started for a test or a drill and stopped after it. Where a program is not there, `missing` says so.
"""

from __future__ import annotations

import asyncio
import http.client
import os
import pwd
import random
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from nats.aio.client import Client
from nats.errors import Error as NatsError

from belvedere.engines import bus, ports, postgres, probes, pulse, uplinks
from belvedere.engines.accounts import ACCOUNT, accounts
from belvedere.engines.bus import EmbeddedBus
from belvedere.engines.home import Home
from belvedere.kernel.errors import Unavailable
from belvedere.project.operations import platform
from tests.engines.waiting import until
from tests.operations.running import Platform, free_port

LOOPBACK = "127.0.0.1"
DEBIAN = Path("/usr/lib/postgresql")
Answer = TypeVar("Answer")


def debian_postgres() -> Path | None:
    """The programs of a PostgreSQL server of the system, the oldest that will do."""
    found = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    return next((file.parent for file in found if int(file.parts[-3]) >= 15), None)


def s3_server() -> str | None:
    """The program of an S3 server (`pip install "moto[server]"`, in an environment of its own)."""
    given = os.environ.get("MOTO_SERVER")
    return given or shutil.which("moto_server")


def let_through(folder: Path) -> Path:
    """The same folder, which the account of PostgreSQL may pass through, with those above that are ours."""
    for part in (folder, *folder.parents):
        if Path(tempfile.gettempdir()) in part.parents and not part.stat().st_mode & 0o001:
            part.chmod(part.stat().st_mode | 0o011)
    return folder


def stopped(process: subprocess.Popen[bytes], number: int = signal.SIGTERM) -> None:
    """End a process of ours."""
    process.send_signal(number)
    with suppress(subprocess.TimeoutExpired):
        process.wait(20)
        return
    process.kill()
    process.wait()


@dataclass
class Server:
    """A PostgreSQL of the system, with a database for a role that is no superuser."""

    folder: Path
    programs: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://belvedere:so%2Fsecret@{LOOPBACK}:{self.port}/belvedere"

    def start(self) -> None:
        """Make it the first time, then run it."""
        data = self.folder / "data"
        if not data.exists():
            self.folder.mkdir(parents=True)
            if os.geteuid() == 0:
                shutil.chown(self.folder, postgres.system_user())
            words = [str(self.programs / "initdb"), "-D", str(data), "--username", "postgres"]
            self._run([*words, "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8"])
        words = [str(self.programs / "postgres"), "-D", str(data), "-p", str(self.port)]
        words += ["-c", f"listen_addresses={LOOPBACK}", "-c", "unix_socket_directories="]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                words, stdout=log, stderr=log, cwd="/", start_new_session=True, **self._account()
            )
        until(lambda: probes.postgres_accepts(LOOPBACK, self.port), "PostgreSQL accepts", 60)

    def provision(self) -> None:
        """What its administrator does for us."""
        admin = f"postgresql://postgres@{LOOPBACK}:{self.port}/postgres"
        with postgres.connect(admin) as connection:
            connection.execute("CREATE ROLE belvedere LOGIN PASSWORD 'so/secret'")
            connection.execute("CREATE DATABASE belvedere OWNER belvedere")

    def stop(self, number: int = signal.SIGINT) -> None:
        if self.process is not None:
            stopped(self.process, number)

    def kill(self) -> None:
        """kill -9 of the first process, as a crash; then start again."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        until(lambda: not probes.postgres_accepts(LOOPBACK, self.port), "it is gone")
        self.start()

    def _run(self, words: list[str]) -> None:
        done = subprocess.run(words, capture_output=True, text=True, cwd="/", check=False, **self._account())
        assert done.returncode == 0, done.stderr

    def _account(self) -> dict[str, Any]:
        """PostgreSQL refuses root."""
        if os.geteuid() != 0:
            return {}
        account = pwd.getpwnam(postgres.system_user())
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


@dataclass
class Node:
    """One server of the cluster."""

    number: int
    client: int = field(default_factory=free_port)
    route: int = field(default_factory=free_port)
    mqtt: int = field(default_factory=free_port)
    leaves: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None


class Cluster:
    """Three NATS servers that keep each message on all of them, with the accounts of a home."""

    def __init__(self, home: Home, folder: Path, *, sync: str = "50ms") -> None:
        self.home, self.folder, self._sync = home, folder, sync
        self.nodes = [Node(number) for number in range(3)]

    def address(self, user: str) -> str:
        """All nodes, with a user of the accounts."""
        password = self.home.secret(f"nats_{user}")
        return ",".join(f"nats://{user}:{password}@{LOOPBACK}:{node.client}" for node in self.nodes)

    @property
    def mqtt(self) -> list[tuple[str, int]]:
        """Where devices may knock: at every node that runs."""
        running = [node for node in self.nodes if node.process is not None]
        return [(LOOPBACK, node.mqtt) for node in running]

    def start(self) -> None:
        for node in self.nodes:
            self._run(node)
        self.until_whole()

    def until_whole(self) -> None:
        def whole() -> bool:
            return all(probes.nats_accepts(LOOPBACK, node.client) for node in self.nodes)

        until(whole, "all nodes answer", 60)

    def kill(self, number: int) -> None:
        """kill -9 of one node, which stays away until `revive`."""
        process, self.nodes[number].process = self.nodes[number].process, None
        assert process is not None
        process.kill()
        process.wait()

    def revive(self, number: int) -> None:
        self._run(self.nodes[number])
        self.until_whole()

    def stop(self) -> None:
        for node in self.nodes:
            if node.process is not None:
                stopped(node.process)
                node.process = None

    @contextmanager
    def leaf(self) -> Iterator[tuple[str, int]]:
        """A node in a commune, where devices knock; what they say is kept by the cluster. Its address."""
        folder, mqtt = self.folder / "leaf", free_port()
        folder.mkdir()
        remotes = ", ".join(self._remote(*pair) for pair in (("platform", ACCOUNT), ("doorkeeper", "SYSTEM")))
        file = folder / "nats.conf"
        file.write_text(f"""
server_name: "commune"
listen: "{LOOPBACK}:{free_port()}"
jetstream {{ domain: "commune", store_dir: "{folder}/data" }}
mqtt {{ listen: "{LOOPBACK}:{mqtt}", js_domain: "hub", js_api_timeout: "10s", stream_replicas: 3 }}
leafnodes {{ remotes: [ {remotes} ] }}
{accounts(self.home)}""")
        with (folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [EmbeddedBus(self.home).command()[0], "-c", str(file)], stdout=log, stderr=log
            )
        try:
            until(lambda: ports.answers(mqtt), "the leaf answers", 60)
            yield LOOPBACK, mqtt
        finally:
            stopped(process)

    def _remote(self, user: str, account: str) -> str:
        password = self.home.secret(f"nats_{user}")
        urls = ", ".join(f'"nats://{user}:{password}@{LOOPBACK}:{node.leaves}"' for node in self.nodes)
        return f'{{ urls: [{urls}], account: "{account}" }}'

    def _run(self, node: Node) -> None:
        folder = self.folder / f"node{node.number}"
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "nats.conf"
        file.write_text(self._configuration(node, folder))
        program = EmbeddedBus(self.home).command()[0]
        with (folder / "log").open("ab") as log:
            node.process = subprocess.Popen([program, "-c", str(file)], stdout=log, stderr=log)

    def _configuration(self, node: Node, folder: Path) -> str:
        routes = ", ".join(f'"nats://{LOOPBACK}:{one.route}"' for one in self.nodes)
        return f"""
server_name: "node{node.number}"
listen: "{LOOPBACK}:{node.client}"
max_payload: 4MB
cluster {{ name: "drill", listen: "{LOOPBACK}:{node.route}", routes: [{routes}] }}
jetstream {{ domain: "hub", store_dir: "{folder}/data", max_memory_store: 64MB, sync_interval: {self._sync} }}
leafnodes {{
  listen: "{LOOPBACK}:{node.leaves}"
  authorization {{
    users: [
      {{ user: "platform", password: "{self.home.secret("nats_platform")}", account: "{ACCOUNT}" }}
      {{ user: "doorkeeper", password: "{self.home.secret("nats_doorkeeper")}", account: "SYSTEM" }}
    ]
  }}
}}
mqtt {{ listen: "{LOOPBACK}:{node.mqtt}", js_api_timeout: "10s", stream_replicas: 3 }}
{accounts(self.home)}"""


@dataclass
class Bucket:
    """An S3 server with a bucket."""

    program: str
    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    name: str = "lake"

    @property
    def environment(self) -> dict[str, str]:
        where = f"s3://{self.name}/territories?endpoint={LOOPBACK}:{self.port}&ssl=false&region=eu-west-3"
        return {
            "BELVEDERE_LAKE_URL": where,
            "AWS_ACCESS_KEY_ID": "drill",
            "AWS_SECRET_ACCESS_KEY": "drilldrill",
        }

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "s3.log").open("ab") as log:
            words = [self.program, "-H", LOOPBACK, "-p", str(self.port)]
            self.process = subprocess.Popen(words, stdout=log, stderr=log, cwd=self.folder)
        until(lambda: self._say("PUT", f"/{self.name}") in (200, 409), "the bucket is made", 60)

    def stop(self) -> None:
        if self.process is not None:
            stopped(self.process)

    def freeze(self) -> None:
        """Answer nothing: what it holds is in its memory, so it is not killed."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def keys(self) -> list[str]:
        """The names of all objects."""
        line = http.client.HTTPConnection(LOOPBACK, self.port, timeout=20)
        line.request("GET", f"/{self.name}?list-type=2")
        return re.findall(r"<Key>(.*?)</Key>", line.getresponse().read().decode())

    def _say(self, verb: str, path: str) -> int:
        line = http.client.HTTPConnection(LOOPBACK, self.port, timeout=20)
        try:
            line.request(verb, path)
            return line.getresponse().status
        except OSError:
            return 0
        finally:
            line.close()


class Outside(Platform):
    """The platform with engines that are somebody else's: the same code, by address."""

    def __init__(
        self, root: Path, *, workers: int = 1, server: Server, cluster: Cluster, bucket: Bucket | None
    ) -> None:
        super().__init__(root)
        self.workers, self.server, self.cluster, self.bucket = workers, server, cluster, bucket

    @property
    def environment(self) -> dict[str, str]:
        return {
            **super().environment,
            "BELVEDERE_DATABASE_URL": self.server.url,
            "BELVEDERE_BUS_URL": self.cluster.address("platform"),
            bus.DOOR_URL: self.cluster.address("doorkeeper"),
            platform.INGEST_WORKERS: str(self.workers),
            **(self.bucket.environment if self.bucket else {}),
        }

    def mqtt(self) -> tuple[str, int]:
        """A node that runs: another one each time."""
        return random.choice(self.cluster.mqtt)

    def rows(self, question: str) -> list[Any]:
        """The answer of the database."""
        with postgres.connect(self.server.url) as connection:
            return connection.execute(question).fetchall()

    def number(self, question: str) -> int:
        """The one number of the answer."""
        return int(self.rows(question)[0][0] or 0)

    def ask_bus(self, work: Callable[[Client], Awaitable[Answer]]) -> Answer:
        """Have it done with a connection to the cluster."""

        async def once() -> Answer:
            client = await bus.connect(self.home, url=self.cluster.address("platform"))
            try:
                return await work(client)
            finally:
                await client.close()

        return asyncio.run(once())

    def settled(self) -> bool:
        """Whether everything that the bus acknowledged was taken."""
        try:
            return self.ask_bus(uplinks.waiting) == 0
        except (Unavailable, NatsError, TimeoutError, OSError):
            return False

    def leader(self) -> int:
        """The number of the node that leads the stream of messages."""
        info = self.ask_bus(lambda client: client.jetstream().stream_info(uplinks.STREAM))
        assert info.cluster is not None and info.cluster.leader is not None
        return int(info.cluster.leader.removeprefix("node"))

    def is_replicated(self) -> bool:
        """Whether all nodes have what the stream holds."""
        try:
            info = self.ask_bus(lambda client: client.jetstream().stream_info(uplinks.STREAM))
        except (Unavailable, NatsError, TimeoutError, OSError):
            return False
        others = (info.cluster.replicas if info.cluster is not None else None) or []
        return len(others) == 2 and all(one.current and not one.offline for one in others)

    @property
    def worker_names(self) -> list[str]:
        return platform.ingest_names(self.workers)

    def working(self) -> str:
        """The name of the worker whose turn it is."""
        return until(
            lambda: next(
                (n for n in self.worker_names if (pulse.said(self.home, n) or {}).get("state") == "ready"), ""
            ),
            "a worker takes",
            60,
        )

    def kill_worker(self) -> str:
        """kill -9 of the one that takes; returns as soon as it is dead."""
        name = self.working()
        pulse.forget(self.home, name)
        os.kill(self.state(name)["pid"], signal.SIGKILL)
        return name


@contextmanager
def outside(folder: Path, *, workers: int) -> Iterator[Outside]:
    """The platform up on engines of its surroundings; everything is stopped after the block.

    Its lake is a folder of the home where there is no S3 server.
    """
    programs, s3 = debian_postgres(), s3_server()
    assert programs is not None
    home = Home(folder / "home")
    server, cluster = Server(folder / "postgres", programs), Cluster(home, folder / "cluster")
    bucket = Bucket(s3, folder / "s3") if s3 else None
    running = Outside(home.root, workers=workers, server=server, cluster=cluster, bucket=bucket)
    try:
        server.start()
        server.provision()
        cluster.start()
        if bucket is not None:
            bucket.start()
        running.up()
        yield running
    finally:
        if running.is_up:
            running.down()
        if bucket is not None:
            bucket.stop()
        cluster.stop()
        server.stop()
