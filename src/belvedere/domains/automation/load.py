"""How alarms load those who look after them: how many, floods, what chatters or stays, who is behind it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet

from belvedere.domains.access.public import Actor
from belvedere.domains.automation.alarm_queries import RAISING, views_of
from belvedere.domains.automation.models import Alarm, AlarmStep, RuleVersion
from belvedere.domains.automation.policies import visible
from belvedere.domains.automation.states import ACTIVE, Act
from belvedere.domains.automation.targets import WHOLE, Key
from belvedere.domains.automation.views import AlarmView
from belvedere.domains.territory.public import TerritoryView
from belvedere.kernel.errors import N_, InvalidInput
from belvedere.kernel.severity import Severity
from belvedere.science.alarms.flooding import STALE_S, Flood, Lasted, chattering, floods, lasted

MOST_DAYS = 92
MOST_STEPS = 300_000
MOST_OPERATORS = 50
TOP = 10
_ANSWERS = (Act.ACKNOWLEDGE.value, Act.TAKE_UP.value)


@dataclass(frozen=True, slots=True)
class Bad:
    """A rule, a thing, or a rule at a thing, behind many alarms: how many (`most`: in an hour)."""

    rule_id: int | None
    entity_id: int | None
    rule_name: str
    names: Mapping[str, str]
    kind: str
    alarms: int
    most: int = 0


@dataclass(frozen=True, slots=True)
class Load:
    """Alarms raised from `start` to `end`, raised again counted too; without those grouped beneath another.

    `by_day`, `by_hour` (0 to 23): by the local clock. `to_acknowledge`, `to_clear`: from raised on.
    `unanswered`: raised and over without anybody having acknowledged. `stale`: what goes on for more than a
    day now, the oldest first (`stale_count` in all). `is_cut`: there was too much; the newest is told.
    """

    start: datetime
    end: datetime
    operators: int
    alarms: int
    by_day: Mapping[date, int]
    by_hour: Mapping[int, int]
    by_severity: Mapping[Severity, int]
    floods: tuple[Flood, ...]
    chattering: tuple[Bad, ...]
    rules: tuple[Bad, ...]
    things: tuple[Bad, ...]
    to_acknowledge: Lasted
    to_clear: Lasted
    unanswered: int
    stale: tuple[AlarmView, ...]
    stale_count: int
    is_cut: bool

    @property
    def a_day(self) -> float:
        """Alarms a day and operator."""
        days = (self.end - self.start).total_seconds() / 86_400
        return self.alarms / days / self.operators

    @property
    def flooded_share(self) -> float:
        """Share of the time that was a flood."""
        whole = (self.end - self.start).total_seconds()
        return sum(one.end - one.start for one in self.floods) / whole


@dataclass(slots=True)
class _Read:
    """What the steps said."""

    raised: list[float] = field(default_factory=list)
    by_key: dict[Key, list[float]] = field(default_factory=lambda: defaultdict(list))
    by_severity: Counter[int] = field(default_factory=Counter)
    answers_s: list[float] = field(default_factory=list)
    clears_s: list[float] = field(default_factory=list)
    unanswered: int = 0
    waiting: dict[int, tuple[float, bool]] = field(default_factory=dict)  # since when; whether answered

    def take(self, alarm_id: int, act: str, at: float, key: Key, severity: int) -> None:
        if act in RAISING:
            self.raised.append(at)
            self.by_key[key].append(at)
            self.by_severity[severity] += 1
            self.waiting[alarm_id] = (at, False)
            return
        since, answered = self.waiting.get(alarm_id, (None, False))
        if since is None:
            return
        if act in _ANSWERS:
            if not answered:
                self.answers_s.append(max(0.0, at - since))
                self.waiting[alarm_id] = (since, True)
            return
        self.clears_s.append(max(0.0, at - since))
        self.unanswered += not answered
        del self.waiting[alarm_id]


def load(
    actor: Actor, territory: TerritoryView, *, start: datetime, end: datetime, operators: int = 1
) -> Load:
    """How the alarms that the actor may see loaded those who look at them.

    Raises:
        InvalidInput: no span of 1 hour to 92 days, or no number of operators from 1 to 50.
    """
    if not timedelta(hours=1) <= end - start <= timedelta(days=MOST_DAYS):
        raise InvalidInput(N_("Alarms are counted over 1 to {most} days."), field="days", most=MOST_DAYS)
    if not 1 <= operators <= MOST_OPERATORS:
        raise InvalidInput(
            N_("Say among how many people alarms are shared: 1 to {most}."),
            field="operators",
            most=MOST_OPERATORS,
        )
    seen = Alarm.objects.filter(visible(actor, territory.id), parent__isnull=True)
    told, is_cut = _steps(seen, start, end)
    zone = ZoneInfo(territory.zone)
    local = [datetime.fromtimestamp(at, zone) for at in told.raised]
    stale = seen.filter(state__in=list(ACTIVE), raised_at__lt=end - timedelta(seconds=STALE_S))
    return Load(
        start=start,
        end=end,
        operators=operators,
        alarms=len(told.raised),
        by_day=Counter(one.date() for one in local),
        by_hour=Counter(one.hour for one in local),
        by_severity={Severity(key): n for key, n in told.by_severity.items()},
        floods=tuple(floods(told.raised, operators)),
        **_bad(seen, told.by_key),
        to_acknowledge=lasted(told.answers_s),
        to_clear=lasted(told.clears_s),
        unanswered=told.unanswered,
        stale=tuple(views_of(stale.select_related("version").order_by("raised_at", "id")[:TOP])),
        stale_count=stale.count(),
        is_cut=is_cut,
    )


def _steps(seen: QuerySet[Alarm], start: datetime, end: datetime) -> tuple[_Read, bool]:
    acts = (*RAISING, *_ANSWERS, Act.CLEAR.value)
    rows = AlarmStep.objects.filter(alarm__in=seen, act__in=acts, at__gte=start, at__lt=end)
    columns = ("alarm_id", "act", "at", "alarm__rule_id", "alarm__entity_id", "alarm__severity")
    found = list(rows.order_by("-id").values_list(*columns)[: MOST_STEPS + 1])
    told = _Read()
    for alarm_id, act, at, rule_id, entity_id, severity in reversed(found[:MOST_STEPS]):
        told.take(alarm_id, act, at.timestamp(), (rule_id, entity_id), severity)
    return told, len(found) > MOST_STEPS


def _bad(seen: QuerySet[Alarm], by_key: Mapping[Key, Sequence[float]]) -> dict[str, tuple[Bad, ...]]:
    by_rule: Counter[int] = Counter()
    by_thing: Counter[int] = Counter()
    for (rule_id, entity_id), instants in by_key.items():
        by_rule[rule_id] += len(instants)
        if entity_id != WHOLE:
            by_thing[entity_id] += len(instants)
    often = chattering(by_key)
    loud = sorted(often, key=lambda key: (-often[key], key))[:TOP]
    rules = [key for key, _n in by_rule.most_common(TOP)]
    things = [key for key, _n in by_thing.most_common(TOP)]
    named = _things({*things, *(key[1] for key in loud)}, seen)
    called = _rules({*rules, *(key[0] for key in loud)})
    nobody: tuple[Mapping[str, str], str] = ({}, "")
    return {
        "chattering": tuple(
            Bad(
                key[0],
                key[1],
                called.get(key[0], ""),
                *named.get(key[1], nobody),
                len(by_key[key]),
                often[key],
            )
            for key in loud
        ),
        "rules": tuple(Bad(key, None, called.get(key, ""), {}, "", by_rule[key]) for key in rules),
        "things": tuple(Bad(None, key, "", *named.get(key, nobody), by_thing[key]) for key in things),
    }


def _things(wanted: set[int], seen: QuerySet[Alarm]) -> dict[int, tuple[Mapping[str, str], str]]:
    rows = seen.filter(entity_id__in=wanted).order_by("entity_id", "-id")
    found = rows.distinct("entity_id").values_list("entity_id", "names", "kind")
    return {entity_id: (names, kind) for entity_id, names, kind in found}


def _rules(wanted: set[int]) -> dict[int, str]:
    rows = RuleVersion.objects.filter(rule_id__in=wanted, number=F("rule__version"))
    return dict(rows.values_list("rule_id", "name"))
