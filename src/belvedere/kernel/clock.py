"""The one place that asks what time it is, so that a test can say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Numbers below are seconds since 1970 (until the year 5138), others milliseconds.
_SECONDS_BELOW = 1e11
_fixed: ContextVar[datetime | None] = ContextVar("belvedere_clock", default=None)


def now() -> datetime:
    """The present instant, in UTC."""
    return _fixed.get() or datetime.now(UTC)


def today(zone: str = "Europe/Zurich") -> date:
    """The present day where the territory is."""
    return now().astimezone(ZoneInfo(zone)).date()


@contextmanager
def standing_at(instant: datetime) -> Iterator[None]:
    """Hold the clock at `instant` (with a time zone) inside the block."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    token = _fixed.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)


def instant_of(given: Any) -> datetime | None:
    """An instant from ISO 8601 with its zone, or from seconds or milliseconds since 1970; else None."""
    try:
        if isinstance(given, str):
            instant = datetime.fromisoformat(given)
            return None if instant.tzinfo is None else instant.astimezone(UTC)
        if isinstance(given, bool) or not isinstance(given, int | float):
            return None
        return _EPOCH + timedelta(seconds=given if abs(given) < _SECONDS_BELOW else given / 1000)
    except (ValueError, OverflowError):
        return None
