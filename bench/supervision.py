"""Rules that are followed: from storing a value to its alarm, the list of alarms, and how well rules find.

    python -m bench.supervision

5,000 rules over 10,000 things, each thing watched by two of them; 10,000 values a second are stored for ten
seconds by a process of its own, in batches of a tenth of a second, one in a thousand of them too high. The
time of a value is from its storing to the end of the round that judged it, the longest of its round; beside
it the processor's time of the judge, which says more where others work on the machine. Then 10,000 open
alarms, listed, filtered and paged. At the end series with marked anomalies, where their folder is there.
"""

from __future__ import annotations

import csv
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from bench import figures
from bench.pages import database

RULES, THINGS, A_SECOND, SECONDS, PART_S = 5_000, 10_000, 10_000, 10, 0.1
ALARMS, RUNS = 10_000, 15
DATA = Path(os.environ.get("BELVEDERE_REAL_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")


def main() -> None:
    if sys.argv[1:] == ["store"]:
        _store()
        return
    with database():
        series = _fill()
        _follow(series)
        _list()
    _replay()


def _fill() -> list[int]:
    """Things with a filling level each, and rules that watch four of them."""
    from belvedere.domains.automation.models import Rule, RuleVersion, Version
    from belvedere.domains.territory.models import Organisation, Territory
    from belvedere.domains.twin.models import Attribute, Entity
    from belvedere.domains.twin.public import descriptions, expand_term

    at = datetime.now(UTC)
    here = Territory.objects.create(slug="banc", names={"fr": "Banc"}, country="CH", currency="CHF")
    owner = Organisation.objects.create(territory=here, kind="commune", names={"fr": "B"}, search="b")
    kind = descriptions()["waste-container"]
    things = Entity.objects.bulk_create(
        [
            Entity(
                territory=here,
                urn=f"urn:ngsi-ld:WasteContainer:{n}",
                types=[kind.type_iri],
                kind=kind.slug,
                names={"fr": f"Bac {n}"},
                owner=owner,
                created_at=at,
                modified_at=at,
                state_since=at,
            )
            for n in range(THINGS)
        ],
        batch_size=2000,
    )
    name = expand_term(kind.slug, "fillingLevel")
    told = Attribute.objects.bulk_create(
        [
            Attribute(entity=thing, name=name, term="fillingLevel", unit="C62", created_at=at, modified_at=at)
            for thing in things
        ],
        batch_size=2000,
    )
    rules = Rule.objects.bulk_create(
        [Rule(territory=here, owner=owner, is_on=True, created_at=at, changed_at=at) for _ in range(RULES)],
        batch_size=2000,
    )
    RuleVersion.objects.bulk_create(
        [
            RuleVersion(
                rule=rule,
                number=1,
                name=f"Règle {n}",
                severity=1 + n % 4,
                body=_body(n, things),
                created_at=at,
            )
            for n, rule in enumerate(rules)
        ],
        batch_size=2000,
    )
    Version.objects.create(pk=1, rules=1)
    return [one.pk for one in told]


def _body(number: int, things: list[Any]) -> dict[str, Any]:
    watched = [things[(number * 4 + k) % THINGS].pk for k in range(4)]
    level = {"is": "level", "side": "above", "level": 0.9, "clears_at": 0.8}
    return {
        "watched": {"kind": "waste-container", "things": watched},
        "clauses": [{"attribute": "fillingLevel", "condition": level}],
        "for_s": 0.0 if number % 2 else 1.0,
    }


def _store() -> None:
    """The writer: batches as the intake stores them, by the clock."""
    import django
    from django.db import transaction

    django.setup()
    from belvedere.domains.observations.public import Run, store

    series = np.array(json.loads(sys.stdin.readline()), np.int64)
    chance = np.random.default_rng(1)
    many = int(A_SECOND * PART_S)
    began = time.monotonic()
    for part in range(int(SECONDS / PART_S)):
        time.sleep(max(0.0, began + part * PART_S - time.monotonic()))
        at = datetime.now(UTC)
        us = int(at.timestamp() * 1e6)
        some = series[np.arange(part * many, (part + 1) * many) % len(series)]
        numbers = np.where(chance.random(many) < 0.001, 0.95, chance.random(many) * 0.8)
        with transaction.atomic():
            store([Run(some, us + np.arange(many, dtype=np.int64), numbers, us, at)])


def _follow(series: list[int]) -> None:
    from belvedere.domains.automation.models import AlarmStep, Inbox, Version
    from belvedere.domains.automation.public import Judge

    judge = Judge()
    began = _processor_s()
    while judge.things < RULES * 4:
        judge.round()
        time.sleep(0.1)
    print(f"{judge.things:,} signals of {RULES:,} rules, read in {_processor_s() - began:.1f} s of processor")
    assert Version.objects.get().watched
    time.sleep(5.5)  # the second look at things is over
    judge.round()
    words = [sys.executable, "-m", "bench.supervision", "store"]
    writer = subprocess.Popen(words, stdin=subprocess.PIPE, text=True)
    assert writer.stdin is not None
    writer.stdin.write(json.dumps(series) + "\n")
    writer.stdin.close()
    waits: list[tuple[float, int]] = []
    spent = _processor_s()
    while writer.poll() is None or Inbox.objects.exists():
        done = judge.round()
        if done.readings and done.oldest is not None:
            waits.append(((datetime.now(UTC) - done.oldest).total_seconds(), done.readings))
        time.sleep(0.05)
    spent = _processor_s() - spent
    judged = sum(many for _wait, many in waits)
    p50, p99 = _quantile(waits, 0.5), _quantile(waits, 0.99)
    steps = AlarmStep.objects.count()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{judged:,} values judged, {steps:,} steps of alarms; from value to alarm p50 {p50:.2f} s,"
        f" p99 {p99:.2f} s; {spent / judged * 1e6:.0f} µs of processor a value; process {memory:.0f} MB"
    )
    aim = "p99 ≤ 1 s"
    figures.note(f"value to alarm, {RULES:,} rules × {A_SECOND:,}/s", aim, f"p99 {p99:.2f} s")
    figures.note("judging a value, processor", "≤ 50 µs", f"{spent / judged * 1e6:.0f} µs")


