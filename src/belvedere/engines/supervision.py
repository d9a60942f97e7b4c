"""Keep a set of processes running in the foreground: start in order, watch, restart, stop in reverse.

It knows nothing of the platform: what to run is given as values (`Spec`). Not a daemon: systemd, a
container or a terminal is its parent.
"""

from __future__ import annotations

import os
import selectors
import signal
import socket
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from types import FrameType

from belvedere.engines import identity
from belvedere.engines.child import Child, Spec, State
from belvedere.engines.console import Console
from belvedere.engines.runfolder import RunFolder
from belvedere.kernel.errors import BelvedereError

ALIVE = (State.STARTING, State.READY, State.UNWELL, State.STOPPING)
STOP_WITHIN_S = 9.0
PROBE_STARTING_S = 0.05
PROBE_READY_S = 3.0
LEFT_BEHIND = ((int(signal.SIGTERM), 3.0), (int(signal.SIGINT), 5.0), (int(signal.SIGKILL), 5.0))


class Supervisor:
    """Runs specs until it is told to stop or a step fails.

    Args:
        on_ready: called once, when everything is ready for the first time.
    """

    def __init__(
        self,
        specs: Sequence[Spec],
        folder: RunFolder,
        console: Console,
        on_ready: Callable[[], None] | None = None,
    ) -> None:
        self._folder = folder
        self._console = console
        self._on_ready = on_ready
        self._mark = f"{folder.home.root}"
        self._children = {spec.name: Child(spec, self._mark) for spec in specs}
        self._selector = selectors.DefaultSelector()
        self._probes: dict[str, tuple[float, Future[bool] | None]] = {}
        self._stopping_since: float | None = None
        self._stop_requests = 0
        self._heard_requests = 0  # those before the stop began; one more means "at once"
        self._failed = False
        self._changed = True
        self._told_ready = False
        console.know(list(self._children))

    def run(self) -> int:
        """Run until stopped; 0 after a wanted stop, 1 when a step failed.

        Raises:
            Conflict: when another supervisor holds the home.
            BelvedereError: what the check of a spec raised, before anything was started.
        """
        self._folder.take()
        awake, alarm = socket.socketpair()
        alarm.setblocking(False)
        awake.setblocking(False)
        before = {
            number: signal.signal(number, self._asked_to_stop)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        }
        old_fd = signal.set_wakeup_fd(alarm.fileno())
        self._selector.register(awake, selectors.EVENT_READ)
        try:
            self._clear_left_behind()
            for child in self._children.values():
                if child.spec.check is not None:
                    child.spec.check()
            with ThreadPoolExecutor(4, thread_name_prefix="probe") as pool:
                while self._step(pool):
                    self._listen(awake)
        finally:
            self._kill_all()
            signal.set_wakeup_fd(old_fd)
            for number, handler in before.items():
                signal.signal(number, handler)
            self._selector.close()
            awake.close()
            alarm.close()
            self._write_state()
            self._folder.release()
        return 1 if self._failed else 0

    # -- one turn ---------------------------------------------------------------------------------

    def _step(self, pool: ThreadPoolExecutor) -> bool:
        """Look at everything once; False when there is nothing left to do."""
        for child in self._children.values():
            if child.state in ALIVE and child.has_ended():
                self._bury(child)
        if self._stopping_since is None and self._stop_requests:
            self._begin_to_stop()
        if self._stopping_since is not None:
            self._go_on_stopping()
        else:
            for child in self._children.values():
                self._start_if_due(child)
            self._probe(pool)
            self._tell_ready()
        if self._changed:
            self._write_state()
        return self._stopping_since is None or any(c.state in ALIVE for c in self._children.values())

    def _listen(self, awake: socket.socket) -> None:
        """Pass on what the processes say, until something may have changed."""
        for key, _ in self._selector.select(self._pause()):
            if key.fileobj is awake:
                with suppress(BlockingIOError):
                    awake.recv(4096)
                continue
            self._pass_on(key.data)

    def _pause(self) -> float:
        states = {child.state for child in self._children.values()}
        busy = states & {State.STARTING, State.STOPPING, State.RESTARTING, State.WAITING}
        # A death is noticed at once without a poll: its output closes.
        return 0.02 if busy else 0.5

    def _pass_on(self, child: Child) -> None:
        lines, more = child.read()
        for line in lines:
            if not child.spec.mute(line):
                self._console.line(child.spec.name, line)
        if not more:
            with suppress(KeyError, ValueError):
                self._selector.unregister(child)

    # -- starting ---------------------------------------------------------------------------------

    def _start_if_due(self, child: Child) -> None:
        if child.state not in (State.WAITING, State.RESTARTING) or time.monotonic() < child.next_start:
            return
        if any(self._children[n].state not in (State.READY, State.DONE) for n in child.spec.needs):
            return
        try:
            child.start()
        except (BelvedereError, OSError) as error:
            self._console.say(f"{child.spec.name} could not start: {error}")
            if child.spec.step or not child.was_ready:
                # A first start that cannot be: a person is there to read why.
                self._fail()
            child.plan_restart()
            return
        self._selector.register(child, selectors.EVENT_READ, child)
        self._probes[child.spec.name] = (0.0, None)
        self._changed = True

    def _probe(self, pool: ThreadPoolExecutor) -> None:
        now = time.monotonic()
        for name, child in self._children.items():
            if child.spec.step or child.state not in (State.STARTING, State.READY, State.UNWELL):
                continue
            due, asked = self._probes[name]
            if asked is None and now >= due:
                self._probes[name] = (due, pool.submit(child.spec.ready))
            elif asked is not None and asked.done():
                well = asked.exception() is None and asked.result()
                self._judge(child, well)
                pause = PROBE_READY_S if child.state is State.READY else PROBE_STARTING_S
                pause = 0.5 if child.state is State.UNWELL else pause
                self._probes[name] = (now + pause, None)

    def _judge(self, child: Child, well: bool) -> None:
        if well and child.state is not State.READY:
            seconds = time.monotonic() - child.started_at
            again = "answers again" if child.state is State.UNWELL else f"ready after {seconds:.1f} s"
            self._console.say(f"{child.spec.name} {again}")
            child.state, child.was_ready = State.READY, True
            self._changed = True
        elif not well and child.state is State.READY:
            self._console.say(f"{child.spec.name} runs but does not answer")
            child.state = State.UNWELL
            self._changed = True

    def _tell_ready(self) -> None:
        if not self._told_ready and all(
            child.state in (State.READY, State.DONE) for child in self._children.values()
        ):
            self._told_ready = True
            self._write_state()
            if self._on_ready is not None:
                self._on_ready()

    # -- ending -----------------------------------------------------------------------------------

    def _bury(self, child: Child) -> None:
        """A process ended: pass its last words on, then decide."""
        self._pass_on(child)
        with suppress(KeyError, ValueError):
            self._selector.unregister(child)
        child.close()
        self._changed = True
        if self._stopping_since is not None:
            child.state = State.STOPPED
        elif child.spec.step and child.last_end == "exit code 0":
            child.state = State.DONE
            self._console.say(f"{child.spec.name} done in {time.monotonic() - child.started_at:.1f} s")
        elif child.spec.step:
            self._console.say(f"{child.spec.name} failed ({child.last_end}): everything stops")
            child.state = State.STOPPED
            self._fail()
        else:
            delay = child.plan_restart()
            self._console.say(f"{child.spec.name} died ({child.last_end}), starts again in {delay:.1f} s")

    def _fail(self) -> None:
        self._failed = True
        self._stop_requests += 1

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stop_requests += 1

    def _begin_to_stop(self) -> None:
        self._stopping_since, self._heard_requests = time.monotonic(), self._stop_requests
        self._console.say("stopping")
        for child in self._children.values():
            if child.state not in ALIVE:
                child.state = State.STOPPED
        self._changed = True

    def _go_on_stopping(self) -> None:
        """Stop those whom nobody alive needs; kill when patience is over or when asked twice."""
        assert self._stopping_since is not None
        now = time.monotonic()
        living = [child for child in self._children.values() if child.state in ALIVE]
        needed = {name for child in living for name in child.spec.needs}
        too_late = now - self._stopping_since > STOP_WITHIN_S or self._stop_requests > self._heard_requests
        for child in living:
            if too_late:
                child.signal(signal.SIGKILL)
            elif child.spec.name not in needed and child.state is not State.STOPPING:
                child.state = State.STOPPING
                child.started_at, child.stop_stage = now, 0
                child.signal(child.spec.stop[0][0])
                self._changed = True
            elif child.state is State.STOPPING:
                self._insist(child, now - child.started_at)

    def _insist(self, child: Child, waited_s: float) -> None:
        """Go on to the next signal when the time of the present one is over."""
        signals = [number for number, _ in child.spec.stop[1:]] + [int(signal.SIGKILL)]
        allowed, stage = 0.0, 0
        for _, patience_s in child.spec.stop:
            allowed += patience_s
            stage += waited_s >= allowed
        while child.stop_stage < stage:
            child.signal(signals[child.stop_stage])
            child.stop_stage += 1

    def _kill_all(self) -> None:
        """Last resort, for an error of ours: leave nothing behind."""
        for child in self._children.values():
            if child.process is not None and child.process.returncode is None:
                child.signal(signal.SIGKILL)
                child.process.wait()
                child.close()

    def _clear_left_behind(self) -> None:
        """Stop what a killed supervisor left on this home, before starting anew."""
        left = set(self._folder.left_behind()) | set(identity.marked(f"{self._mark}:"))
        if left:
            self._console.say(f"stopping {len(left)} process(es) left by a run that was killed")
            identity.stop(left, LEFT_BEHIND)

    def _write_state(self) -> None:
        self._changed = False
        me = identity.Identity.of(os.getpid())
        self._folder.write_state(
            {
                "supervisor": {"pid": os.getpid(), "started": me.started if me else None},
                "stopped": self._stopping_since is not None
                and not any(child.state in ALIVE for child in self._children.values()),
                "processes": [child.told() for child in self._children.values()],
            }
        )
