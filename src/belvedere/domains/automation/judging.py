"""The readings of watched series, judged by the rules: one round after the other, each in one transaction.

A round takes readings out of the inbox, follows the signals, lets the clock pass, writes alarms, steps and
where the signals stand, and takes the readings out of the inbox, all or nothing. Whatever goes wrong, the
memory of the process is thrown away and read anew from what the last whole round left. One process judges at
a time: it locks the row of `Progress`, and one that finds another's name there reads everything anew.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import heappop, heappush
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import F

from belvedere.domains.automation import grouping, outcomes, signals, watching
from belvedere.domains.automation.crowds import Crowd, Followed
from belvedere.domains.automation.minds import AHEAD, Told
from belvedere.domains.automation.models import Inbox, Memory, Progress, Version, WatchedSeries
from belvedere.domains.automation.packing import unpack
from belvedere.domains.automation.shared import Shared
from belvedere.domains.automation.signals import page_of
from belvedere.domains.automation.targets import Key, Target, Watching, in_force, series_of, targets
from belvedere.domains.observations.public import quiet
from belvedere.kernel.clock import now
from belvedere.kernel.identifiers import new_id

#: Batches of readings judged in one round, at most.
MOST_BATCHES = 64
#: What is told from so far ahead says nothing, nor what comes so much too late.
AHEAD_S, LATE_S = AHEAD.total_seconds(), 86_400.0
#: After so long the things that rules watch are looked for anew, though nobody told of a change.
RESOLVE_S = 300.0
#: After a change once more: what appeared at the same time may not have been told (`noticing`).
AGAIN_S = 5.0
SHELVED_S = 5.0
log = logging.getLogger(__name__)
_KEEP = """
INSERT INTO automation_memory (id, body) SELECT * FROM unnest(%s::bigint[], %s::bytea[])
ON CONFLICT (id) DO UPDATE SET body = excluded.body
"""


@dataclass(frozen=True, slots=True)
class Done:
    """What a round did: readings judged, steps of alarms written, when the oldest of the readings was stored;
    whether more waits."""

    readings: int
    steps: int
    oldest: datetime | None
    more: bool


class Judge:
    """Judges, in one thread, until it is forgotten. `rules`, `things`, `faults` tell how it is doing."""

    def __init__(self) -> None:
        self._me = new_id()
        self.faults = 0
        self.forget()

    def forget(self) -> None:
        """Throw away what is in memory: read it anew in the next round."""
        self._loaded = False
        self._shared = Shared(keeps=True)
        self._minds: dict[Key, Followed] = {}
        self._by_series: dict[int, list[tuple[Followed, int]]] = {}
        self._by_page: dict[int, list[Followed]] = {}
        self._queue: list[tuple[float, Key]] = []
        self._rules = -1  # the version of the rules that was read
        self._known: dict[int, Watching] = {}  # rules in force, by the number of their version
        self._read_at = float("inf")
        # Signals that will begin, with their series, and since when every process can know that these are
        # watched (None: it is not committed yet).
        self._waiting: dict[Key, tuple[tuple[int, ...], float | None]] = {}
        self._unshelved_at = -SHELVED_S
        self._unsure: set[Key] = set()
        self._left: dict[Key, Sequence[Any]] = {}  # crowds that begin anew, where they stood
        self._touched: set[Followed] = set()
        self._dirty: set[int] = set()  # pages that somebody left
        self._turns: list[Told] = []
        self._again_at = float("inf")

    @property
    def things(self) -> int:
        """How many signals are followed."""
        return len(self._minds)

    def round(self) -> Done:
        """Do what there is to do, in transactions of its own."""
        try:
            due = self._due()
            if due:
                quiet()  # who stores now may not know yet that the new series are watched
            with transaction.atomic():
                done = self._round(now(), due)
        except BaseException:
            self.forget()
            raise
        told_at = time.monotonic()
        for key, (series_ids, since) in self._waiting.items():
            if since is None:
                self._waiting[key] = (series_ids, told_at)
        return done

    def _due(self) -> dict[Key, tuple[int, ...]]:
        """The signals of whose series every process knows by now."""
        before = time.monotonic() - 2 * watching.FRESH_S
        waiting = self._waiting.items()
        return {key: ids for key, (ids, since) in waiting if since is not None and since <= before}

    def _round(self, at: datetime, due: Mapping[Key, tuple[int, ...]]) -> Done:
        self._own()
        self._touched = set()
        self._turns = []
        steps = self._follow_rules(at, due)
        rows = list(Inbox.objects.order_by("pk").values_list("pk", "stored_at", "body")[:MOST_BATCHES])
        readings = sum(self._judge(stored_at, bytes(body)) for _pk, stored_at, body in rows)
        more = len(rows) == MOST_BATCHES
        if not more:
            self._pass_to(at.timestamp())
        steps += outcomes.write(self._turns, at)
        steps += self._settle_unsure(at)
        if not more:
            steps += self._unshelve(at)
            self._shared.learnt.ahead(at.timestamp())
        self._keep()
        Inbox.objects.filter(pk__in=[row[0] for row in rows]).delete()
        return Done(readings, steps, min((row[1] for row in rows), default=None), more)

    def _own(self) -> None:
        """Be the one who judges, until the transaction ends."""
        row = Progress.objects.select_for_update().filter(pk=1).first()
        if row is None:
            Progress.objects.bulk_create([Progress(pk=1)], ignore_conflicts=True)
            row = Progress.objects.select_for_update().get(pk=1)
        if row.holder != self._me:
            self.forget()
            Progress.objects.filter(pk=1).update(holder=self._me)

    # What is watched

    def _follow_rules(self, at: datetime, due: Mapping[Key, tuple[int, ...]]) -> int:
        """Watch what the rules say now; gives the steps written for those that say otherwise than before."""
        number = Version.objects.filter(pk=1).values_list("rules", flat=True).first() or 0
        is_old = not self._read_at <= time.monotonic() < min(self._read_at + RESOLVE_S, self._again_at)
        if self._loaded and number == self._rules and not is_old and not due:
            return 0
        is_changed = number != self._rules
        if is_changed:
            self._again_at = time.monotonic() + AGAIN_S
        elif time.monotonic() >= self._again_at:
            self._again_at = float("inf")
        rules = in_force(self._known)
        self._known = {one.version.pk: one for one in rules}
        found = targets(rules)
        self._watch(series_of(found))
        self._rules, self._read_at = number, time.monotonic()
        was_loaded = self._loaded
        kept = self._kept_of(found)
        before = self._before(found, kept)
        fresh = {key: target for key, target in found.items() if key not in kept}
        ready = self._ready(fresh, due)
        stood = self._left | {key: one.whole for key, one in before.items()}
        begun = signals.begun(ready.values(), at, self._shared, kept.values(), stood) if ready else []
        for key in ready:
            self._left.pop(key, None)
        whole = len(ready) == len(fresh)
        # Until it begins anew a crowd goes on with the things that it had.
        kept |= {key: one for key, one in before.items() if key not in ready}
        if whole and was_loaded and not begun and len(kept) == len(self._minds) and not is_changed:
            return 0  # a second look, that found nothing new
        self._install([*kept.values(), *(mind for mind, _turns in begun)])
        for mind, told in begun:
            self._turns += told
            self._touched.add(mind)
        if not whole:
            return 0
        steps = outcomes.write(self._turns, at)
        self._turns = []
        held = outcomes.reconcile(self._minds, at)
        self._unsure = held.unsure
        return steps + held.steps

    def _ready(self, fresh: Mapping[Key, Target], due: Mapping[Key, tuple[int, ...]]) -> dict[Key, Target]:
        """Those that begin. Of the others nothing is known before every process knows of their series."""
        waiting = self._waiting
        self._waiting = {}
        ready = {}
        for key, target in fresh.items():
            ids = target.series_ids
            if key in waiting and due.get(key) == ids:
                ready[key] = target
            elif key in waiting and waiting[key][0] == ids:
                self._waiting[key] = waiting[key]
            else:
                self._waiting[key] = (ids, None)
        return ready

    def _kept_of(self, found: dict[Key, Target]) -> dict[Key, Followed]:
        """The signals that go on: of a rule that says the same, about the same series."""
        if not self._loaded:
            pages = (bytes(body) for body in Memory.objects.values_list("body", flat=True).iterator())
            stood = dict(signals.unpacked(pages))
            minds = signals.restored(stood, found.values(), self._shared)
            self._left = signals.left(stood, found.values())
            self._loaded = True
            return {mind.target.key: mind for mind in minds}
        kept: dict[Key, Followed] = {}
        for key, target in found.items():
            mind = self._minds.get(key)
            if mind is not None and _says_the_same(mind.target, target):
                mind.aims(target)
                kept[key] = mind
        return kept

    def _before(self, found: dict[Key, Target], kept: Mapping[Key, Followed]) -> dict[Key, Crowd]:
        """Crowds of a rule that says the same, from or to which a thing came or went."""
        return {
            key: mind
            for key, target in found.items()
            if key not in kept
            and isinstance(mind := self._minds.get(key), Crowd)
            and mind.target.watching.version.pk == target.watching.version.pk
        }

    def _watch(self, wanted: set[int]) -> None:
        """Have every process that stores readings keep those of these series."""
        before = set(WatchedSeries.objects.values_list("pk", flat=True))
        if wanted == before:
            return
        WatchedSeries.objects.filter(pk__in=before - wanted).delete()
        WatchedSeries.objects.bulk_create([WatchedSeries(one) for one in wanted - before], batch_size=5000)
        Version.objects.get_or_create(pk=1)
        Version.objects.filter(pk=1).update(watched=F("watched") + 1)

    def _install(self, minds: Sequence[Followed]) -> None:
        by_series, by_page = defaultdict(list), defaultdict(list)
        self._queue = []
        before = {page_of(key) for key in self._minds}
        here = {mind.target.key for mind in minds}
        self._dirty |= {page_of(key) for key in self._minds if key not in here}
        self._minds = {mind.target.key: mind for mind in minds}
        for mind in minds:
            for part, series_id in enumerate(mind.target.series_ids):
                by_series[series_id].append((mind, part))
            by_page[page_of(mind.target.key)].append(mind)
            mind.queued_at = float("inf")
            self._enqueue(mind)
        self._by_series, self._by_page = dict(by_series), dict(by_page)
        self._shared.regroup(signals.alone(minds))
        self._shared.learnt.only(set(by_series))
        if before:
            Memory.objects.filter(pk__in=before - by_page.keys()).delete()

    # What is told

    def _judge(self, stored_at: datetime, body: bytes) -> int:
        """The readings of a batch, in order of time."""
        batch = unpack(body)
        times = batch.times_us / 1e6
        stored = stored_at.timestamp()
        series_ids, numbers, instants = batch.series_ids.tolist(), batch.numbers.tolist(), times.tolist()
        if instants:
            first, last = max(min(instants), stored - LATE_S), min(max(instants), stored + AHEAD_S)
            self._shared.learnt.prepare(series_ids, first, last)
        together: set[Followed] = set()  # those of several conditions that heard something at this instant
        instant = 0.0
        for place in np.argsort(times, kind="stable").tolist():
            at = instants[place]
            if together and at != instant:
                self._judge_together(together, instant)
                together = set()
            watchers = self._by_series.get(series_ids[place])
            if watchers is None or not stored - LATE_S <= at <= stored + AHEAD_S:
                continue
            text = batch.texts.get(place)
            for mind, part in watchers:
                self._follow(mind, part, at, numbers[place], text)
                if not mind.is_single:
                    together.add(mind)
                    instant = at
        self._judge_together(together, instant)
        return len(batch)

    def _judge_together(self, minds: set[Followed], at: float) -> None:
        for mind in sorted(minds, key=lambda one: one.target.key):
            self._turns += mind.judge(at)
            self._enqueue(mind)

    def _follow(self, mind: Followed, part: int, at: float, number: float, text: str | None) -> None:
        try:
            self._turns += mind.read(part, at, number, text)
        except Exception:  # a fault of ours: the others go on
            self.faults += 1
            log.exception("rule %s could not judge thing %s", *mind.target.key)
            return
        self._touched.add(mind)
        self._enqueue(mind)

    def _enqueue(self, mind: Followed) -> None:
        due = mind.signal.next_due()
        if due is not None and due < mind.queued_at:
            mind.queued_at = due
            heappush(self._queue, (due, mind.target.key))

    def _pass_to(self, at: float) -> None:
        """Let the clock pass for those signals that something becomes of."""
        while self._queue and self._queue[0][0] <= at:
            queued_at, key = heappop(self._queue)
            mind = self._minds.get(key)
            if mind is None or mind.queued_at != queued_at:
                continue
            mind.queued_at = float("inf")
            self._turns += mind.passes(at)
            self._touched.add(mind)
            self._enqueue(mind)

    # What is kept

    def _settle_unsure(self, at: datetime) -> int:
        """Clear what the changed rule was not sure of, once it is."""
        settled = [
            key
            for key in self._unsure
            if (mind := self._minds.get(key)) is None or mind.signal.phase in outcomes.SURE
        ]
        if not settled:
            return 0
        self._unsure.difference_update(settled)
        return outcomes.settle(settled, self._minds, at)

    def _unshelve(self, at: datetime) -> int:
        if time.monotonic() - self._unshelved_at < SHELVED_S:
            return 0
        self._unshelved_at = time.monotonic()
        return grouping.unshelve(at) + grouping.let_go(at)

    def _keep(self) -> None:
        """Where the signals stand that were touched, with their whole pages."""
        pages = {page_of(mind.target.key) for mind in self._touched} | (self._dirty & self._by_page.keys())
        self._dirty = set()
        if pages:
            bodies = [signals.packed(self._by_page.get(page, ())) for page in sorted(pages)]
            with connection.cursor() as cursor:
                cursor.execute(_KEEP, [sorted(pages), bodies])


def _says_the_same(before: Target, after: Target) -> bool:
    return before.watching.version.pk == after.watching.version.pk and before.series_ids == after.series_ids
