"""The whole platform with its demo territory, started once as a person starts it, and a real browser."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.request
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.migrated import copy_to

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
BROWSER_WORDS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-gpu-compositing",  # maps alone need WebGL; drawing pages in software is faster without it
    "--disable-gpu-rasterization",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    # A page lives for seconds here: its scripts, axe above all, are made fast at once instead of when they
    # have proved hot, which takes a fifth off what axe costs.
    "--js-flags=--always-sparkplug --no-lazy-feedback-allocation",
]
# Maps are drawn in software: a sixteenth of the dots shows the same things at the same places.
COARSE_MAPS = "Object.defineProperty(window, 'devicePixelRatio', { get: () => 0.25 })"
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
#: How a page is looked at: each address the one way or the other, see `Visit.faults`.
WAYS = ((DESKTOP, "light"), (PHONE, "dark"))
IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
START_S = 600


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.nodeid:
            item.add_marker(pytest.mark.journey)


@dataclass
class Platform:
    """A running platform: its address, its home and the demo's logins (role word → e-mail, password)."""

    url: str
    home: Path
    logins: dict[str, tuple[str, str]]

    def cockpit(self, path: str = "plans/measures/") -> str:
        return f"{self.url}/cockpit/valais-central/{path}"

    def portal(self, path: str = "") -> str:
        return f"{self.url}/valais-central/{path}"


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


# The workers of one run fill the demo once and start from copies of that home; `script/test` has it filled
# beforehand, in a folder that it names.
RUN = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
FILLED = Path(
    os.environ.get("BELVEDERE_TEST_FILLED") or Path(tempfile.gettempdir()) / f"belvedere-journeys-{RUN}"
)


def pytest_sessionstart(session: pytest.Session) -> None:
    """The demo is filled while the workers collect."""
    if getattr(session.config.option, "numprocesses", None):
        threading.Thread(target=filled, daemon=True).start()


def pytest_sessionfinish(session: pytest.Session) -> None:
    if not hasattr(session.config, "workerinput"):
        shutil.rmtree(FILLED, ignore_errors=True)


