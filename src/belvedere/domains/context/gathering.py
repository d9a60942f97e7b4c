"""What several threads want written at one moment, written by one of them for all.

Each verb alone would take the same locks, ask the same statements and wait for the disk. Here the first that
comes leads: it takes those that wait along, in one transaction, and then hands its lane to the next that
waits. A second lane fills the time in which the first waits for the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, Protocol, TypeVar

MOST = 32


class Wanted(Protocol):
    """Something to write: `key` is the same for what can be written together, `subject` differs among it."""

    error: BaseException | None

    @property
    def key(self) -> Hashable: ...

    @property
    def subject(self) -> Hashable: ...


W = TypeVar("W", bound=Wanted)


class _Turn(Generic[W]):
    """One that waits until somebody wrote it, or until it is to lead."""

    __slots__ = ("done", "one", "woken")

    def __init__(self, one: W) -> None:
        self.one = one
        self.done = False
        self.woken = Lock()
        self.woken.acquire()


class Gathering(Generic[W]):
    """`write` writes all of a list or raises; what it raises of several is found out one by one."""

    def __init__(
        self, write: Callable[[list[W]], None], alone: tuple[type[Exception], ...], *, lanes: int = 1
    ) -> None:
        self._write, self._alone = write, alone
        self._waiting: list[_Turn[W]] = []
        self._list = Lock()
        self._free = lanes

    def take(self, one: W) -> None:
        """Write `one`, with others or alone; raises what is wrong with it."""
        turn = _Turn(one)
        with self._list:
            leads = self._free > 0
            if leads:
                self._free -= 1
            else:
                self._waiting.append(turn)
        if not leads:
            turn.woken.acquire()
        if not turn.done:
            self._lead(turn)
        if one.error is not None:
            raise one.error

    def _lead(self, first: _Turn[W]) -> None:
        with self._list:
            chosen = self._choose(first)
        try:
            self._all([turn.one for turn in chosen])
        finally:
            with self._list:
                after = self._waiting.pop(0) if self._waiting else None
                if after is None:
                    self._free += 1
            for turn in chosen:
                turn.done = True
                turn.woken.release()
            if after is not None:
                after.woken.release()

    def _choose(self, first: _Turn[W]) -> list[_Turn[W]]:
        key, chosen = first.one.key, [first]
        subjects = {first.one.subject}
        for turn in self._waiting:
            if len(chosen) == MOST:
                break
            if turn.one.key == key and turn.one.subject not in subjects:
                subjects.add(turn.one.subject)
                chosen.append(turn)
        taken = set(map(id, chosen))
        self._waiting = [turn for turn in self._waiting if id(turn) not in taken]
        return chosen

    def _all(self, chosen: list[W]) -> None:
        try:
            self._write(chosen)
        except self._alone as error:
            if len(chosen) == 1:
                chosen[0].error = error
            else:
                for other in chosen:
                    self._one(other)
        except BaseException as error:
            for other in chosen:
                other.error = error

    def _one(self, other: W) -> None:
        other.error = None
        try:
            self._write([other])
        except Exception as error:
            other.error = error
