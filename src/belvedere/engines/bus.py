"""The bus: NATS with JetStream on disk and its MQTT listener for devices, embedded or external.

Not for business events: domains publish those in process. The bus carries what comes from outside
(devices) and what goes between processes. Acknowledged by JetStream means on disk.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, unquote, urlsplit

from belvedere.engines import ports, probes
from belvedere.engines.accounts import DOORKEEPER, MQTT_PATIENCE_S, PLATFORM, accounts
from belvedere.engines.home import Home, replace_private
from belvedere.kernel.errors import N_, Unavailable

# nats-py is imported where it is used: the supervisor starts the server and must stay small.
if TYPE_CHECKING:
    from nats.aio.client import Client

#: Devices publish below this subject (`devices/…` in MQTT) and nowhere else.
DEVICES = "devices"
#: Where devices reach the MQTT listener: loopback, until a person opens it on purpose.
MQTT_ADDRESS = "BELVEDERE_MQTT_ADDRESS"
MQTT_PORT = 1883
CONNECT_TIMEOUT_S = 3
#: When a message counts as on disk: `always` (fsync before each acknowledgement) or a duration.
SYNC = "BELVEDERE_BUS_SYNC"
#: Where the keeper of the door reaches an external bus; without it that bus knows its devices by itself.
DOOR_URL = "BELVEDERE_BUS_DOOR_URL"
IN_A_CLUSTER = 3  # nodes that keep a message; it is acknowledged when two of them have it
PING_S = 10  # a node that fell silent is left after three of them
START_TIMEOUT_S = 60.0
LAUNCHER = str(Path(__file__).with_name("launch.py"))

Answer = TypeVar("Answer")


def is_external() -> bool:
    """Whether the bus is somebody else's to run."""
    return bool(os.environ.get("BELVEDERE_BUS_URL"))


def bus_url(home: Home) -> str:
    """Where the bus is: BELVEDERE_BUS_URL, else the embedded one of this home. Holds a password."""
    return os.environ.get("BELVEDERE_BUS_URL") or embedded_url(home)


def embedded_url(home: Home) -> str:
    """The address of the embedded bus, with the platform's password."""
    password = quote(home.secret("nats_platform"), safe="")
    return f"nats://{PLATFORM}:{password}@{ports.LOOPBACK}:{ports.port_for(home, 'nats')}"


def mqtt_address(home: Home) -> tuple[str, int]:
    """Host and port of the embedded MQTT listener."""
    given = os.environ.get(MQTT_ADDRESS)
    if given:
        if (found := ports.split(given)) is not None:
            return found
        raise Unavailable(
            N_("{name} is “{value}”, which is not host:port. Give for example 0.0.0.0:1883."),
            permanent=True,
            code="bad_address",
            name=MQTT_ADDRESS,
            value=given,
        )
    return ports.LOOPBACK, ports.port_for(home, "mqtt", MQTT_PORT)


def sync_interval() -> str:
    """When the embedded bus brings messages to disk: BELVEDERE_BUS_SYNC."""
    given = os.environ.get(SYNC) or "always"
    if given != "always" and not re.fullmatch(r"[1-9][0-9]{0,4}(ms|s)", given):
        raise Unavailable(
            N_("{name} is “{value}”. Give “always”, or a duration such as 50ms."),
            permanent=True,
            code="bad_duration",
            name=SYNC,
            value=given,
        )
    return given


@dataclass(frozen=True, slots=True)
class EmbeddedBus:
    """The NATS server of a home."""

    home: Home

    def ensure_configured(self) -> None:
        """Write the configuration (0600: it holds the two passwords) and choose the ports."""
        self.home.folder("nats")
        port = ports.free_port_for(self.home, "nats")
        if not os.environ.get(MQTT_ADDRESS):
            ports.free_port_for(self.home, "mqtt", MQTT_PORT)
        host, mqtt = mqtt_address(self.home)
        replace_private(self._file, self._configuration(port, host, mqtt))

    def command(self) -> list[str]:
        """The foreground server, as words for a supervisor; call `ensure_configured` before."""
        beside = Path(sys.executable).with_name("nats-server")
        found = str(beside) if beside.exists() else shutil.which("nats-server")
        if found is None:
            raise Unavailable(
                N_("The NATS server that comes with the platform is not installed. Run script/setup again."),
                permanent=True,
                code="nats_missing",
            )
        return [found, "-c", str(self._file)]

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run the server apart from any supervisor, for as long as the block lasts."""
        self.ensure_configured()
        log = self.home.folder("log") / "nats.log"
        words = [sys.executable, "-I", "-S", LAUNCHER, "--parent", str(os.getpid())]
        words += ["--signal", str(int(signal.SIGTERM)), "--", *self.command()]
        with log.open("ab") as output:
            process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
            )
        try:
            deadline = time.monotonic() + START_TIMEOUT_S
            while not probes.nats_accepts(ports.LOOPBACK, ports.port_for(self.home, "nats")):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise Unavailable(
                        N_("The bus did not start. Its log is {log}."), code="bus_did_not_start", log=str(log)
                    )
                time.sleep(0.02)
            yield
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    @property
    def _file(self) -> Path:
        return self.home.path("nats", "nats.conf")

    def _configuration(self, port: int, mqtt_host: str, mqtt_port: int) -> str:
        # With sync_interval "always" a message is acknowledged after fsync, not up to two minutes before.
        return f"""\
