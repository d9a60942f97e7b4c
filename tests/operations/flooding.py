"""One device that sends as fast as it can while others tell in their own pace, over real MQTT."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Mapping

from belvedere.engines.mqtt import Sender
from tests.operations.fleet import CALM, MILLISECOND, START

MOST = 60_000
WINDOW = 1_000  # messages of the one that are under way at once
SHARE = 20


class Flood:
    """Until the one that floods is cut off, and each of the others has told its share.

    `told`: messages of each of the others that were acknowledged, `during`: those of them amid the flood;
    `behind`: how many of the flood were acknowledged while one of the others waited, of each message.
    """

    def __init__(self, passwords: Mapping[str, str], address: tuple[str, int]) -> None:
        self._passwords, self._address = passwords, address
        self.sent = self.acknowledged = 0
        self.told: Counter[str] = Counter()
        self.during: Counter[str] = Counter()
        self.behind: list[int] = []
        self.is_cut = False
        self._is_over = False

    async def run(self) -> None:
        """Everyone at once."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._flood())
            for number in range(CALM):
                group.create_task(self._tell(f"calm{number}"))

    async def _flood(self) -> None:
        def heard(_number: int) -> None:
            self.acknowledged += 1

        sender = Sender("drill.flood", self._passwords["drill.flood"], heard)
        try:
            await sender.connect(*self._address)
            while len(self.told) < CALM:  # everyone is at it
                await asyncio.sleep(0.01)
            while self.sent < MOST:
                if not await sender.publish("devices/drill/flood", _payload(self.sent), 0, window=WINDOW):
                    break
                self.sent += 1
                await asyncio.sleep(0)  # the others are in this loop too
            await sender.settle(30)
            self.is_cut = not sender.is_connected
        finally:
            self._is_over = True
            await sender.close()

    async def _tell(self, key: str) -> None:
        def heard(began: int) -> None:
            self.told[key] += 1
            self.during[key] += self.acknowledged > 0 and not self._is_over
            self.behind.append(self.acknowledged - began)

        sender = Sender(f"drill.{key}", self._passwords[f"drill.{key}"], heard)
        await sender.connect(*self._address)
        number = 0
        while number < SHARE or not self._is_over:
            payload = _payload(number)
            assert await sender.publish(f"devices/drill/{key}", payload, self.acknowledged, window=1)
            assert await sender.settle(30)
            number += 1
            await asyncio.sleep(0.01)
        assert sender.is_connected
        await sender.close()


def _payload(number: int) -> bytes:
    return json.dumps({"t": (START + MILLISECOND * number).isoformat(), "LAeq": 50}).encode()
