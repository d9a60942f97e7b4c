"""Things that become too loud on a running platform, who is told of it, and the gateways that tell them.

`python -m tests.operations.alarming URL` makes, in the home of the environment, noise meters, the rule that
watches them, and whom it tells by gateways at that address; it says what the drill needs to know of them.

Every alarm climbs two levels at once, since the room of the first one refuses: then the desk is told in its
room, Anna by SMS and Beat by mail.
"""

from __future__ import annotations

import asyncio
import email
import json
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from belvedere.engines import bus
from belvedere.engines.mqtt import Sender
from belvedere.kernel.errors import Unavailable
from tests.domains.reach.listening import Asked, Listener
from tests.engines.waiting import until
from tests.operations.fleet import SLUG
from tests.operations.running import Platform

THINGS = 40
PATIENCE_S = 60.0
PHONE = "+41791234567"
BEAT = "beat@example.org"
SMS, DESK, GONE = "/sms", "/desk", "/gone"
#: A room that is not there any more refuses for good.
_REFUSED = 410


@dataclass
class Gateways(Listener):
    """Both rooms and the SMS of the territory. Armed, they kill a process while they have a message in hand,
    before they answer; the sender cannot know whether it was taken."""

    told: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: {SMS: [], DESK: [], GONE: []})
    _armed: tuple[str, Callable[[], None]] | None = None
    _one: threading.Lock = field(default_factory=threading.Lock)

    def arm(self, path: str, kill: Callable[[], None]) -> None:
        """Kill at the next message of this path."""
        with self._one:
            self._armed = path, kill

    @property
    def is_armed(self) -> bool:
        return self._armed is not None

    def take(self, asked: Asked) -> int:
        """Keep (key, text)."""
        told = json.loads(asked.body)
        is_sms = asked.path == SMS
        key = told["key"] if is_sms else asked.headers["webhook-id"].removeprefix("msg_")
        with self._one:
            self.told[asked.path].append((key, told["text"] if is_sms else told["data"]["text"]))
            if self._armed is not None and self._armed[0] == asked.path:
                self._armed[1]()
                self._armed = None
        return _REFUSED if asked.path == GONE else 200


@dataclass(frozen=True)
class Made:
    """`devices`: (user, password) of each thing."""

    devices: list[tuple[str, str]]

    @classmethod
    def on(cls, platform: Platform, gateways: Gateways) -> Made:
        words = [sys.executable, "-m", "tests.operations.alarming", gateways.url]
        done = subprocess.run(words, env=platform.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return cls([(user, password) for user, password in json.loads(done.stdout)])


def become_loud(platform: Platform, devices: Sequence[tuple[str, str]]) -> None:
    """Each device says so until the platform has acknowledged it, whatever is dead just now."""

    async def told(user: str, password: str) -> bool:
        acknowledged: list[int] = []
        sender = Sender(user, password, acknowledged.append)
        with suppress(Unavailable):
            await sender.connect(*bus.mqtt_address(platform.home))
            if await sender.publish(f"devices/{user.replace('.', '/')}", b'{"LAeq": 95}', 1, window=1):
                await sender.settle(5)
        await sender.close()
        return bool(acknowledged)

    for user, password in devices:
        until(lambda one=(user, password): asyncio.run(told(*one)), f"{user} is heard", PATIENCE_S)  # type: ignore[misc]


def mails(platform: Platform) -> Counter[str]:
    """How often each letter to Beat lies among the mails that left, by its Message-ID."""
    found: Counter[str] = Counter()
    for file in platform.home.path("mail").glob("*.log"):
        message = email.message_from_bytes(file.read_bytes())
        if message["To"] == BEAT:
            found[str(message["Message-ID"])] += 1
    return found


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "belvedere.project.settings")
    import django

    django.setup()
    from belvedere.domains.territory.models import Organisation
    from belvedere.domains.territory.public import territory_by_slug
    from belvedere.domains.twin.public import DeviceDraft
    from tests.operations.fleet import made, open_territory

    open_territory(SLUG)
    body = Organisation.objects.create(
        territory_id=territory_by_slug(SLUG).id, kind="commune", names={"fr": "Exercice"}, search="exercice"
    )
    drafts = {f"loud{number}": DeviceDraft(f"loud{number}", 0, per_minute=60_000) for number in range(THINGS)}
    devices = list(made(SLUG, "noise-level", drafts, body.pk).items())
    _people_and_rule(body, sys.argv[1])
    sys.stdout.write(json.dumps(devices))


def _people_and_rule(body: Any, url: str) -> None:
    from belvedere.domains.access.models import Membership, Person
    from belvedere.domains.access.public import Actor, Role, actor_of
    from belvedere.domains.automation import public as automation
    from belvedere.domains.reach import public as reach
    from belvedere.domains.reach.public import Given, HttpBody, Kind, RoomBody, Way
    from belvedere.domains.territory.public import territory_by_slug
    from belvedere.kernel.severity import Severity
    from belvedere.science.alarms.conditions import Side

    system, territory = Actor.system(), territory_by_slug(SLUG)

    def person(address: str) -> Any:
        one = Person.objects.create(email=address, display_name=address[:4], language="fr")
        Membership.objects.create(person=one, organisation=body, role=Role.CONTRIBUTOR)
        return one

    def gateway(given: Given) -> Any:
        return reach.create_gateway(actor=system, territory=territory, owner_id=None, given=given).id

    anna, beat = person("anna@example.org"), person(BEAT)
    asked = HttpBody(f"{url}{SMS}", body='{"to": "{to}", "text": "{text}", "key": "{key}"}')
    gateway(Given("SMS", Kind.HTTP, asked, (Way.SMS,)))
    desk, gone = (gateway(Given(path, Kind.WEBHOOK, RoomBody(url + path))) for path in (DESK, GONE))
    _prove_phone(actor_of(anna))
    _climb(system, territory, body.pk, desk, gone, anna.pk, beat.pk)
    clause = automation.Clause("LAeq", automation.Level(Side.ABOVE, 80.0, 70.0))
    rule = automation.Body(watched=automation.Watched(kind="noise-level"), clauses=(clause,))
    draft = automation.RuleDraft(body.pk, "Bruit", Severity.MAJOR, rule)
    made = automation.save_rule(actor=system, territory=territory, draft=draft)
    automation.switch_rule(actor=system, rule_id=made.id, on=True)


def _prove_phone(actor: Any) -> None:
    from belvedere.domains.reach import public as reach

    codes: list[str] = []

    def words(code: str) -> str:
        codes.append(code)
        return "code"

    reach.give_phone(actor=actor, phone=PHONE)
    assert reach.send_code(actor=actor, text=words).taken
    reach.prove_phone(actor=actor, code=codes[0])


def _climb(system: Any, territory: Any, owner: Any, desk: Any, gone: Any, anna: Any, beat: Any) -> None:
    from belvedere.domains.duty import public as duty
    from belvedere.domains.duty.public import Channel, LevelBody, PlanBody, Target, Whom
    from belvedere.kernel.severity import Severity

    first = LevelBody(0, (Whom(Target.ROOM, gone),))
    whom = (Whom(Target.ROOM, desk), Whom(Target.PERSON, anna), Whom(Target.PERSON, beat))
    then = LevelBody(60, whom, (Channel.SMS,))
    duty.save_plan(
        actor=system,
        territory=territory,
        owner_id=owner,
        name="Exercice",
        severities=list(Severity),
        body=PlanBody((first, then), repeat_min=24 * 60),
    )


if __name__ == "__main__":
    main()
