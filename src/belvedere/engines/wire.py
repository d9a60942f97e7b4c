"""Prepared statements straight over libpq, on Django’s own connection: for what comes very often.

A statement this way costs a third of what the driver's cursors cost. Parameters and results are texts (best
one JSON text each: PostgreSQL and msgspec read it faster than rows are turned into objects). Errors are those
of `django.db`, as everywhere. Not for anything that is asked now and then: there the ORM is clearer.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import errors, pq

_GOOD = frozenset({pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK})
_IDLE = pq.TransactionStatus.IDLE
_prepared: WeakKeyDictionary[Any, set[bytes]] = WeakKeyDictionary()
#: Questions that a connection remembers; those that came twice are prepared.
MOST_ASKED = 50
_asked: WeakKeyDictionary[Any, OrderedDict[str, bytes]] = WeakKeyDictionary()
_numbers = count()


class Statement:
    """SQL with `$1`, `$2`…, prepared once a connection."""

    __slots__ = ("name", "sql")
    _count = 0

    def __init__(self, sql: str) -> None:
        Statement._count += 1
        self.name = f"wire_{Statement._count}".encode()
        self.sql = sql.encode()


#: A statement and its parameters.
Step = tuple[Statement, Sequence[str | bytes]]


def run(statement: Statement, *parameters: str | bytes | None) -> pq.abc.PGresult:
    """The result of a statement, in the transaction that is open (one is opened where Django wants one)."""
    raw = _raw()
    pgconn = raw.pgconn
    if not raw.autocommit and pgconn.transaction_status == _IDLE:
        _checked(pgconn.exec_(b"BEGIN"))
    _prepare(pgconn, statement)
    return _checked(
        pgconn.exec_prepared(
            statement.name, [one.encode() if isinstance(one, str) else one for one in parameters]
        )
    )


def chain(sql: bytes, *steps: Step) -> pq.abc.PGresult:
    """The result of the last of several statements with their parameters, in one trip.

    `sql`: statements without parameters or results (locks) that come first. Each sees what was committed
    before it began, as if it had been sent alone.
    """
    if not sql and len(steps) == 1:
        return run(steps[0][0], *steps[0][1])
    raw = _raw()
    pgconn = raw.pgconn
    parts = [sql] if sql else []
    if not raw.autocommit and pgconn.transaction_status == _IDLE:
        parts.insert(0, b"BEGIN")
    quote = pq.Escaping(pgconn).escape_literal
    for statement, parameters in steps:
        _prepare(pgconn, statement)
        quoted = [bytes(quote(one.encode() if isinstance(one, str) else one)) for one in parameters]
        parts.append(b"EXECUTE %b (%b)" % (statement.name, b", ".join(quoted)))
    return _checked(pgconn.exec_(b";".join(parts)))


def _prepare(pgconn: Any, statement: Statement) -> None:
    known = _prepared.get(pgconn)
    if known is None:
        known = _prepared[pgconn] = set()
    if statement.name not in known:
        _checked(pgconn.prepare(statement.name, statement.sql))
        known.add(statement.name)


def text(statement: Statement, *parameters: str | bytes | None) -> bytes | None:
    """The first column of the first line; None without a line, or for NULL."""
    result = run(statement, *parameters)
    return result.get_value(0, 0) if result.ntuples else None


def column(statement: Statement, *parameters: str | bytes | None) -> list[bytes]:
    """The first column, without NULLs."""
    return first_column(run(statement, *parameters))


def first_column(result: pq.abc.PGresult) -> list[bytes]:
    """The first column of a result, without NULLs."""
    found = (result.get_value(line, 0) for line in range(result.ntuples))
    return [one for one in found if one is not None]


def ask(sql: str, parameters: Sequence[str], *, again: bool = False) -> list[bytes]:
    """The first column of a question that is put together for once: planned for these very parameters.

    `again`: it is likely to come again with others, and its plan does not depend on them.
    """
    raw = _raw()
    pgconn = raw.pgconn
    if not raw.autocommit and pgconn.transaction_status == _IDLE:
        _checked(pgconn.exec_(b"BEGIN"))
    given = [one.encode() for one in parameters]
    if again and (name := _put_before(pgconn, sql)):
        return first_column(_checked(pgconn.exec_prepared(name, given)))
    return first_column(_checked(pgconn.exec_params(sql.encode(), given)))


def _put_before(pgconn: Any, sql: str) -> bytes:
    """The name of this question on this connection: it has one from the second time on."""
    asked = _asked.get(pgconn)
    if asked is None:
        asked = _asked[pgconn] = OrderedDict()
    name = asked.get(sql)
    if name is None:
        asked[sql] = b""
        while len(asked) > MOST_ASKED:
            _text, old = asked.popitem(last=False)
            if old:
                _checked(pgconn.exec_(b"DEALLOCATE " + old))
        return b""
    asked.move_to_end(sql)
    if not name:
        name = b"asked_%d" % next(_numbers)
        _checked(pgconn.prepare(name, sql.encode()))
        asked[sql] = name
    return name


def begin(sql: bytes) -> None:
    """Statements without parameters or results (locks) at the beginning of a transaction, in one trip."""
    raw = _raw()
    pgconn = raw.pgconn
    if not raw.autocommit and pgconn.transaction_status == _IDLE:
        sql = b"BEGIN;" + sql
    _checked(pgconn.exec_(sql))


def literal(numbers: Any) -> str:
    """Numbers or plain words as PostgreSQL writes an array."""
    return "{" + ",".join(map(str, numbers)) + "}"


def _raw() -> Any:
    here = connections[DEFAULT_DB_ALIAS]
    if here.connection is None:
        here.ensure_connection()
    return here.connection


def _checked(result: pq.abc.PGresult) -> pq.abc.PGresult:
    if result.status not in _GOOD:
        with connections[DEFAULT_DB_ALIAS].wrap_database_errors:
            raise errors.error_from_result(result)
    return result
