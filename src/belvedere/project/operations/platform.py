"""The processes of the platform, as values for the supervisor."""

from __future__ import annotations

import importlib.metadata
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass

from belvedere.engines import bus, listening, ports, postgres, probes, pulse
from belvedere.engines.bus import EmbeddedBus
from belvedere.engines.child import Spec
from belvedere.engines.home import Home
from belvedere.engines.postgres import EmbeddedPostgres
from belvedere.kernel.errors import N_, InvalidInput, Unavailable

#: Folders of the home that the platform expects, beside those the engines make.
FOLDERS = ("media", "tmp", "mail", "run", "secrets", "lake")
DEFAULT_ADDRESS = "127.0.0.1:8000"
SETTINGS = {"DJANGO_SETTINGS_MODULE": "belvedere.project.settings"}
#: One that waits for the disk or its turn costs nothing, and what waits is written together (decision 0068).
WEB_THREADS = 8
#: How many processes take what devices send.
INGEST_WORKERS = "BELVEDERE_INGEST_WORKERS"
MOST_INGEST_WORKERS = 16
#: Of the bus: devices that are refused knock again and again; they are counted, not told one by one.
UNREMARKABLE = (
    "[INF]",
    "Plaintext passwords",
    "authentication error",
    "Auth callout service returned",
    "Violation",
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where the web server listens."""

    host: str
    port: int

    @classmethod
    def from_environment(cls) -> Address:
        """From BELVEDERE_ADDRESS, `host:port`."""
        given = os.environ.get("BELVEDERE_ADDRESS") or DEFAULT_ADDRESS
        found = ports.split(given)
        if found is None:
            raise InvalidInput(
                N_("BELVEDERE_ADDRESS is “{value}”, which is not host:port. Give for example 0.0.0.0:8000."),
                code="bad_address",
                value=given,
            )
        return cls(*found)

    @property
    def loopback(self) -> str:
        """Where this machine reaches it."""
        return _loopback(self.host)

    @property
    def url(self) -> str:
        """The address to type in a browser of this machine."""
        host = f"[{self.loopback}]" if ":" in self.loopback else self.loopback
        return f"http://{host}:{self.port}/"


def version() -> str:
    """The version of the platform."""
    return importlib.metadata.version("belvedere")


def make_folders(home: Home) -> None:
    """Make the folders of a home."""
    for name in FOLDERS:
        home.folder(name)


def specs(home: Home, address: Address, *, demo: bool = False) -> list[Spec]:
    """What `belvedere up` runs: embedded engines, migrations, the demo if asked, then the rest."""
    engines = []
    if not postgres.is_external():
        engines.append(_postgres(home))
    if not bus.is_external():
        engines.append(_bus(home))
    names = tuple(spec.name for spec in engines)
    # Not through `belvedere`: what lives for long should not carry the command line along.
    words = (sys.executable, "-m", "belvedere.project.operations.migrations")
    migrate = Spec(name="migrate", command=words, environment=SETTINGS, needs=names, step=True)
    steps = [migrate]
    if demo:
        fill = (sys.executable, "-m", "belvedere.demo.command", "fill")
        steps.append(
            Spec(name="demo", command=fill, environment=SETTINGS, needs=(*names, "migrate"), step=True)
        )
    needs = (*names, *(step.name for step in steps))
    # Devices are let in as soon as people. The others come after the web server: on two cores, loading all
    # at once makes people wait for the page.
    after = (*needs, "web")
    live = _live(home, names)
    rest = [_web(home, address, needs), _jobs(after), _listeners(home, after)]
    rest += [_ingest(home, needs, name) for name in ingest_names(ingest_workers())]
    rest.append(_exchange(home, after))
    if demo and not bus.is_external():
        rest.append(_demo_devices(home, (*after, "ingest")))
    return [*engines, live, *steps, *rest]


def _postgres(home: Home) -> Spec:
    engine = EmbeddedPostgres(home)
    return Spec(
        name="postgres",
        command=tuple(engine.command()),
        ready=engine.is_ready,
        # Fast shutdown, then immediate: what is committed stays in both cases.
        stop=((int(signal.SIGINT), 4.0), (int(signal.SIGQUIT), 2.0)),
        user=engine.user(),
        before=_first(engine.ensure_initialised, then=engine.forget_stale_lock),
        address=lambda: f"{ports.LOOPBACK}:{ports.port_for(home, 'postgres')}",
    )


def _bus(home: Home) -> Spec:
    engine = EmbeddedBus(home)

    def address() -> str:
        host, port = bus.mqtt_address(home)
        return f"{ports.LOOPBACK}:{ports.port_for(home, 'nats')}, mqtt {host}:{port}"

    return Spec(
        name="bus",
        command=tuple(engine.command()),
        ready=lambda: probes.nats_accepts(ports.LOOPBACK, ports.port_for(home, "nats")),
        before=_first(engine.ensure_configured),
        mute=lambda line: any(words in line for words in UNREMARKABLE),
        address=address,
    )


def _web(home: Home, address: Address, needs: tuple[str, ...]) -> Spec:
    cores = os.cpu_count() or 1
    workers = 1 if cores <= 2 else min(4, cores // 2)
    environment = dict(SETTINGS)
    if workers > 1:
        environment["PROMETHEUS_MULTIPROC_DIR"] = str(home.path("run", "metrics"))

    def forget_counts() -> None:
        for file in home.folder("run", "metrics").glob("*.db"):
            file.unlink()

    def port_is_free() -> None:
        _refuse_taken("BELVEDERE_ADDRESS", address.host, address.port)

    words: tuple[str, ...] = (
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--no-ws",
        "--log-level",
        "warning",
    )
    words += ("--host", address.host, "--port", str(address.port), "--workers", str(workers))
    words += ("--blocking-threads", str(WEB_THREADS), "--workers-kill-timeout", "3")
    return Spec(
        name="web",
        command=(*words, "belvedere.project.wsgi:application"),
        environment=environment,
        ready=lambda: probes.http_ok(address.loopback, address.port, "/healthz"),
        needs=needs,
        check=port_is_free,
        before=forget_counts,
        address=lambda: address.url,
    )


def _jobs(needs: tuple[str, ...]) -> Spec:
    words = (sys.executable, "-m", "django", "procrastinate", "worker", "--concurrency", "1")
    return Spec(name="jobs", command=words, environment=SETTINGS, needs=needs)


def ingest_workers() -> int:
    """How many processes take what devices send: BELVEDERE_INGEST_WORKERS."""
    given = os.environ.get(INGEST_WORKERS) or "1"
    if not given.isdigit() or not 1 <= int(given) <= MOST_INGEST_WORKERS:
        raise InvalidInput(
            N_("{name} is “{value}”. Give a number from 1 to {most}."),
            code="bad_number",
            name=INGEST_WORKERS,
            value=given,
            most=MOST_INGEST_WORKERS,
        )
    return int(given)


def ingest_names(many: int) -> list[str]:
    """What they are called. One works and the others stand by (see `engines.turns`)."""
    return ["ingest", *(f"ingest-{n}" for n in range(2, many + 1))]


def _ingest(home: Home, needs: tuple[str, ...], name: str) -> Spec:
    words = (sys.executable, "-m", "belvedere.faces.ingest", name)

    def ready() -> bool:
        told = pulse.said(home, name)
        return told is not None and told["state"] in ("ready", "standing by")

    return Spec(
        name=name,
        command=words,
        environment=SETTINGS,
        ready=ready,
        needs=needs,
        before=lambda: pulse.forget(home, name),
    )


def _listeners(home: Home, needs: tuple[str, ...]) -> Spec:
    def ready() -> bool:
        told = (pulse.said(home, "connections"), pulse.said(home, "supervision"))
        return all(one is not None and one["state"] in ("ready", "standing by") for one in told)

    def before() -> None:
        for name in ("connections", "supervision"):
            pulse.forget(home, name)

    return Spec(
        name="connections",
        command=(sys.executable, "-m", "belvedere.project.listeners"),
        environment={"OPENBLAS_NUM_THREADS": "1"},
        ready=ready,
        needs=needs,
        before=before,
    )


def _exchange(home: Home, needs: tuple[str, ...]) -> Spec:
    def ready() -> bool:
        told = pulse.felt(home, "exchange")
        return told is not None and told["state"] == "ready"

    return Spec(
        name="exchange",
        command=(sys.executable, "-m", "belvedere.faces.exchange"),
        environment=SETTINGS,
        ready=ready,
        needs=needs,
        before=lambda: pulse.forget(home, "exchange"),
    )


def _demo_devices(home: Home, needs: tuple[str, ...]) -> Spec:
    # What it said last is not forgotten: it goes on from there.
    return Spec(
        name="demo-devices",
        command=(sys.executable, "-m", "belvedere.demo.simulator"),
        environment={"OPENBLAS_NUM_THREADS": "1"},
        ready=lambda: pulse.felt(home, "demo-devices") is not None,
        needs=needs,
    )


def _live(home: Home, needs: tuple[str, ...]) -> Spec:
    def port_is_free() -> None:
        if not os.environ.get(listening.ADDRESS):
            ports.free_port_for(home, listening.PORT)
        _refuse_taken(listening.ADDRESS, *listening.address(home))

    def ready() -> bool:
        host, port = listening.address(home)
        return probes.http_ok(_loopback(host), port, "/healthz")

    def address() -> str:
        host, port = listening.address(home)
        return f"{host}:{port}"

    return Spec(
        name="live",
        command=(sys.executable, "-m", "belvedere.faces.live"),
        ready=ready,
        needs=needs,
        check=port_is_free,
        before=lambda: pulse.forget(home, "live"),
        address=address,
    )


def _refuse_taken(name: str, host: str, port: int) -> None:
    """Raise when nobody can listen there; `name` is the setting that gives another place."""
    if not ports.is_free(port, host):
        raise Unavailable(
            N_(
                "Port {port} of {host} is taken by another program. Stop it, or give another one: "
                "{name}={host}:{other} belvedere up."
            ),
            code="port_taken",
            name=name,
            host=host,
            port=port,
            other=port + 1,
        )


def _loopback(host: str) -> str:
    """Where this machine reaches what listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (compared)


def _first(once: Callable[[], None], then: Callable[[], None] | None = None) -> Callable[[], None]:
    """`once` before the first start only (it may move a port that others know by then), `then` always."""
    done = False

    def before() -> None:
        nonlocal done
        if not done:
            once()
            done = True
        if then is not None:
            then()

    return before
