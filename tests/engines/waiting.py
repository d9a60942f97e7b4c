"""Wait for a condition, never for a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def until(condition: Callable[[], Found], what: str, timeout_s: float = 30.0) -> Found:
    """The first true answer of `condition`; fails with `what` when there is none in time.

    It is asked less and less often: asking costs what is waited for the processor that it needs.
    """
    began = time.monotonic()
    while (waited := time.monotonic() - began) < timeout_s:
        found = condition()
        if found:
            return found
        time.sleep(min(0.02 + waited / 20, 0.25))
    raise AssertionError(f"waited {timeout_s} s in vain: {what}")
