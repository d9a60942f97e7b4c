"""The clock as a caller of the mails that wait."""

from __future__ import annotations

from procrastinate.contrib.django import app

from belvedere.faces.notices.collaboration import send_waiting
from belvedere.kernel.clock import now


@app.periodic(cron="* * * * *")
@app.task(name="notices.send_waiting", queue="notices", queueing_lock="notices.send_waiting")
def send_waiting_later(timestamp: int) -> None:
    """The periodic job; `timestamp` is procrastinate's."""
    send_waiting(now())
