"""A fleet of devices against a running platform: registered by its verbs, sending over real MQTT.

`python -m tests.operations.fleet register 50 60000` registers fifty devices that may send 60,000 sets a
minute each, in the home of the environment, and says their names and passwords.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from belvedere.engines.mqtt import Sender
from belvedere.kernel.errors import Unavailable

if TYPE_CHECKING:
    from belvedere.domains.twin.public import DeviceDraft

SLUG, BEYOND = "drill", "beyond"
FLOOD_PER_MINUTE = 200
CALM = 10
#: The first set of every device; each next one is a millisecond later. Recent, so that history is hot.
START = (datetime.now(UTC) - timedelta(days=2)).replace(microsecond=0)
MILLISECOND = timedelta(milliseconds=1)


def register_others(environment: dict[str, str]) -> dict[str, str]:
    """Passwords by user name of more devices: `drill.flood`, which may say little, `drill.calm0` and so on,
    `drill.odd` and `drill.noise`, whose fields have names of their own, and `beyond.d0`, of a territory of
    its own."""
    told: dict[str, str] = json.loads(act(environment, "register_others"))
    return told


def register(environment: dict[str, str], many: int, per_minute: int) -> list[tuple[str, str]]:
    """User names and passwords of new devices of a territory of their own."""
    told = json.loads(act(environment, "register", str(many), str(per_minute)))
    return [(user, password) for user, password in told]


@dataclass
class Fleet:
    """Devices that send numbered messages, again until acknowledged, through any outage."""

    credentials: Sequence[tuple[str, str]]
    address: Callable[[], tuple[str, int]]
    window: int = 20
    per_message: int = 1  # sets; more than one makes batches
    first: int = 0  # numbers up to it are those of an earlier run
    acknowledged: set[tuple[int, int]] = field(default_factory=set)
    sent: int = 0
    _enough: bool = False

    def finish(self) -> None:
        """Send nothing new; what was sent is sent again until it is acknowledged."""
        self._enough = True

    async def run(self, seconds: float, rate: float) -> float:
        """Send `rate` messages a second in all (0: as fast as it goes); the seconds it took."""
        began = time.monotonic()
        share = rate / len(self.credentials)
        await asyncio.gather(*(self._device(n, began, seconds, share) for n in range(len(self.credentials))))
        return time.monotonic() - began

    async def _device(self, index: int, began: float, seconds: float, rate: float) -> None:
        user, password = self.credentials[index]
        topic = f"devices/{user.replace('.', '/')}" + ("/batch" if self.per_message > 1 else "")
        sender = Sender(user, password, lambda number: self.acknowledged.add((index, number)))
        again: list[int] = []
        number = self.first
        while True:
            due = not self._enough and time.monotonic() - began < seconds
            if not due and not again and await sender.settle(5):
                break
            if not sender.is_connected:
                again = sorted({*again, *sender.pending})
                if not await self._back(sender):
                    continue
            if again:
                chosen = again.pop(0)
            elif due:
                number += 1
                chosen = number
                if rate and (early := (number - self.first) / rate - (time.monotonic() - began)) > 0:
                    await asyncio.sleep(early)
            else:
                continue
            self.sent += 1
            if not await sender.publish(topic, self.payload(chosen), chosen, window=self.window):
                again.append(chosen)
        await sender.close()

    async def _back(self, sender: Sender) -> bool:
        try:
            await sender.connect(*self.address())
        except Unavailable:
            await asyncio.sleep(0.2)
            return False
        return True

    def payload(self, number: int) -> bytes:
        first = (number - 1) * self.per_message
        sets = [
            {"t": (START + MILLISECOND * (first + n)).isoformat(), "LAeq": 40 + (first + n) % 50}
            for n in range(self.per_message)
        ]
        return json.dumps(sets if self.per_message > 1 else sets[0]).encode()


def act(environment: dict[str, str], verb: str, *words: str) -> str:
    """Have a verb done in the home of a running platform; what it says."""
    told = _Doer.of(environment).do(verb, words)
    assert "failed" not in told, told["failed"]
    return told["said"]


def act_alone(environment: dict[str, str], verb: str, *words: str) -> str:
    """The same in a process of its own, for one that leaves its process changed."""
    command = [sys.executable, "-m", "tests.operations.fleet", verb, *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


class _Doer:
    """A process that does verbs in a home, one after another: most take less time than loading Django."""

    _known: ClassVar[dict[str, _Doer]] = {}

    @classmethod
    def of(cls, environment: dict[str, str]) -> _Doer:
        """That of the home, started when it is first asked for; it ends with the tests."""
        home = environment["BELVEDERE_HOME"]
        if home not in cls._known:
            cls._known[home] = cls(environment)
        return cls._known[home]

    def __init__(self, environment: dict[str, str]) -> None:
        words = [sys.executable, "-m", "tests.operations.fleet", "serve"]
        self._process = subprocess.Popen(
            words, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        atexit.register(self._end)

    def do(self, verb: str, words: Sequence[str]) -> dict[str, str]:
        """What the verb said, as `said`, or as `failed` how it failed."""
        asked, answers = self._process.stdin, self._process.stdout
        assert asked is not None and answers is not None
        asked.write(json.dumps([verb, *words]) + "\n")
        asked.flush()
        line = answers.readline()
        assert line, f"it ended with {self._process.wait()} at {verb}"
        told: dict[str, str] = json.loads(line)
        return told

    def _end(self) -> None:
        self._process.communicate()


def serve() -> None:
    """Do the verbs of stdin, a line of JSON each, and say what they say. No connection outlives one: whatever
    is killed between two of them is not missed."""
    from django.db import connections

    for line in sys.stdin:
        verb, *words = json.loads(line)
        try:
            told = {"said": VERBS[verb](*words)}
        except Exception:
            told = {"failed": traceback.format_exc()}
        finally:
            connections.close_all()
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "belvedere.project.settings")
    import django

    django.setup()
    verb, *words = sys.argv[1:]
    if verb == "serve":
        serve()
    else:
        sys.stdout.write(VERBS[verb](*words))


def _register(many: str, per_minute: str) -> str:
    from belvedere.domains.twin.public import DeviceDraft

    keys = [f"d{n}" for n in range(int(many))]
    drafts = {key: DeviceDraft(key, 0, per_minute=int(per_minute)) for key in keys}
    return json.dumps(list(made(SLUG, "noise-level", drafts).items()))


def _register_others() -> str:
    """Those of other tests than the fleet's: see `register_others`."""
    from belvedere.domains.twin.public import DeviceDraft, FieldDraft

    fields = {
        "fill": FieldDraft("fillingLevel", "P1"),
        "temperature": FieldDraft("temperature"),
        "status": FieldDraft("status"),
        "extra": FieldDraft("category"),
    }
    noises = {f"calm{n}": DeviceDraft(f"calm{n}", 0, per_minute=60_000) for n in range(CALM)}
    noises["flood"] = DeviceDraft("flood", 0, per_minute=FLOOD_PER_MINUTE)
    bins = {key: DeviceDraft(key, 0, fields, per_minute=60_000) for key in ("odd", "noise")}
    known = made(SLUG, "noise-level", noises) | made(SLUG, "waste-container", bins)
    return json.dumps(known | made(BEYOND, "noise-level", {"d0": DeviceDraft("d0", 0)}))


