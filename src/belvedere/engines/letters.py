"""Calls are put into letters before they leave, so that what leaves twice is the same letter.

First the letter is written down: which calls it holds, by their `letter`, and that it is tried. Then it
leaves while its calls are locked, and what became of it is written before they are let go. Who dies in
between loses the lock with the connection: the next process sends the same letter, by the same key, whatever
else became due meanwhile. It waits some seconds with it, longer each time: a letter that kills must not do so
all the time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Generic, Protocol, TypeVar

from django.db import transaction
from django.db.models import F, QuerySet

MOST_IN_A_LETTER: Final = 40
LONGEST_KEY: Final = 64
FIRST_HELD: Final = timedelta(seconds=5)
FIRST_RETRY: Final = timedelta(seconds=30)
LONGEST_RETRY: Final = timedelta(minutes=10)
WAITING: Final = "waiting"
NOT_SENT: Final = "not_sent"


class Calling(Protocol):
    """The columns of a table of calls; its `state` begins with WAITING."""

    pk: Any
    state: Any
    letter: Any
    attempts: Any


Call = TypeVar("Call", bound=Calling)


@dataclass(frozen=True, slots=True)
class Leaving:
    """A letter that is tried now. `is_again`: it may have left before, nobody knows."""

    key: str
    is_again: bool


class Letters(Generic[Call]):
    """The letters of a table of calls.

    Args:
        model: the table, with `letter`, `state`, `attempts`, `next_at` and `done_at`.
        name: what keys begin with.
        beside: what is read with each call, for `is_over`.
        order: which calls of a reader come first.
        is_over: whether a call need not be told any more.
    """

    def __init__(
        self,
        model: type[Any],
        name: str,
        *,
        beside: str,
        order: Sequence[str],
        is_over: Callable[[Call], bool],
    ) -> None:
        self._model = model
        self._name = name
        self._beside = beside
        self._order = order
        self._is_over = is_over

    def next(self, mine: QuerySet[Any], at: datetime) -> Leaving | None:
        """The next letter of these calls, all of one reader and due, marked as tried; None where there is
        none."""
        with transaction.atomic():
            rows: list[Call] = list(
                mine.select_for_update(of=("self",), skip_locked=True)
                .select_related(self._beside)
                .order_by(*self._order)[:MOST_IN_A_LETTER]
            )
            self.settle([one for one in rows if self._is_over(one)], NOT_SENT, at)
            live = [one for one in rows if not self._is_over(one)]
            if not live:
                return None
            known = live[0].letter
            chosen = [one for one in live if one.letter == known]
            key = known or self._key(chosen)
            tried = max(one.attempts for one in chosen)
            # A letter is tried whole, also those of its calls that were not among the first ones.
            own = self._all.filter(letter=known, state=WAITING) if known else self._rows(chosen)
            wait = FIRST_HELD * 2 ** min(tried, 5)
            own.update(letter=key, attempts=F("attempts") + 1, next_at=at + wait)
            return Leaving(key, bool(known))

    @contextmanager
    def held(self, leaving: Leaving) -> Iterator[list[Call]]:
        """The calls of a letter, locked until the block is over; none where another process has them, or did
        it. All that is written in the block is written with it."""
        with transaction.atomic():
            rows = (
                self._all.filter(letter=leaving.key, state=WAITING)
                .select_for_update(of=("self",), skip_locked=True)
                .select_related(self._beside)
                .order_by(*self._order)
            )
            yield [one for one in rows if not self._is_over(one)]

    def try_again(self, rows: Sequence[Call], leaving: Leaving, at: datetime, *, is_sure: bool) -> None:
        """They did not leave and wait. Where that is sure, what becomes due meanwhile may join them; else the
        letter stays as it is, since its reader may have it already."""
        tried = max((one.attempts for one in rows), default=1) - 1
        mine = self._rows(rows)
        mine.update(next_at=at + min(FIRST_RETRY * 2 ** min(tried, 6), LONGEST_RETRY))
        if is_sure and not leaving.is_again:
            mine.update(letter="")

    def settle(self, rows: Sequence[Call], state: str, at: datetime) -> None:
        """They are done with."""
        if rows:
            self._rows(rows).update(state=state, done_at=at)

    @property
    def _all(self) -> QuerySet[Any]:
        found: QuerySet[Any] = self._model.objects.all()
        return found

    def _rows(self, rows: Sequence[Call]) -> QuerySet[Any]:
        return self._all.filter(pk__in=[one.pk for one in rows], state=WAITING)

    def _key(self, rows: Sequence[Call]) -> str:
        key = f"{self._name}-" + "-".join(str(one.pk) for one in rows)
        if len(key) <= LONGEST_KEY:
            return key
        return f"{self._name}-{hashlib.sha256(key.encode()).hexdigest()[:40]}"
