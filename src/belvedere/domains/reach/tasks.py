"""Jobs of reach: a clock that deletes what was sent long ago."""

from __future__ import annotations

from procrastinate.contrib.django import app

from belvedere.domains.reach import telling
from belvedere.kernel.clock import now


@app.periodic(cron="35 4 * * *")
@app.task(name="reach.forget", queue="reach", queueing_lock="reach.forget")
def forget_later(timestamp: int) -> None:
    """Delete old messages; `timestamp` is procrastinate's."""
    telling.forget_old(now())
