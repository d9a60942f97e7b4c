"""Sums of the past that were just made, kept for who asks the same again at once.

What is kept hangs on the present values of the series (a new value makes other sums) and is let go when this
process writes into the past. Values that come late in another way are in the sums two seconds later at most.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from django.db import transaction

T = TypeVar("T")
KEPT_S = 2.0


class _Place(Generic[T]):
    """Where one answer is kept; who holds the lock makes it, the others wait for it."""

    __slots__ = ("found", "lock", "until")

    def __init__(self) -> None:
        self.lock = Lock()
        self.until = 0.0
        self.found: T | None = None


class Kept(Generic[T]):
    """The last answers, `most` of them, without those that are too large (`light` says so)."""

    def __init__(self, most: int, light: Callable[[T], bool]) -> None:
        self._most, self._light = most, light
        self._places: OrderedDict[Hashable, _Place[T]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The answer for `key`: one that is two seconds old at most, else a new one."""
        with self._lock:
            place = self._places.get(key)
            if place is None:
                place = self._places[key] = _Place()
                while len(self._places) > self._most:
                    self._places.popitem(last=False)
        with place.lock:
            if place.found is not None and place.until >= time.monotonic():
                return place.found
            made = make()
            place.found = made if self._light(made) else None
            place.until = time.monotonic() + KEPT_S
            return made

    def forget(self) -> None:
        """Make everything anew, from now and from the end of the transaction on."""
        self._clear()
        transaction.on_commit(self._clear)

    def _clear(self) -> None:
        with self._lock:
            self._places.clear()
