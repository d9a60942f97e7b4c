"""Numbers for new rows, taken from the sequences in blocks: who has them need not ask for what was given."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from threading import local

from belvedere.engines import wire

BLOCK = 500
_TAKE = {
    # Its sequence is looked up once, not for each number.
    table: wire.Statement(
        f"WITH s AS MATERIALIZED (SELECT pg_get_serial_sequence('{table}', 'id')::regclass AS name)"  # noqa: S608
        " SELECT nextval(s.name) FROM s, generate_series(1, $1::int)"
    )
    for table in ("twin_entity", "twin_attribute")
}


class _Blocks(local):
    """What is left of the block that this thread took."""

    def __init__(self) -> None:
        self.left: dict[str, list[int]] = {table: [] for table in _TAKE}


_blocks = _Blocks()


def numbers(table: str, count: int) -> Iterator[int]:
    """`count` numbers that nobody else has; those that are not used are lost, which does no harm."""
    left = _blocks.left[table]
    if len(left) < count:
        more = [int(one) for one in wire.column(_TAKE[table], str(count - len(left) + BLOCK))]
        left[:0] = sorted(more, reverse=True)
    taken = [left.pop() for _ in range(count)]
    return chain(taken)
