"""Jobs of the twin: every minute, what should have spoken and did not; every night, what is too old."""

from __future__ import annotations

from procrastinate.contrib.django import app

from belvedere.domains.twin.passages import forget_passages
from belvedere.domains.twin.silence import notice_silence


@app.periodic(cron="* * * * *")
@app.task(name="twin.notice_silence", queue="twin", queueing_lock="twin.notice_silence")
def notice_silence_later(timestamp: int) -> None:
    """Mark the things that fell silent; `timestamp` is procrastinate's."""
    notice_silence()


@app.periodic(cron="20 3 * * *")
@app.task(name="twin.forget_passages", queue="twin", queueing_lock="twin.forget_passages")
def forget_passages_later(timestamp: int) -> None:
    """Delete old passages; `timestamp` is procrastinate's."""
    forget_passages()