# Written by Belvédère at each start. It holds passwords.
server_name: "belvedere"
listen: "{ports.LOOPBACK}:{port}"
logtime: false
max_payload: 4MB
jetstream {{
  store_dir: {json.dumps(str(self.home.path("nats")), ensure_ascii=False)}
  max_memory_store: 64MB
  sync_interval: {sync_interval()}
}}
mqtt {{ listen: "{mqtt_host}:{mqtt_port}", js_api_timeout: "{MQTT_PATIENCE_S}s" }}
{accounts(self.home)}"""


def doorkeeper_url(home: Home) -> str | None:
    """The address of the bus for who keeps its door (`devices`), with that password.

    None for an external bus that is not told: it lets devices in by itself, and sends them away.
    """
    if is_external():
        return os.environ.get(DOOR_URL) or None
    password = quote(home.secret("nats_doorkeeper"), safe="")
    return f"nats://{DOORKEEPER}:{password}@{ports.LOOPBACK}:{ports.port_for(home, 'nats')}"


def replicas(client: Client) -> int:
    """On how many nodes this bus is to keep each message: three where it is a cluster."""
    info = client._server_info  # noqa: SLF001 (nats-py shows it in no other way)
    return IN_A_CLUSTER if info.get("cluster") else 1


async def connect(
    home: Home, *, name: str = "belvedere", forever: bool = False, url: str | None = None
) -> Client:
    """A connection of the platform, or of who `url` names.

    Args:
        forever: lives through any outage of the bus, for workers.

    Raises:
        Unavailable: when the bus does not answer now.
    """
    from nats.aio.client import Client
    from nats.errors import Error as NatsError

    url = url or bus_url(home)
    # nats-py would take the user part of an address as it stands, percent signs included.
    parts = urlsplit(url.split(",")[0])
    account: dict[str, Any] = {}
    if parts.username:
        account = {"user": unquote(parts.username), "password": unquote(parts.password or "")}
    client = Client()

    async def quiet(_: Exception) -> None:
        """The caller hears of failures by its own calls; nats-py would log each attempt."""

    try:
        await client.connect(
            [re.sub(r"://[^@/,]*@", "://", server) for server in url.split(",")],
            name=name,
            connect_timeout=CONNECT_TIMEOUT_S,
            allow_reconnect=forever,
            ping_interval=PING_S,
            max_reconnect_attempts=-1 if forever else 1,
            reconnect_time_wait=1,
            error_cb=quiet,
            **account,
        )
        return client
    except (TimeoutError, NatsError, OSError) as error:
        await client.close()
        raise Unavailable(
            N_(
                "The bus at {address} does not answer: {reason}. Start the platform with “belvedere up”, "
                "or check BELVEDERE_BUS_URL."
            ),
            code="bus_unreachable",
            address=without_password(url),
            reason=str(error) or type(error).__name__,
        ) from error


def ask(home: Home, work: Callable[[Client], Awaitable[Answer]]) -> Answer:
    """Run `work` with a connection of its own, from code that is not asynchronous."""

    async def once() -> Answer:
        client = await connect(home)
        try:
            return await work(client)
        finally:
            await client.close()

    return asyncio.run(once())


def is_ready(home: Home) -> bool:
    """Whether the bus answers and keeps messages (JetStream)."""
    from nats.errors import Error as NatsError

    async def look(client: Client) -> bool:
        await client.jetstream().account_info()
        return True

    try:
        return ask(home, look)
    except (TimeoutError, Unavailable, NatsError):
        return False


async def ensure_stream(client: Client, name: str, subjects: Sequence[str], *, replicas: int = 1) -> None:
    """Make the stream that keeps `subjects` on disk, or bring it to these subjects."""
    from nats.js.api import StorageType, StreamConfig
    from nats.js.errors import NotFoundError

    manager = client.jetstream()
    config = StreamConfig(name=name, subjects=list(subjects), storage=StorageType.FILE, num_replicas=replicas)
    try:
        held = await manager.stream_info(name)
    except NotFoundError:
        await manager.add_stream(config)
        return
    if sorted(held.config.subjects or []) != sorted(subjects):
        held.config.subjects = list(subjects)
        await manager.update_stream(held.config)


def without_password(url: str) -> str:
    """The same address, fit to be shown."""
    return re.sub(r"(://[^:/@,]+):[^@,]*@", r"\1@", url)
