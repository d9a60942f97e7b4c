"""A process that dies where it is told to: before each commit, after each write outside of a transaction, and
wherever its user has a `place`.

These are all the places that differ: between two statements of a transaction it dies as before its commit,
and after a commit as before what comes next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

_WRITES = ("INSERT", "UPDATE", "DELETE")


class Killed(BaseException):
    """The process dies here."""


class Fate:
    """Dies when so many places have been passed since the last death (`gaps`), then no more. `passed` counts
    all places; `in_hand`: the reader of a message that was handed over, until a commit marks it."""

    def __init__(self, gaps: Sequence[int] = ()) -> None:
        self._gaps = list(gaps)
        self._since = self.passed = self.deaths = 0
        self.in_hand = ""
        self._is_dead = False
        self._base = 0

    def place(self) -> None:
        """A place where one may die; Killed where this one does."""
        assert not self._is_dead, "the dead do nothing"
        self.passed += 1
        self._since += 1
        if self._gaps and self._since >= self._gaps[0]:
            self._gaps.pop(0)
            self._since = 0
            self.deaths += 1
            self._is_dead = True
            raise Killed

    @contextmanager
    def alive(self) -> Iterator[None]:
        """A process, from its start on; transactions begun in it are its own."""
        self._is_dead, self._base = False, len(connection.savepoint_ids)
        with connection.execute_wrapper(self._statement):
            yield

    def _statement(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if self._is_dead:
            assert sql.startswith(("ROLLBACK", "RELEASE")), f"the dead do nothing, yet: {sql}"
            return execute(sql, params, many, context)
        is_outermost = len(connection.savepoint_ids) == self._base
        if is_outermost and sql.startswith("RELEASE SAVEPOINT"):
            return self._commit(execute, sql, params, many, context)
        found = execute(sql, params, many, context)
        if is_outermost and sql.lstrip().startswith(_WRITES):
            self.place()
        return found

    def _commit(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        try:
            self.place()
        except Killed:
            execute(sql.replace("RELEASE", "ROLLBACK TO", 1), params, many, context)
            raise
        self.in_hand = ""
        return execute(sql, params, many, context)


@contextmanager
def undone() -> Iterator[None]:
    """What is written in the block has not been when it is over."""
    mark = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(mark)
        connection.needs_rollback = False
