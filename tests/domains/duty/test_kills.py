"""From a value to the message, killed at every place: nobody forgotten, what comes twice is the same message.

Two containers are full, and a third one as soon as something died: so what waits is never alone when it is
tried again. A is acknowledged after ten minutes; B and C climb to their second level after twenty.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Min
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from belvedere.domains.automation import public as automation
from belvedere.domains.automation import watching
from belvedere.domains.automation.models import Alarm, AlarmStep
from belvedere.domains.automation.public import Judge
from belvedere.domains.duty import public as duty
from belvedere.domains.duty.models import Call, Climb
from belvedere.domains.duty.public import CallState, Channel, Ended, Letter, LevelBody, Said, Target, Whom
from belvedere.domains.reach import sending
from belvedere.domains.reach.transport import Outcome, Outgoing
from belvedere.duties.notifications.models import Notice
from belvedere.kernel.clock import standing_at
from tests.domains.automation.conftest import _asked_anew
from tests.domains.automation.examples import AT, container, rule
from tests.domains.automation.judged import judge, say, series
from tests.domains.duty.dying import Fate, Killed, undone
from tests.domains.duty.test_climbing import MINUTE, plan
from tests.domains.duty.test_ringing import room
from tests.domains.reach.listening import Listener, box
from tests.domains.reach.test_gateways import http, written
from tests.domains.reach.test_wishes import proved
from tests.people import People, Valbelle

__all__ = ["_asked_anew", "box"]
pytestmark = pytest.mark.django_db
RESTART = timedelta(seconds=7)
END = AT + 70 * MINUTE


class World:
    """The platform with its past; `runs` are undone, one after the other."""

    def __init__(self, valbelle: Valbelle, people: People, box: Listener) -> None:
        owner = valbelle.montaigu.pk
        self.people = people
        written(people, http(f"{box.url}/sms"))
        proved(people, box)
        first = (people.lead, people.contributor)
        whom = (*(Whom(Target.PERSON, one.pk) for one in first), Whom(Target.ROOM, room(people, box)))
        then = (Whom(Target.PERSON, people.reader.pk),)
        plan(
            owner,
            LevelBody(0, whom, (Channel.SMS,)),
            LevelBody(20, then, (Channel.MAIL, Channel.INBOX)),
            repeat_min=7 * 24 * 60,
        )
        rule(owner)
        self.things = {name: container(owner, name) for name in "ABC"}
        judge(Judge(), -1)
        say((series(one), 0, 0.95) for name, one in self.things.items() if name != "C")


class Chain:
    """One run: the process that judges, climbs and sends, as often as it is started; what its readers got."""

    def __init__(self, world: World, fate: Fate) -> None:
        self.world, self.fate = world, fate
        self.at, self.judge = AT, Judge()
        self.got: list[tuple[str, str, str]] = []  # (reader, key, numbers of alarms)
        self.unmarked: Counter[str] = Counter()  # deaths with a message in hand, by reader
        self.is_c_full = False
        watching.forget()

    def run(self) -> None:
        self._survive(self._tick)
        self._until(AT + 10 * MINUTE)
        self._fill_c()
        self._survive(self._acknowledge)
        self._until(END)

    def number(self, name: str) -> int:
        return int(Alarm.objects.get(entity_id=self.world.things[name]).pk)

    def _survive(self, work: Callable[[], None]) -> None:
        while True:
            try:
                with self.fate.alive(), standing_at(self.at):
                    work()
                return
            except Killed:
                self.unmarked[self.fate.in_hand] += 1
                self.fate.in_hand = ""
                self.judge = Judge()
                self.at += RESTART
                self._fill_c()

    def _until(self, end: datetime) -> None:
        """Go on, from one thing that is due to the next one."""
        while (due := self._next_due()) is not None and due < end:
            self.at = max(self.at, due)
            self._survive(self._tick)
        self.at = max(self.at, end)

    def _next_due(self) -> datetime | None:
        calls = Call.objects.filter(state=CallState.WAITING).aggregate(at=Min("next_at"))["at"]
        climbs = Climb.objects.filter(ended_at=None).aggregate(at=Min("due_at"))["at"]
        return min((one for one in (calls, climbs) if one is not None), default=None)

    def _tick(self) -> None:
        """Each thread of the process does a round."""
        self.judge.round()
        duty.climb_due(self.at)
        duty.send_due(self.at, self._mail, self._say)

    def _acknowledge(self) -> None:
        """A person does; they do it again when they are not answered."""
        alarm_id, lead = self.number("A"), self.world.people.actor("lead")
        if automation.alarm(lead, alarm_id).alarm.state == automation.AlarmState.RAISED:
            automation.acknowledge(actor=lead, alarm_id=alarm_id)

    def _fill_c(self) -> None:
        if not self.is_c_full:
            self.is_c_full = True
            say([(series(self.world.things["C"]), (self.at - AT) / MINUTE, 0.95)])

    def _say(self, letter: Letter, channel: Channel) -> Said:
        return Said(self._words(letter))

    def _words(self, letter: Letter) -> str:
        return ",".join(str(one.alarm.id) for one in letter.alarms)

    def _mail(self, letter: Letter) -> bool:
        self._hand_over(letter.person.name, letter.key, self._words(letter))
        return True

    def to_gateway(self, kind: Any, settings: Any, secret: str, told: Outgoing, at: datetime) -> Outcome:
        """In the place of `transport.send`."""
        self._hand_over("Lead" if told.to else "room", told.key, told.text)
        return Outcome(number="1")

    def _hand_over(self, reader: str, key: str, alarms: str) -> None:
        self.fate.place()
        self.got.append((reader, key, alarms))
        self.fate.in_hand = reader


@pytest.fixture
def world(valbelle: Valbelle, people: People, box: Listener) -> World:
    return World(valbelle, people, box)


def run(world: World, monkeypatch: pytest.MonkeyPatch, *gaps: int) -> Fate:
    """A run that dies there, and all that must be true after it."""
    fate = Fate(gaps)
    with undone(), monkeypatch.context() as patched:
        chain = Chain(world, fate)
        patched.setattr(sending, "send", chain.to_gateway)
        chain.run()
        assert_nobody_is_forgotten(chain)
    return fate


def assert_nobody_is_forgotten(chain: Chain) -> None:
    number = {chain.number(name): name for name in "ABC"}
    came: dict[tuple[str, str], list[str]] = defaultdict(list)
    for reader, key, alarms in chain.got:
        for one in alarms.split(","):
            came[reader, number[int(one)]].append(key)
    first = {(reader, name) for reader in ("Lead", "Contributor", "room") for name in "ABC"}
    assert set(came) == first | {("Reader", "B"), ("Reader", "C")}, "A was acknowledged before it climbed"
    for (reader, _name), keys in came.items():
        assert len(set(keys)) == 1, f"{reader} cannot know that it is the same: {keys}"
        assert len(keys) <= 1 + chain.unmarked[reader], (reader, keys)
    assert_what_is_written(chain, number)


def assert_what_is_written(chain: Chain, number: dict[int, str]) -> None:
    assert AlarmStep.objects.filter(act="raise").count() == len(number) == 3, "each raised once"
    steps = {(climb.alarm_id, one.level) for climb in Climb.objects.all() for one in climb.calls.all()}
    assert {(number[alarm_id], level) for alarm_id, level in steps} == {
        ("A", 0), ("B", 0), ("C", 0), ("B", 1), ("C", 1)
    }  # fmt: skip
    assert set(Call.objects.values_list("state", flat=True)) == {CallState.SENT}
    assert Climb.objects.get(alarm_id=chain.number("A")).ended == Ended.ACKNOWLEDGED
    told = Counter(Notice.objects.values_list("recipient_id", "kind"))
    people = chain.world.people
    wanted: dict[tuple[UUID, str], int] = {(people.reader.pk, "duty"): 2}
    wanted |= {(one.pk, "alarm"): 3 for one in (people.lead, people.contributor, people.administrator)}
    assert told == wanted, "one notice for each alarm, one for each step that is told in the platform"


def test_killed_once_at_every_place(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run(world, monkeypatch)
    assert whole.deaths == 0 and whole.passed > 40
    place = 0
    while run(world, monkeypatch, place := place + 1).deaths:
        pass
    assert place > whole.passed


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])  # runs are undone
@given(gaps=st.lists(st.integers(1, 12), min_size=2, max_size=6))
def test_killed_again_and_again(world: World, gaps: list[int]) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        run(world, monkeypatch, *gaps)
