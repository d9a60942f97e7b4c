"""Jobs of exchange."""

from __future__ import annotations

from procrastinate.contrib.django import app

from belvedere.domains.exchange.actions import forget


@app.periodic(cron="45 4 * * *")
@app.task(name="exchange.forget", queue="exchange", queueing_lock="exchange.forget")
def forget_later(timestamp: int) -> None:
    """Delete old notices; `timestamp` is procrastinate's."""
    forget()
