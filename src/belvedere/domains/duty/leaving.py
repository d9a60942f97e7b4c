"""Calls are put into letters before they leave, so that what leaves twice is the same letter.

First the letter is written down: which calls it holds, by their `letter`, and that it is tried. Then it
leaves while its calls are locked, and what became of it is written before they are let go. Who dies in
between loses the lock with the connection: the next process sends the same letter, by the same key, whatever
else became due meanwhile. It waits some seconds with it, longer each time: a letter that kills must not do so
all the time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, QuerySet

from belvedere.domains.duty.models import Call
from belvedere.domains.duty.states import CallState

MOST_IN_A_LETTER: Final = 40
LONGEST_KEY: Final = 64
FIRST_HELD: Final = timedelta(seconds=5)
FIRST_RETRY: Final = timedelta(seconds=30)
LONGEST_RETRY: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Leaving:
    """A letter that is tried now. `is_again`: it may have left before, nobody knows."""

    key: str
    is_again: bool


def next_letter(mine: QuerySet[Call], at: datetime) -> Leaving | None:
    """The next letter of these calls, all of one reader and due, marked as tried; None where there is none.
    Calls whose alarm is over are not told any more."""
    with transaction.atomic():
        rows = list(
            mine.select_for_update(of=("self",), skip_locked=True)
            .select_related("climb")
            .order_by("-climb__severity", "pk")[:MOST_IN_A_LETTER]
        )
        settle([one for one in rows if one.climb.ended_at is not None], CallState.NOT_SENT, at)
        live = [one for one in rows if one.climb.ended_at is None]
        if not live:
            return None
        known = live[0].letter
        chosen = [one for one in live if one.letter == known]
        key = known or _key(chosen)
        tried = max(one.attempts for one in chosen)
        # A letter is tried whole, also those of its calls that were not among the first ones.
        own = Call.objects.filter(letter=known, state=CallState.WAITING) if known else _rows(chosen)
        wait = FIRST_HELD * 2 ** min(tried, 5)
        own.update(letter=key, attempts=F("attempts") + 1, next_at=at + wait)
        return Leaving(key, bool(known))


@contextmanager
def held(leaving: Leaving) -> Iterator[list[Call]]:
    """The calls of a letter, locked until the block is over; none where another process has them, or did it.
    All that is written in the block is written with it."""
    with transaction.atomic():
        rows = (
            Call.objects.filter(letter=leaving.key, state=CallState.WAITING)
            .select_for_update(of=("self",), skip_locked=True)
            .select_related("climb")
            .order_by("-climb__severity", "pk")
        )
        yield [one for one in rows if one.climb.ended_at is None]


def try_again(rows: list[Call], leaving: Leaving, at: datetime, *, is_sure: bool) -> None:
    """They did not leave and wait. Where that is sure, what becomes due meanwhile may join them; else the
    letter stays as it is, since its reader may have it already."""
    tried = max((one.attempts for one in rows), default=1) - 1
    mine = _rows(rows)
    mine.update(next_at=at + min(FIRST_RETRY * 2 ** min(tried, 6), LONGEST_RETRY))
    if is_sure and not leaving.is_again:
        mine.update(letter="")


def settle(rows: list[Call], state: CallState, at: datetime) -> None:
    """They are done with."""
    if rows:
        _rows(rows).update(state=state, done_at=at)


def _rows(rows: list[Call]) -> QuerySet[Call]:
    return Call.objects.filter(pk__in=[one.pk for one in rows], state=CallState.WAITING)


def _key(rows: list[Call]) -> str:
    key = "duty-" + "-".join(str(one.pk) for one in rows)
    return key if len(key) <= LONGEST_KEY else f"duty-{hashlib.sha256(key.encode()).hexdigest()[:40]}"
