"""What the clock does to subscriptions: public changes noticed, messages sent, addresses forgotten."""

from __future__ import annotations

from procrastinate.contrib.django import app

from belvedere.domains.subscriptions.actions import forget_unconfirmed
from belvedere.domains.subscriptions.sending import send_due
from belvedere.domains.subscriptions.watching import watch_all


@app.periodic(cron="*/10 * * * *")
@app.task(name="subscriptions.tell", queue="subscriptions", queueing_lock="subscriptions.tell")
def tell_later(timestamp: int) -> None:
    """The periodic job; `timestamp` is procrastinate's."""
    watch_all()
    send_due()


# Twice a day, so that a machine that sleeps at night catches up.
@app.periodic(cron="35 3,12 * * *")
@app.task(name="subscriptions.forget", queue="subscriptions", queueing_lock="subscriptions.forget")
def forget_later(timestamp: int) -> None:
    """The periodic job; `timestamp` is procrastinate's."""
    forget_unconfirmed()
