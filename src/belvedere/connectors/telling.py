"""Commands go down to devices behind network servers; for those devices this answers on the bus.

A command comes again until it is answered: one that the server was given is not given again but answered
with what is known of it, so that a device does each once.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol
from uuid import UUID

import msgspec
from django.db import DatabaseError, InterfaceError, connection

from belvedere.domains.connections import public as connections
from belvedere.domains.connections.public import Encoded, NotEncoded, System
from belvedere.engines import bus, downlinks
from belvedere.engines.home import Home
from belvedere.kernel.errors import N_, BelvedereError

if TYPE_CHECKING:
    from nats.aio.client import Client

NAME = "telling"
AGAIN_S = 2.0
NO_BROKER = N_("its network server only calls us: connect its broker too, then commands go down by it")
Answering = Literal["accepted", "done", "failed"]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Said:
    """What a network server tells of a command that it was given. `words`: a msgid, or its own."""

    dev_eui: str
    command_id: UUID
    answer: Answering
    words: str


class Voice(Protocol):
    """How a kind of network server is told a command."""

    def __call__(self, base: str, command_id: UUID, made: Encoded) -> tuple[str, bytes]: ...


#: Publishes at the broker of a connection; whether it was taken.
Publish = Callable[[UUID, str, bytes], bool]


class Command(msgspec.Struct):
    """A command as it goes down the bus."""

    id: UUID
    command: str
    value: Any = None
    unit: str = ""


_read = msgspec.json.Decoder(Command).decode


def answer(command_id: UUID, answering: str, words: str = "") -> bytes:
    """As a device writes it."""
    return msgspec.json.encode({"id": str(command_id), "answer": answering, "words": words})


def pass_on(user: str, payload: bytes, voices: dict[System, Voice], publish: Publish) -> bytes | None:
    """Give a command to the network server of the device `user`, once; what is to be answered, if anything.

    None also for what goes to a device that listens itself.
    """
    try:
        told = _read(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    way = connections.way_down(user)
    if way is None or way.system not in voices:
        return None
    before = connections.passed(told.id, user)
    if before is not None and (before.answer or before.is_patient):
        return answer(told.id, before.answer, before.words) if before.answer else None
    if not way.base:
        return answer(told.id, "failed", NO_BROKER)
    made = connections.encode(way.how, {"command": told.command, "value": told.value, "unit": told.unit})
    if isinstance(made, NotEncoded):
        return answer(told.id, "failed", made.why)
    # Noted first: the server may say what became of it before we are back.
    connections.note_passed(told.id, user)
    if not publish(way.connection_id, *voices[way.system](way.base, told.id, made)):
        connections.forget_passed(told.id)  # it comes again, as nobody answers
    return None


class Telling:
    """The thread that hears commands, and answers for devices behind network servers."""

    def __init__(self, home: Home, voices: dict[System, Voice], publish: Publish) -> None:
        self._home, self._voices, self._publish = home, voices, publish
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=NAME, daemon=True)
        self._database = ThreadPoolExecutor(1, thread_name_prefix=NAME)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client: Client | None = None

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(10)

    @property
    def is_hearing(self) -> bool:
        return self._client is not None

    def said(self, territory: str, said: Said) -> None:
        """A network server told of a command; from the thread that listens to it."""
        user = f"{territory}.{said.dev_eui}"
        if not connections.note_answer(said.command_id, user, said.answer, said.words):
            return
        if self._loop is not None and self._client is not None:
            payload = answer(said.command_id, said.answer, said.words)
            asyncio.run_coroutine_threadsafe(downlinks.answer(self._client, user, payload), self._loop)

    def _run(self) -> None:
        try:
            asyncio.run(self._work())
        finally:
            self._database.submit(connection.close)
            self._database.shutdown()

    async def _work(self) -> None:
        self._loop = asyncio.get_running_loop()
        while not self._stopping.is_set() and self._client is None:
            try:
                client = await bus.connect(self._home, name=NAME, forever=True)
                await downlinks.overhear(client, self._heard)
                self._client = client
            except BelvedereError as error:
                log.warning("commands for devices behind network servers wait: %s", error)
                await asyncio.sleep(AGAIN_S)
        while not self._stopping.is_set():
            await asyncio.sleep(0.5)
        if self._client is not None:
            await self._client.close()

    async def _heard(self, user: str, payload: bytes) -> None:
        def passed() -> bytes | None:
            try:
                return pass_on(user, payload, self._voices, self._publish)
            except (DatabaseError, InterfaceError) as error:
                connection.close()
                log.warning("a command for %s waits: %s", user, error)
            except Exception:
                log.exception("a command for %s could not be passed on", user)
            return None

        said = await asyncio.get_running_loop().run_in_executor(self._database, passed)
        if said is not None and self._client is not None:
            await downlinks.answer(self._client, user, said)
