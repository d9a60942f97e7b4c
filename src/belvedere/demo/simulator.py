"""`belvedere demo-devices`: the devices of the demo, each signing in to the bus by its own name and sending.

They go on where the filled past ends, by the same functions. Most sleep: they connect, hand over what they
measured and leave; those that tell often stay connected, and lamps, which hear commands and answer them. What
the bus does not take they keep and send later.
Nothing of the platform is loaded but the way of MQTT: it is a small process beside it.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import json
import signal
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

import msgspec
import numpy as np

from belvedere.demo import live_fleet, live_lamps
from belvedere.demo.live_faults import LATE_HOURS, Fate, delay_s, fates, is_silent, payloads, sent, written
from belvedere.demo.live_fleet import Credential, Group, Kept
from belvedere.demo.live_kinds import full_w
from belvedere.demo.live_world import HOUR_US, SECOND_US
from belvedere.engines import bus, pulse
from belvedere.engines.home import Home
from belvedere.engines.mqtt import Sender
from belvedere.kernel.errors import N_, Unavailable

NAME = "demo-devices"
#: Who tells at least so often stays connected: waking up would cost more than staying awake.
STAYS_S = 300
LINES = 8  # connections being made at once
KEPT = 100  # messages that a device keeps while nobody takes them
MISSED_HOURS = 6  # what devices measured meanwhile is sent after a stop; what is older is lost
SPREAD_US = 10_000  # between two devices that send what was missed
FIRST_RETRY_S, LAST_RETRY_S = 2.0, 60.0
BEAT_S = 3.0
ACKNOWLEDGED_S = 20.0
LEAVING_S = 2.0
Message: TypeAlias = tuple[int, str, bytes]  # instant measured, topic, bytes
AGAIN: Message = (0, "", b"")


@dataclass(slots=True)
class Device:
    """A device: what it waits to hand over (instant, topic, bytes), and its line."""

    credential: Credential
    group: Group
    row: int
    waiting: deque[Message] = field(default_factory=lambda: deque(maxlen=KEPT))
    sender: Sender | None = None
    sending: asyncio.Task[None] | None = None
    failures: int = 0

    @property
    def stays(self) -> bool:
        return self.obeys or self.group.interval_us <= STAYS_S * SECOND_US

    @property
    def obeys(self) -> bool:
        """Whether it hears commands."""
        return self.credential.kind == live_lamps.KIND

    @property
    def keep_alive_s(self) -> int:
        return 2 * max(STAYS_S, self.group.interval_us // SECOND_US)

    def next_us(self, after_us: int) -> int:
        """The first instant after this one at which it tells."""
        phase = int(self.group.phases_us[self.row, 0])
        return ((after_us - phase) // self.group.interval_us + 1) * self.group.interval_us + phase


class Simulator:
    """All of them in one process. `clock`: microseconds since 1970."""

    def __init__(self, home: Home, kept: Kept, clock: Callable[[], int] | None = None) -> None:
        self._home = home
        self._world = kept.world
        self._clock = clock or (lambda: time.time_ns() // 1000)
        self.devices = _devices(kept)
        self.lamps = live_lamps.Lamps.read(home)
        self.totals: Counter[str] = Counter()
        self._agenda: list[tuple[int, int, Device, Message | None]] = []
        self._order = itertools.count()
        self._lines = asyncio.Semaphore(LINES)
        self._stopping = asyncio.Event()
        self._numbers = itertools.count(1)

    def stop(self) -> None:
        """End soon."""
        self._stopping.set()

    async def run(self) -> None:
        """Send until stopped."""
        self.begin(self._clock(), told_until(self._home) or self._world.birth_us)
        beating = asyncio.create_task(self._beat())
        try:
            while not self._stopping.is_set():
                self.turn(self._clock())
                soonest = self._agenda[0][0] if self._agenda else self._clock() + HOUR_US
                await self._pause(max(0.0, (soonest - self._clock()) / SECOND_US))
        finally:
            beating.cancel()
            await self._leave()
            self._tell("stopped")

    # ------------------------------------------------------------------ what is due
    def begin(self, now_us: int, until_us: int) -> None:
        """Plan what was missed since `until_us`, device after device, and the next instant of each."""
        for device in self.devices:
            self._plan(device.next_us(now_us), device)
            if device.obeys:
                self._plan(now_us, device, AGAIN)  # to hear commands from now on
        for place, (device, message) in enumerate(self._missed(until_us, now_us)):
            self._plan(now_us + place * SPREAD_US, device, message)

    def turn(self, now_us: int) -> None:
        """Measure and send what is due."""
        while self._agenda and self._agenda[0][0] <= now_us:
            at_us, _order, device, message = heapq.heappop(self._agenda)
            if message is None:
                self._measure(device, at_us)
                self._plan(device.next_us(at_us), device)
            else:
                if message is not AGAIN:
                    device.waiting.append(message)
                self._hand_over(device)

    def _plan(self, at_us: int, device: Device, message: Message | None = None) -> None:
        heapq.heappush(self._agenda, (at_us, next(self._order), device, message))

    def _measure(self, device: Device, us: int) -> None:
        one, at = device.group.devices.one(device.row), np.array([[us]])
        if is_silent(self._world, one, at).item():
            self.totals["silent"] += 1
            return
        ((_row, _step, said),) = payloads(self._world, one, at)
        fate = Fate(fates(one, at).item())
        self.totals[fate.name.lower()] += 1
        if device.obeys:
            said = self._as_set(device, said)
        for at_us, payload in sent(one, us, said, fate, delay_s(one, at).item()):
            self._plan(at_us, device, (us, device.credential.topic, payload))

    def _missed(self, until_us: int, now_us: int) -> Iterator[tuple[Device, Message]]:
        """What devices measured since then and kept, one batch each; with what was on its way late."""
        first_us = max(until_us - LATE_HOURS * HOUR_US, now_us - MISSED_HOURS * HOUR_US)
        for _kind, members in itertools.groupby(self.devices, key=lambda device: device.credential.kind):
            found = list(members)
            group = found[0].group
            devices = group.devices
            us = group.steps(first_us, now_us)
            fate = fates(devices, us)
            on_its_way = (fate == Fate.LATE) & (us + delay_s(devices, us) * SECOND_US > until_us)
            on_its_way &= (us > self._world.birth_us) | group.by_message(self._world, us)
            wanted = ((us > until_us) | on_its_way) & (us >= first_us) & (us <= now_us)
            wanted &= (fate != Fate.GARBAGE) & ~is_silent(self._world, devices, us)
            told = payloads(self._world, devices, us, wanted)
            for row, steps in itertools.groupby(told, key=lambda one: one[0]):
                said = list(steps)
                self.totals["missed"] += len(said)
                batch = json.dumps([one for _row, _step, one in said], separators=(",", ":")).encode()
                topic = found[row].credential.topic + "/batch"
                yield found[row], (int(us[row, said[0][1]]), topic, batch)

    # ------------------------------------------------------------------ on the line
    def _hand_over(self, device: Device) -> None:
        to_do = device.waiting or (device.obeys and not _is_on(device))
        if to_do and (device.sending is None or device.sending.done()):
            device.sending = asyncio.create_task(self._send(device))

    async def _send(self, device: Device) -> None:
        try:
            async with self._lines:
                await self._send_all(device)
        except Unavailable:  # not let in, too: nobody may be keeping the door just now
            self.totals["failed"] += 1
            device.failures += 1
            delay_s = min(FIRST_RETRY_S * 2.0 ** min(device.failures - 1, 10), LAST_RETRY_S)
            self._plan(self._clock() + int(delay_s * SECOND_US), device, AGAIN)
            return
        device.failures = 0

    async def _send_all(self, device: Device) -> None:
        credential = device.credential
        sender = device.sender
        try:
            while device.waiting or (device.obeys and not _is_on(device)):
                if sender is None or not sender.is_connected:
                    sender = device.sender = self._line(device)
                    await sender.connect(*bus.mqtt_address(self._home))
                    if device.obeys:
                        await sender.subscribe("commands/" + credential.user.replace(".", "/", 1))
                if not device.waiting:
                    break
                _us, topic, payload = device.waiting[0]
                taken = await sender.publish(topic, payload, next(self._numbers))
                if not taken or not await sender.settle(ACKNOWLEDGED_S):
                    raise Unavailable(N_("The bus does not answer: {reason}."), reason="cut")
                device.waiting.popleft()
                self.totals["sent"] += 1
        except Unavailable:
            device.sender = None
            if sender is not None:
                await sender.close()
            raise
        if not device.stays and sender is not None:
            device.sender = None
            await sender.close()

    def _line(self, device: Device) -> Sender:
        one = device.credential
        heard = partial(self._heard, device) if device.obeys else None
        return Sender(one.user, one.password, _ignore, keep_alive_s=device.keep_alive_s, on_heard=heard)

    def _heard(self, device: Device, _topic: str, payload: bytes) -> None:
        """A command: it is done once, answered each time, and the lamp tells how it burns now."""
        now_us = self._clock()
        number, topic = device.credential.number, device.credential.topic
        instant = live_lamps.instant(now_us)
        before = len(device.waiting)
        for answer in self.lamps.hear(device.credential.key, number, payload, instant):
            device.waiting.append((now_us, topic.replace("devices/", "answers/", 1), answer))
        if len(device.waiting) > before + 1:  # not only repeated
            one, at = device.group.devices.one(device.row), np.array([[now_us]])
            ((_row, _step, said),) = payloads(self._world, one, at)
            told = written(self._as_set(device, said))
            device.waiting.append((now_us, topic, told))
        self.totals["commands"] += 1
        self._plan(now_us, device, AGAIN)

    def _as_set(self, device: Device, said: dict[str, Any]) -> dict[str, Any]:
        watts = float(full_w(device.group.devices.one(device.row)).item())
        return self.lamps.told(device.credential.key, watts, said)

    # ------------------------------------------------------------------ how it goes
    def until_us(self) -> int:
        """Everything measured up to then is on the bus."""
        waiting = [device.waiting[0][0] - 1 for device in self.devices if device.waiting]
        planned = [
            message[0] - 1
            for _at, _order, _device, message in self._agenda
            if message and message is not AGAIN
        ]
        return min([self._clock(), *waiting, *planned])

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), min(seconds, 1.0))
        except TimeoutError:
            return

    async def _beat(self) -> None:
        while True:
            self._tell("ready")
            for device in self.devices:  # a lamp whose line was cut hears nothing until it is back
                if device.obeys and not _is_on(device) and not device.failures:
                    self._plan(self._clock(), device, AGAIN)
            await asyncio.sleep(BEAT_S)

    def _tell(self, state: str) -> None:
        connected = sum(one.sender is not None and one.sender.is_connected for one in self.devices)
        told = {
            "state": state,
            "until_us": self.until_us(),
            "devices": len(self.devices),
            "connected": connected,
            "waiting": sum(len(one.waiting) for one in self.devices),
            "totals": dict(self.totals),
        }
        pulse.beat(self._home, NAME, told)

    async def _leave(self) -> None:
        sending = [one.sending for one in self.devices if one.sending is not None and not one.sending.done()]
        if sending:
            _done, late = await asyncio.wait(sending, timeout=LEAVING_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await asyncio.gather(*(one.sender.close() for one in self.devices if one.sender is not None))


def _devices(kept: Kept) -> list[Device]:
    found = []
    for kind, members in itertools.groupby(kept.devices, key=lambda one: one.kind):
        credentials = list(members)
        group = live_fleet.group(kind, [(one.number, one.key) for one in credentials])
        found += [Device(one, group, row) for row, one in enumerate(credentials)]
    return found


def _is_on(device: Device) -> bool:
    return device.sender is not None and device.sender.is_connected


def _ignore(_number: int) -> None:
    """`settle` says it."""


def told_until(home: Home) -> int | None:
    """Up to when a former process had sent everything; None where there was none."""
    try:
        told = msgspec.json.decode(pulse.file_of(home, NAME).read_bytes())
        return int(told["until_us"])
    except (OSError, ValueError, KeyError, TypeError, msgspec.DecodeError):
        return None


async def _run(home: Home) -> None:
    kept = live_fleet.read(home)
    loop = asyncio.get_running_loop()
    if kept is None:
        # Filled before there were devices, or restored without them: nothing to do, and no fault.
        idle = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, idle.set)
        sys.stdout.write("no demo devices in this home\n")
        sys.stdout.flush()
        while not idle.is_set():
            pulse.beat(home, NAME, {"state": "idle"})
            try:
                await asyncio.wait_for(idle.wait(), BEAT_S)
            except TimeoutError:
                continue
        return
    simulator = Simulator(home, kept)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, simulator.stop)
    await simulator.run()


def main() -> None:
    """Run until told to stop."""
    asyncio.run(_run(Home.from_environment()))


if __name__ == "__main__":
    main()
