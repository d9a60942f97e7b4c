"""What the clock does for people who work together: changes told, deadlines told, old things forgotten."""

from __future__ import annotations

from procrastinate.contrib.django import app

from belvedere.domains.collaboration.changes import tell_changes
from belvedere.domains.collaboration.deadlines import tell_deadlines
from belvedere.domains.collaboration.queue import forget_old_suggestions
from belvedere.duties.notifications.public import forget_old
from belvedere.kernel.clock import now


@app.periodic(cron="*/5 * * * *")
@app.task(
    name="collaboration.tell_changes", queue="collaboration", queueing_lock="collaboration.tell_changes"
)
def tell_changes_later(timestamp: int) -> None:
    """The periodic job; `timestamp` is procrastinate's."""
    tell_changes()


# Before the daily mails leave, and once more for a machine that sleeps at night.
@app.periodic(cron="20 4,11 * * *")
@app.task(name="collaboration.by_the_day", queue="collaboration", queueing_lock="collaboration.by_the_day")
def by_the_day_later(timestamp: int) -> None:
    """The periodic job; `timestamp` is procrastinate's."""
    tell_deadlines()
    forget_old(now())
    forget_old_suggestions(now())