@contextmanager
def started(home: Path) -> Iterator[str]:
    """The whole platform of `home`, as a person starts it; its address."""
    address = f"127.0.0.1:{_free_port()}"
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("BELVEDERE_", "DJANGO_"))}
    environment |= {"BELVEDERE_HOME": str(home), "BELVEDERE_ADDRESS": address, "PYTHONUNBUFFERED": "1"}
    environment["BELVEDERE_MQTT_ADDRESS"] = f"127.0.0.1:{_free_port()}"  # several start at once
    environment |= {"BELVEDERE_DEMO_DEVICES": "120", "BELVEDERE_DEMO_DAYS": "10"}
    environment["BELVEDERE_WEBHOOKS_PRIVATE"] = "1"  # the receiver of a journey listens on loopback
    process = subprocess.Popen(
        [sys.executable, "-m", "belvedere.project.command", "up", "--demo"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said: list[str] = []
    ready = threading.Event()

    def listen() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            if f"http://{address}/" in line:
                ready.set()
        ready.set()

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    try:
        assert ready.wait(START_S), "".join(said[-40:])
        assert process.poll() is None, "".join(said[-40:])
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait(30)
        listener.join(5)
        assert process.stdout is not None
        process.stdout.close()


def filled() -> Path:
    """A stopped home with the demo in it. Its ports are forgotten: each copy chooses its own."""
    FILLED.mkdir(exist_ok=True)
    home, done = FILLED / "home", FILLED / "done"
    with (FILLED / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            copy_to(home)
            with started(home):
                pass
            shutil.rmtree(home / "ports")
            done.touch()
    return home


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    folder = Path(tempfile.mkdtemp(prefix="belvedere-journey-"))
    home = folder / "home"
    try:
        subprocess.run(["cp", "-a", str(filled()), str(home)], check=True)  # owners of files too
        with started(home) as url:
            with urllib.request.urlopen(f"{url}/readyz", timeout=10) as answer:
                assert answer.status == 200
            yield Platform(url, home, _logins(home / "demo-logins.txt"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _logins(file: Path) -> dict[str, tuple[str, str]]:
    """The file names each person on a line: role, e-mail address, password."""
    found: dict[str, tuple[str, str]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        match = re.search(r"(\S+@\S+)\s+(\S+)\s*$", line)
        if match:
            found[match[1].split("@")[0]] = (match[1], match[2])
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    where = os.environ.get("BELVEDERE_CHROMIUM") or next(
        (path for name in BROWSERS if (path := shutil.which(name))),
        None,
    )
    assert where, "Install Chromium, or name it in BELVEDERE_CHROMIUM."
    # By module: while it runs, its event loop would make Django refuse the database to other tests.
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=where, args=BROWSER_WORDS)
        yield started
        started.close()


def way_of(url: str) -> tuple[dict[str, int], str]:
    """How axe looks at that address: the same in each run, and for all things of a kind."""
    address = urlsplit(url)
    path = IDENTIFIER.sub("0", f"{address.path}?{address.query}")
    return WAYS[zlib.crc32(path.encode()) % len(WAYS)]


class Visit:
    """A person's browser window, with what went wrong in it."""

    def __init__(self, platform: Platform, context: BrowserContext) -> None:
        self.platform = platform
        self.page: Page = context.new_page()
        self.page.set_default_timeout(30_000)
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._heard)

    def _heard(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.errors.append(said.text)

    def sign_in(self, who: str) -> None:
        self.page.goto(f"{self.platform.url}/account/login/")
        self.sign_in_here(who)

    def sign_in_here(self, who: str) -> None:
        """On the page that asks for it."""
        email, password = self.platform.logins[who]
        self.page.locator("input[name=login]").fill(email)
        self.page.locator("input[name=password]").fill(password)
        self.page.locator("input[name=password]").press("Enter")
        self.page.wait_for_url(re.compile(r"/cockpit/"))

    def axe(self) -> list[str]:
        """What axe-core finds against the page, a line each."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: list[dict[str, Any]] = self.page.evaluate(
            "async () => (await axe.run(document, { resultTypes: ['violations'] })).violations"
        )
        return [
            f"{v['id']}: {[node['target'] for node in v['nodes']][:3]} {v['nodes'][0]['failureSummary']}"
            for v in found
        ]

    def faults(self) -> list[str]:
        """What axe finds and what overflows; without a new page.

        Axe takes as much of the processor as all the rest of a journey, so that it looks at an address once:
        at one of them on a desk in light, at the other on a phone in dark (`way_of`). What overflows is
        looked for in both. A theme changes tokens alone, and tests/faces/web/test_shell.py holds the contrast
        of these in both themes: so the page is drawn in another one only for axe.
        """
        found: list[str] = []
        looked = way_of(self.page.url)
        for way in WAYS:
            size, scheme = way
            self.page.set_viewport_size(ViewportSize(width=size["width"], height=size["height"]))
            if way is looked:
                self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
                expect(self.page.locator("html")).to_have_attribute("data-theme", scheme)
                found += [f"{size['width']} {scheme}: {fault}" for fault in self.axe()]
            if (wide := self.overflow()) > 0:
                found.append(f"{size['width']}: {wide} px too wide")
        return found

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - innerWidth"))


@pytest.fixture
def visit(platform: Platform, browser: Browser) -> Iterator[Any]:
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []

    def open_(size: dict[str, int] = DESKTOP, locale: str = "fr-CH", scheme: str = "light") -> Visit:
        context = browser.new_context(
            viewport=ViewportSize(width=size["width"], height=size["height"]),
            locale=locale,
            color_scheme="dark" if scheme == "dark" else "light",
            has_touch=size is PHONE,
        )
        context.add_init_script(COARSE_MAPS)
        contexts.append(context)
        visits.append(Visit(platform, context))
        return visits[-1]

    yield open_
    errors = [error for one in visits for error in one.errors]
    for context in contexts:
        context.close()
    assert errors == []


expect.set_options(timeout=30_000)
