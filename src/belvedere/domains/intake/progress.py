"""Which messages of a stream were taken: each counts once, however often it is delivered."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from django.db import connection

from belvedere.domains.intake.values import Message

_LOCK = "SELECT done FROM intake_progress WHERE stream = %s FOR UPDATE"
_BEGIN = "INSERT INTO intake_progress (stream) VALUES (%s) ON CONFLICT DO NOTHING"
_ADD = """
    UPDATE intake_progress
    SET done = done + (SELECT range_agg(int8range(a, b)) FROM unnest(%s::int8[], %s::int8[]) AS r (a, b))
    WHERE stream = %s
"""


def fresh(stream: str, messages: Sequence[Message]) -> list[Message]:
    """Those not taken before, in the order of the stream. Holds back other batches of it until commit."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [stream])
        row = cursor.fetchone()
        if row is None:
            cursor.execute(_BEGIN, [stream])
            cursor.execute(_LOCK, [stream])
            row = cursor.fetchone()
    ranges = [(int(one.lower), int(one.upper)) for one in row[0]]  # half open, in order
    lowers = [lower for lower, _upper in ranges]

    def known(seq: int) -> bool:
        at = bisect_right(lowers, seq) - 1
        return at >= 0 and seq < ranges[at][1]

    once = {message.seq: message for message in messages if not known(message.seq)}
    return [once[seq] for seq in sorted(once)]


def add(stream: str, numbers: Iterable[int]) -> None:
    """Note that these messages (ascending) were taken."""
    starts: list[int] = []
    ends: list[int] = []
    for number in numbers:
        if ends and ends[-1] == number:
            ends[-1] = number + 1
        else:
            starts.append(number)
            ends.append(number + 1)
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [starts, ends, stream])
