"""Jobs of intake."""

from __future__ import annotations

from procrastinate.contrib.django import app

from belvedere.domains.intake import actions
from belvedere.kernel.clock import now


@app.periodic(cron="35 4 * * *")
@app.task(name="intake.forget", queue="intake", queueing_lock="intake.forget")
def forget_later(timestamp: int) -> None:
    """Delete old letters; `timestamp` is procrastinate's."""
    actions.forget(now())
