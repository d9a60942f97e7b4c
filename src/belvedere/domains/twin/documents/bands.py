"""Bands of numbers: sixteen to each doubling, so that a present value seldom leaves its own.

The column `band` of `twin_attribute` (migration 0006) is computed by PostgreSQL by the same rule. An index on
it finds the few that say something very great, very small or nearly just so much; it is written when a value
changes by some percent, not with each message.
"""

from __future__ import annotations

import math
import sys

A_DOUBLING = 16
#: Nearer to zero than this is zero; a number just beyond it is in band 1 or -1.
NEAR_ZERO = 1e-6
OFFSET = 320
#: The greatest number that a column holds.
GREATEST = sys.float_info.max
#: The band of lists and objects: whether they fit is found out elsewhere.
COMPARED_ELSEWHERE = 2**31 - 1
# Logarithms of two machines may differ in their last digit.
_SLACK = 1e-9


def band(number: float) -> int:
    """The band of a finite number; a greater number has the same or a greater one."""
    size = min(abs(number), GREATEST)
    if size < NEAR_ZERO:
        return 0
    place = OFFSET + math.floor(A_DOUBLING * math.log(size) / math.log(2.0))
    return place if number > 0 else -place


def lowest(number: float) -> int:
    """The least band in which a number of this size or more may be."""
    return band(number - abs(number) * _SLACK)


def highest(number: float) -> int:
    """The greatest band in which a number of this size or less may be."""
    return -lowest(-number)
