"""Jobs of the twin: every minute, what should have spoken and did not."""

from __future__ import annotations

from procrastinate.contrib.django import app

from belvedere.domains.twin.silence import notice_silence


@app.periodic(cron="* * * * *")
@app.task(name="twin.notice_silence", queue="twin", queueing_lock="twin.notice_silence")
def notice_silence_later(timestamp: int) -> None:
    """Mark the things that fell silent; `timestamp` is procrastinate's."""
    notice_silence()
