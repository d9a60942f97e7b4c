"""What several threads want written at one moment, written by one of them for all.

A verb that writes the journal holds its lock until the disk has the transaction, so verbs of the same moment
would wait for the disk one after the other. Here the first that has the turn takes those that wait along:
one transaction, one wait, for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, Protocol, TypeVar

MOST = 32


class Wanted(Protocol):
    """Something to write: `key` is the same for what can be written together."""

    done: bool
    error: BaseException | None

    @property
    def key(self) -> Hashable: ...


W = TypeVar("W", bound=Wanted)


class Gathering(Generic[W]):
    """`write` writes all of a list or raises; what it raises of several is found out one by one."""

    def __init__(self, write: Callable[[list[W]], None], alone: tuple[type[Exception], ...]) -> None:
        self._write, self._alone = write, alone
        self._waiting: list[W] = []
        self._list, self._turn = Lock(), Lock()

    def take(self, one: W) -> None:
        """Write `one`, with others or alone; raises what is wrong with it."""
        with self._list:
            self._waiting.append(one)
        with self._turn:
            if not one.done:
                self._lead(one)
        if one.error is not None:
            raise one.error

    def _lead(self, one: W) -> None:
        with self._list:
            chosen = [other for other in self._waiting if other is one or other.key == one.key][:MOST]
            if one not in chosen:
                chosen[-1] = one
            self._waiting = [other for other in self._waiting if other not in chosen]
        try:
            self._write(chosen)
        except self._alone as error:
            if len(chosen) == 1:
                one.error = error
            else:
                for other in chosen:
                    self._one(other)
        except BaseException as error:
            for other in chosen:
                other.error = error
        finally:
            for other in chosen:
                other.done = True

    def _one(self, other: W) -> None:
        try:
            self._write([other])
        except Exception as error:
            other.error = error