def _quantile(waits: list[tuple[float, int]], share: float) -> float:
    """By value: each has the longest time of its round."""
    left = share * sum(many for _wait, many in waits)
    for wait, many in sorted(waits):
        left -= many
        if left <= 0:
            return wait
    return waits[-1][0]


def _list() -> None:
    from django.db import connection

    from belvedere.domains.access.public import Actor
    from belvedere.domains.automation.models import Alarm, RuleVersion
    from belvedere.domains.automation.public import Filters, alarms
    from belvedere.kernel.identifiers import fold
    from belvedere.kernel.severity import Severity

    chance, at = random.Random(1), datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE automation_alarm, automation_alarmstep CASCADE")
    versions = list(RuleVersion.objects.select_related("rule")[:500])
    Alarm.objects.bulk_create(
        [
            Alarm(
                territory_id=version.rule.territory_id,
                rule_id=version.rule_id,
                version=version,
                entity_id=n,
                severity=1 + n % 4,
                state=chance.choice(("raised", "raised", "acknowledged", "in_progress")),
                raised_at=(moment := at - timedelta(seconds=chance.random() * 864_000)),
                first_raised_at=moment,
                known_at=moment,
                owner_id=version.rule.owner_id,
                kind="waste-container",
                names={"fr": f"Bac {n}"},
                search=fold(f"Bac {n} {version.name}"),
                values=[{"attribute": "fillingLevel", "number": 0.95, "series_id": n}],
            )
            for n in range(ALARMS)
            for version in [versions[n % len(versions)]]
        ],
        batch_size=2000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE automation_alarm")
    who, here = Actor.system(), versions[0].rule.territory_id
    after = alarms(who, here).after
    asked: dict[str, Callable[[], Any]] = {
        "first page": lambda: alarms(who, here),
        "next page": lambda: alarms(who, here, after=after),
        "critical": lambda: alarms(who, here, Filters(severities=[Severity.CRITICAL])),
        "by word": lambda: alarms(who, here, Filters(text="bac 99")),
        "newest": lambda: alarms(who, here, Filters(newest=True)),
    }
    for name, ask in asked.items():
        ask()
        walls, cpu = [], _processor_s()
        for _run in range(RUNS):
            start = time.perf_counter()
            ask()
            walls.append(time.perf_counter() - start)
        cpu = (_processor_s() - cpu) / RUNS
        wall = statistics.median(walls)
        print(f"{ALARMS:,} open alarms, {name}: {wall * 1e3:.0f} ms, {cpu * 1e3:.0f} ms of it our processor")
        if name == "first page":
            figures.note(f"list of {ALARMS:,} open alarms", "≤ 200 ms", f"{wall * 1e3:.0f} ms")


def _processor_s() -> float:
    return time.process_time()


# How well rules find what people marked

Line = tuple[float, float]


def _replay() -> None:
    folder = DATA / "sensors" / "nab_traffic"
    if not folder.exists():
        print(f"No marked series at {folder}: nothing was replayed (set BELVEDERE_REAL_DATA).")
        return
    _replay_traffic(folder)
    _replay_leaks(folder.with_name("water_weusedto"))


def _replay_traffic(folder: Path) -> None:
    """The traffic series of the Numenta Anomaly Benchmark, from the second week on."""
    from belvedere.science.alarms.conditions import Level, Side, Timing
    from belvedere.science.alarms.scoring import NOTHING, score
    from belvedere.science.alarms.usual import deviations
    from belvedere.science.alarms.watching import Watch, episodes

    windows = json.loads((folder / "combined_windows.json").read_text())
    marked = {key.split("/")[1]: value for key, value in windows.items()}
    totals = {"level of 3 deviations": NOTHING, "6 deviations from the usual hour, 15 min": NOTHING}
    weeks = 0.0
    for file in sorted(folder.glob("[Tos]*.csv")):
        times, numbers = _read(file)
        side = Side.BELOW if file.name.startswith("speed") else Side.ABOVE
        usual = deviations(times, numbers, fewest=3)
        first = times[np.flatnonzero(np.isfinite(usual))[0]]
        before = numbers[times < first]
        plain = (numbers - before.mean()) / before.std()
        weeks += (times[-1] - first) / 604_800
        asked = [(_instant(a), _instant(b)) for a, b in marked[file.name] if _instant(b) > first]
        sign = -1.0 if side is Side.BELOW else 1.0
        for name, values, level, for_s in (
            ("level of 3 deviations", plain, 3.0, 0.0),
            ("6 deviations from the usual hour, 15 min", usual, 6.0, 900.0),
        ):
            timing = Timing(for_s, 3600.0, 7200.0)
            watch = Watch(Level(Side.ABOVE, level, level / 2), timing)
            told = [
                turn
                for at, value in zip(times, values * sign, strict=True)
                if at >= first
                for turn in watch.read(float(at), float(value))
            ]
            totals[name] = totals[name] + score(episodes(told), asked)
    for name, total in totals.items():
        _say(f"NAB traffic, {name}", total, weeks)


def _replay_leaks(folder: Path) -> None:
    """The flow of a house in which a leak begins at a chance instant, thirty times: a sixteenth of the usual
    draw, day and night."""
    from belvedere.science.alarms.conditions import Level, Side, Timing
    from belvedere.science.alarms.scoring import NOTHING, score
    from belvedere.science.alarms.watching import Watch, episodes

    times, numbers = _read(folder / "feed_WholeHouse.MYD.csv")
    chance, leak = random.Random(1), float(np.median(numbers[numbers > 0])) / 16
    for hours in (0.5, 1.0):
        total, weeks = NOTHING, 0.0
        for _leak in range(30):
            start = float(times[chance.randrange(len(times) - 3000)])
            flow = numbers + np.where(times >= start, leak, 0.0)
            watch = Watch(Level(Side.ABOVE, leak / 10), Timing(for_s=hours * 3600, trusted_s=600))
            told = [
                turn
                for at, value in zip(times.tolist(), flow.tolist(), strict=True)
                for turn in watch.read(at, value)
            ]
            total += score(episodes(told), [(start, float(times[-1]))])
            weeks += (times[-1] - times[0]) / 604_800
        _say(f"leak in a house, never still for {hours:g} h", total, weeks)


def _say(name: str, total: Any, weeks: float) -> None:
    def share(value: float | None) -> str:
        return "–" if value is None else f"{value:.0%}"

    delay = "–" if total.delay_s is None else f"{total.delay_s / 3600:.1f} h"
    found = f"precision {share(total.precision)}, recall {share(total.recall)}, delay {delay}"
    print(f"{name}: {found}, {total.idle / weeks:.1f} idle alarms a week")
    figures.note(name, "", found)


def _read(file: Path) -> tuple[Any, Any]:
    """Instants and numbers of a file, in order of time, each instant once."""
    found: dict[float, float] = {}
    with file.open(encoding="utf-8") as lines:
        for row in _rows(lines):
            if row and row[0][0].isdigit():
                found[_instant(row[0])] = float(row[1])
    ordered = sorted(found.items())
    return np.array([one[0] for one in ordered]), np.array([one[1] for one in ordered])


def _rows(lines: Iterable[str]) -> Iterable[list[str]]:
    for line in lines:
        yield next(csv.reader([line])) if "," in line else line.split()


def _instant(text: str) -> float:
    return float(text) if text.isdigit() else datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


if __name__ == "__main__":
    main()
