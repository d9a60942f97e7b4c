"""Commands on their way down to devices, and the answers that come back: `commands.…` and `answers.…`.

Each device hears its own subject and answers on its own (`commands/<territory>/<device>` in MQTT). The bus
keeps neither: who sends a command sends it again, under the same id, until it is answered.
Not for deciding what is sent: see the domain of commands.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.aio.msg import Msg

COMMANDS, ANSWERS = "commands", "answers"
MOST_BYTES = 4096
Hear = Callable[[str, bytes], Awaitable[None]]
log = logging.getLogger(__name__)


async def send(client: Client, user: str, payload: bytes) -> None:
    """Hand it to the device `user` (`territory.device`), if it is listening now."""
    await client.publish(f"{COMMANDS}.{user}", payload)


async def answer(client: Client, user: str, payload: bytes) -> None:
    """Answer in the name of the device `user`, by who speaks for it."""
    await client.publish(f"{ANSWERS}.{user}", payload)


async def overhear(client: Client, hear: Hear) -> None:
    """Have `hear` told of every command from now on: for whom (`territory.device`), and the bytes."""

    async def heard(message: Msg) -> None:
        await hear(message.subject.partition(".")[2], message.data)

    await client.subscribe(f"{COMMANDS}.*.*", cb=heard)
    await client.flush()


async def listen(client: Client, hear: Hear) -> None:
    """Have `hear` told of every answer from now on: who answers (`territory.device`), and the bytes."""

    async def heard(message: Msg) -> None:
        user = message.subject.partition(".")[2]
        if len(message.data) > MOST_BYTES:
            log.warning("an answer of %s is too long and was dropped", user)
            return
        await hear(user, message.data)

    await client.subscribe(f"{ANSWERS}.*.*", cb=heard)
    await client.flush()
