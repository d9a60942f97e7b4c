"""Facts told at the right moment of a database transaction."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from belvedere.kernel import events


def announce(event: object) -> None:
    """Tell of a fact being written: now to those who write with it, after commit to everybody else."""
    events.publish_within(event)
    transaction.on_commit(partial(events.publish, event))
