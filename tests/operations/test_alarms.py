"""From a value to the message through a running platform, its processes killed again and again."""

from __future__ import annotations

import os
import random
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any

import pytest

from belvedere.engines import postgres, pulse
from tests.domains.reach.listening import listening
from tests.engines.waiting import until
from tests.operations.alarming import DESK, GONE, PATIENCE_S, SMS, THINGS, Gateways, Made, become_loud, mails
from tests.operations.running import Platform

pytestmark = pytest.mark.engines
#: Who is killed, and with which message in hand; "": right after the values were acknowledged.
KILLS = [
    ("connections", SMS),
    ("postgres", DESK),
    ("connections", GONE),
    ("connections", ""),
    ("ingest", ""),
    ("postgres", ""),
]
CALLS = """
SELECT a.id, c.level, c.channel, g.name, c.state, c.round, c.letter
FROM automation_alarm a JOIN duty_climb k ON k.alarm_id = a.id JOIN duty_call c ON c.climb_id = k.id
LEFT JOIN reach_gateway g ON g.id = c.gateway_id
"""


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    platform = Platform(tmp_path_factory.mktemp("alarms") / "home", migrated=True)
    platform.up()
    yield platform
    platform.down()


def rows(platform: Platform, question: str) -> list[Any]:
    with postgres.connect(postgres.embedded_url(platform.home)) as connection:
        return connection.execute(question).fetchall()


def is_watched(platform: Platform) -> bool:
    told = pulse.said(platform.home, "supervision") or {}
    return bool(told.get("things") == THINGS)


def is_quiet(platform: Platform) -> bool:
    """Whether each thing has its alarm, and nobody waits to be told."""
    done = "SELECT count(DISTINCT k.alarm_id) FROM duty_climb k WHERE k.level = 1 AND k.round = 1"
    waiting = "SELECT count(*) FROM duty_call WHERE state = 'waiting'"
    return rows(platform, done) == [(THINGS,)] and rows(platform, waiting) == [(0,)]


def kill(platform: Platform, name: str) -> None:
    """kill -9; one that is just being started again, since another one died, is waited for."""

    def killed() -> bool:
        pid = platform.state(name)["pid"]
        with suppress(ProcessLookupError):
            if pid is not None:
                os.kill(pid, signal.SIGKILL)
                return True
        return False

    until(killed, f"{name} can be killed", PATIENCE_S)


def test_nobody_is_forgotten_and_what_comes_twice_is_known(platform: Platform) -> None:
    with listening(Gateways()) as gateways:
        assert isinstance(gateways, Gateways)
        made = Made.on(platform, gateways)
        gateways.told[SMS].clear()  # the code that proved the number
        until(lambda: is_watched(platform), "the rule watches everything", PATIENCE_S)
        waves = [made.devices[number :: len(KILLS)] for number in range(len(KILLS))]
        for (name, path), devices in zip(random.sample(KILLS, len(KILLS)), waves, strict=True):
            if path:
                gateways.arm(path, partial(kill, platform, name))
            become_loud(platform, devices)
            if not path:
                kill(platform, name)
            until(lambda: not gateways.is_armed, f"{name} is killed", PATIENCE_S)
        until(platform.is_well, "the platform is ready again", PATIENCE_S)
        until(lambda: is_quiet(platform), "nobody waits any more", PATIENCE_S)
        assert_all_told(platform, gateways)


def assert_all_told(platform: Platform, gateways: Gateways) -> None:
    assert rows(platform, "SELECT count(*), count(DISTINCT entity_id) FROM automation_alarm") == [
        (THINGS,) * 2
    ]
    assert rows(platform, "SELECT count(*) FROM automation_alarmstep") == [(THINGS,)], "each raised once"
    calls = rows(platform, CALLS)
    told = Counter(
        (alarm, level, channel, name, state) for alarm, level, channel, name, state, *_rest in calls
    )
    alarms = {alarm for alarm, *_rest in calls}
    each = [
        (0, "room", GONE, "failed"),
        (1, "room", DESK, "sent"),
        (1, "sms", None, "sent"),
        (1, "mail", None, "sent"),
    ]
    assert told == Counter((alarm, *one) for alarm in alarms for one in each), "each step, each reader, once"

    again = 0
    for path, channel, name in ((SMS, "sms", None), (DESK, "room", DESK), (GONE, "room", GONE)):
        letters = {one[6] for one in calls if one[2] == channel and one[3] == name}
        came = Counter(key for key, _text in gateways.told[path])
        assert set(came) == letters, "every letter came, and none that is not known"
        assert len({text for _key, text in gateways.told[path]}) <= len(letters), "it says the same again"
        again += came.total() - len(letters)
    by_mail = mails(platform)
    assert len(by_mail) == len({one[6] for one in calls if one[2] == "mail"})
    again += by_mail.total() - len(by_mail)
    # Who dies with a message in hand sends it again; PostgreSQL may have noted it before it is gone.
    surely = [one for one in KILLS if one[0] == "connections" and one[1]]
    perhaps = [one for one in KILLS if one[0] in ("connections", "postgres")]
    assert len(surely) <= again <= len(perhaps), again
