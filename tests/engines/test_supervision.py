"""The supervisor, on small processes that know nothing of the platform."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from belvedere.engines.home import Home
from belvedere.engines.identity import Identity, stop
from belvedere.engines.runfolder import RunFolder
from belvedere.kernel.errors import Conflict
from tests.engines.waiting import until

pytestmark = pytest.mark.engines

PROGRAM = """
import os, signal, sys, time
from pathlib import Path
from belvedere.engines.child import Spec
from belvedere.engines.console import Console
from belvedere.engines.home import Home
from belvedere.engines.runfolder import RunFolder
from belvedere.engines.supervision import Supervisor

folder = Path(sys.argv[1])
server = '''
import pathlib, signal, sys, time
mine = pathlib.Path(sys.argv[1])
def leave(*_):
    with (mine.parent / "order").open("a") as order: order.write(mine.name + " ")
    sys.exit(0)
signal.signal(signal.SIGTERM, signal.SIG_IGN if "stubborn" in mine.name else leave)
mine.touch()
print("hello from", mine.name, flush=True)
while True: time.sleep(0.05)
'''
def spec(name, **more):
    file = folder / name
    return Spec(name=name, command=(sys.executable, "-c", server, str(file)), ready=file.exists,
                before=lambda: file.unlink(missing_ok=True), **more)
{specs}
ready = lambda: print("ALL READY", flush=True)
sys.exit(Supervisor(specs, RunFolder(Home(folder / "home")), Console(), ready).run())
"""
TWO = 'specs = [spec("upper", needs=("lower",)), spec("lower")]'


class Supervised:
    """A supervisor in a process of its own, with its lines in a file."""

    def __init__(self, folder: Path, specs: str) -> None:
        self.folder = folder
        self.output = folder / "output"
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM.replace("{specs}", textwrap.dedent(specs)), str(folder)],
                stdout=output,
                stderr=output,
            )

    @property
    def text(self) -> str:
        return self.output.read_text()

    def says(self, words: str, times: int = 1) -> None:
        until(lambda: self.text.count(words) >= times, f"{words!r} in:\n{self.text}")

    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = json.loads((self.folder / "home" / "run" / "state.json").read_text())
        return {process["name"]: process for process in state["processes"]}

    def pid(self, name: str) -> int:
        return int(self.state()[name]["pid"])

    def terminate(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(12)


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Callable[..., Supervised]]:
    made: list[Supervised] = []

    def make(specs: str = TWO) -> Supervised:
        made.append(Supervised(tmp_path, specs))
        return made[-1]

    yield make
    for supervised in made:
        if supervised.process.poll() is None:
            supervised.terminate()


def alive(pid: int) -> bool:
    return Identity.of(pid) is not None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_starts_in_order_and_stops_in_reverse(
    supervise: Callable[..., Supervised], tmp_path: Path, number: int
) -> None:
    run = supervise()
    run.says("ALL READY")
    assert run.text.index("hello from lower") < run.text.index("hello from upper")
    assert "lower     | hello from lower" in run.text  # plain, prefixed: it is not a terminal
    assert run.terminate(number) == 0
    assert (tmp_path / "order").read_text().split() == ["upper", "lower"]


def test_one_that_dies_comes_back_alone(supervise: Callable[..., Supervised]) -> None:
    run = supervise()
    run.says("ALL READY")
    before = {name: run.pid(name) for name in ("upper", "lower")}
    os.kill(before["lower"], signal.SIGKILL)
    run.says("lower died (signal 9), starts again in 0.2 s")
    run.says("lower ready", times=2)
    until(lambda: run.state()["lower"]["state"] == "ready", "the state says so")
    assert run.pid("upper") == before["upper"]
    assert run.pid("lower") != before["lower"]
    assert run.state()["lower"]["restarts"] == 1


def test_one_that_goes_on_dying_waits_longer_each_time(supervise: Callable[..., Supervised]) -> None:
    run = supervise('specs = [Spec(name="sad", command=(sys.executable, "-c", "raise SystemExit(3)"))]')
    for delay in ("0.2", "0.4", "0.8"):
        run.says(f"sad died (exit code 3), starts again in {delay} s")
    assert run.terminate() == 0


def test_a_step_that_fails_stops_everything(supervise: Callable[..., Supervised]) -> None:
    run = supervise(
        """
        step = Spec(name="step", command=(sys.executable, "-c", "raise SystemExit('no table')"),
                    needs=("lower",), step=True)
        specs = [spec("lower"), step, spec("upper", needs=("step",))]
        """
    )
    assert run.process.wait(12) == 1
    assert "no table" in run.text and "step failed (exit code 1)" in run.text
    assert "hello from upper" not in run.text


def test_one_that_cannot_start_at_first_stops_everything_with_its_reason(
    supervise: Callable[..., Supervised],
) -> None:
    run = supervise(
        """
        from belvedere.kernel.errors import Unavailable
        def no(): raise Unavailable("Port 80 is taken.")
        specs = [spec("lower"), Spec(name="web", command=("true",), before=no)]
        """
    )
    assert run.process.wait(12) == 1
    assert "web could not start: Port 80 is taken." in run.text


def test_a_check_that_fails_starts_nothing_at_all(supervise: Callable[..., Supervised]) -> None:
    run = supervise(
        """
        from belvedere.kernel.errors import Unavailable
        def no(): raise Unavailable("Port 80 is taken.")
        specs = [spec("lower"), spec("web", needs=("lower",), check=no)]
        """
    )
    assert run.process.wait(12) == 1
    assert "Port 80 is taken." in run.text
    assert "hello" not in run.text


def test_a_stubborn_one_is_killed_in_time(supervise: Callable[..., Supervised]) -> None:
    run = supervise('specs = [spec("stubborn", stop=((signal.SIGTERM, 0.3),)), spec("lower")]')
    run.says("ALL READY")
    pid = run.pid("stubborn")
    assert run.terminate() == 0
    assert not alive(pid)


def test_asked_twice_it_does_not_wait(supervise: Callable[..., Supervised]) -> None:
    run = supervise('specs = [spec("stubborn", stop=((signal.SIGTERM, 600),))]')
    run.says("ALL READY")
    run.process.send_signal(signal.SIGINT)
    run.says("stopping")
    run.process.send_signal(signal.SIGINT)
    # Patience alone would take 9 s; the state tells that it ended by a kill.
    assert run.process.wait(5) == 0
    assert run.state()["stubborn"]["last_end"] == "signal 9"


def test_a_second_one_is_refused_and_names_the_first(supervise: Callable[..., Supervised]) -> None:
    run = supervise()
    run.says("ALL READY")
    second = supervise()
    assert second.process.wait(12) == 1
    assert f"(process {run.process.pid})" in run.text
    assert alive(run.pid("lower"))


def test_a_killed_supervisor_leaves_nothing_and_the_next_one_starts(
    supervise: Callable[..., Supervised],
) -> None:
    run = supervise()
    run.says("ALL READY")
    pids = [run.pid("upper"), run.pid("lower")]
    run.process.kill()
    run.process.wait()
    assert RunFolder(Home(run.folder / "home")).holder() is None
    until(lambda: not any(map(alive, pids)), "the kernel tells the children that their parent died")
    again = supervise()
    again.says("ALL READY", times=2)


def test_one_left_behind_is_stopped_and_a_stranger_with_its_number_is_not(
    supervise: Callable[..., Supervised], tmp_path: Path
) -> None:
    sleeper = [sys.executable, "-c", "print(flush=True); import time; time.sleep(600)"]
    left, stranger, marked = (
        subprocess.Popen(sleeper, env={**os.environ, **more}, stdout=subprocess.PIPE)
        for more in ({}, {}, {"BELVEDERE_SUPERVISED": f"{tmp_path / 'home'}:web"})
    )
    try:
        for process in (left, stranger, marked):
            assert process.stdout is not None
            process.stdout.readline()
        found = Identity.of(left.pid)
        assert found is not None
        folder = RunFolder(Home(tmp_path / "home"))
        folder.home.folder("run")
        folder.write_state(
            {
                "processes": [
                    {"name": "lower", "pid": left.pid, "started": found.started},
                    {"name": "upper", "pid": stranger.pid, "started": "another boot:1"},
                    {"name": "never", "pid": None, "started": None},
                ]
            }
        )
        run = supervise()
        run.says("ALL READY")
        assert left.wait(10) == -signal.SIGTERM
        assert marked.wait(10) == -signal.SIGTERM
        assert stranger.poll() is None
    finally:
        for process in (left, stranger, marked):
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()


def test_a_broken_state_file_is_no_obstacle(supervise: Callable[..., Supervised], tmp_path: Path) -> None:
    folder = RunFolder(Home(tmp_path / "home"))
    folder.home.folder("run")
    folder.state_file.write_text('{"processes": [{"na')
    folder.lock_file.write_text("999999\n")  # a lock file from before a crash
    supervise().says("ALL READY")


def test_only_the_process_meant_is_stopped() -> None:
    with subprocess.Popen(["sleep", "600"]) as stranger:
        assert stop([Identity(stranger.pid, "someone else")], [(signal.SIGKILL, 1)]) == []
        assert stranger.poll() is None
        stranger.kill()


def test_a_home_is_taken_once(tmp_path: Path) -> None:
    first, second = RunFolder(Home(tmp_path)), RunFolder(Home(tmp_path))
    first.take()
    with pytest.raises(Conflict, match="set BELVEDERE_HOME"):
        second.take()
    assert second.holder() == os.getpid()
    first.release()
    assert second.holder() is None
    second.take()
    second.release()