def made(
    slug: str, kind: str, drafts: Mapping[str, DeviceDraft], owner_id: UUID | None = None
) -> dict[str, str]:
    """Passwords by user name of new devices, each of a thing of its own."""
    from belvedere.domains.access.public import Actor
    from belvedere.domains.territory.public import territory_by_slug
    from belvedere.domains.twin.public import EntityDraft, create_entities, register_devices

    actor = Actor.system()
    open_territory(slug)
    territory = territory_by_slug(slug)
    entities = [EntityDraft(kind=kind, owner_id=owner_id) for _ in drafts]
    things = create_entities(actor=actor, territory=territory, drafts=entities)
    devices = [replace(one, entity_id=thing) for one, thing in zip(drafts.values(), things, strict=True)]
    made = register_devices(actor=actor, territory=territory, drafts=devices)
    return {one.user: one.password for one in made}


def open_territory(slug: str) -> None:
    """A territory with nothing in it, where there is none of that name yet."""
    from belvedere.domains.access.public import Actor
    from belvedere.domains.territory import public as territory

    if any(one.slug == slug for one in territory.territories()):
        return
    territory.open_territory(
        actor=Actor.system(),
        slug=slug,
        names={"fr": "Exercice"},
        country="CH",
        currency="CHF",
        languages=["fr"],
        zone="Europe/Zurich",
        level=territory.Level("agglomeration"),
        codes={},
        parent_id=None,
        attribution="",
    )


def _device_id(key: str) -> UUID:
    from belvedere.domains.access.public import Actor
    from belvedere.domains.territory.public import territory_by_slug
    from belvedere.domains.twin.public import devices

    found = devices(Actor.system(), territory_by_slug(SLUG).id).rows
    return next(one.id for one in found if one.key == key)


def _revoke(key: str) -> str:
    from belvedere.domains.access.public import Actor
    from belvedere.domains.twin.public import revoke_device

    revoke_device(actor=Actor.system(), device_id=_device_id(key))
    return ""


def _rotate(key: str) -> str:
    from belvedere.domains.access.public import Actor
    from belvedere.domains.twin.public import rotate_secret

    return rotate_secret(actor=Actor.system(), device_id=_device_id(key)).password


def _publish(key: str) -> str:
    from belvedere.domains.access.public import Actor
    from belvedere.domains.territory.public import territory_by_slug
    from belvedere.domains.twin.public import EntityChange, Visibility, devices, edit_entity

    actor = Actor.system()
    found = devices(actor, territory_by_slug(SLUG).id).rows
    thing = next(one.entity_id for one in found if one.key == key)
    edit_entity(actor=actor, entity_id=thing, change=EntityChange(visibility=Visibility.PUBLIC))
    return str(thing)


def _sensors() -> str:
    from tests.operations.sensors import compare

    compare()
    return ""


VERBS: dict[str, Callable[..., str]] = {
    "register": _register,
    "register_others": _register_others,
    "sensors": _sensors,
    "revoke": _revoke,
    "rotate": _rotate,
    "publish": _publish,
}

if __name__ == "__main__":
    main()
