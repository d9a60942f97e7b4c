"""Jobs of webhooks: one a message, and a clock that finds what was left behind."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from belvedere.domains.webhooks import outbox
from belvedere.domains.webhooks.models import Delivery
from belvedere.domains.webhooks.states import DeliveryState
from belvedere.kernel.clock import now


# After other jobs: a receiver that hangs takes twenty seconds of the one worker.
@app.task(name="webhooks.deliver", queue="webhooks", priority=-10)
def deliver_later(delivery_id: str) -> None:
    """Send one message; when it fails, again at its next time."""
    key = UUID(delivery_id)
    if not outbox.deliver(key):
        return
    row = Delivery.objects.filter(pk=key, state=DeliveryState.WAITING).first()
    if row is not None and row.next_at is not None:
        deliver_later.configure(schedule_at=row.next_at).defer(delivery_id=delivery_id)


@app.periodic(cron="* * * * *")
@app.task(name="webhooks.sweep", queue="webhooks", queueing_lock="webhooks.sweep")
def sweep(timestamp: int) -> None:
    """Send what is due and whose job was lost; `timestamp` is procrastinate's."""
    for pk in outbox.due(now()):
        deliver_later.defer(delivery_id=str(pk))


@app.periodic(cron="25 4 * * *")
@app.task(name="webhooks.forget", queue="webhooks", queueing_lock="webhooks.forget")
def forget_later(timestamp: int) -> None:
    """Delete old messages; `timestamp` is procrastinate's."""
    outbox.forget(now())
