"""Jobs of observations: what is over goes to the lake, the lake is tidied up, quality is measured."""

from __future__ import annotations

from contextlib import suppress

from procrastinate.contrib.django import app

from belvedere.domains.observations import forgetting, lakehouse, quality, settling, thinning
from belvedere.domains.observations.errors import AlreadySettling
from belvedere.domains.territory.public import territories


# After all other jobs: a large day takes minutes.
@app.periodic(cron="25 * * * *")
@app.task(name="observations.settle", queue="observations", queueing_lock="observations.settle", priority=-20)
def settle_later(timestamp: int) -> None:
    """Forget removed things, settle days that are over; `timestamp` is procrastinate's."""
    with suppress(AlreadySettling):
        forgetting.forget_removed()
        settling.settle_due()


@app.periodic(cron="40 2 * * *")
@app.task(name="observations.tidy", queue="observations", queueing_lock="observations.tidy", priority=-20)
def tidy_later(timestamp: int) -> None:
    """Sum up and forget by the rules, gather small files, delete old ones."""
    with suppress(AlreadySettling):
        thinning.thin()
        thinning.gather()
        lakehouse.sweep()


@app.periodic(cron="7,37 * * * *")
@app.task(
    name="observations.quality", queue="observations", queueing_lock="observations.quality", priority=-10
)
def measure_later(timestamp: int) -> None:
    """Measure how good the readings of the last days are, territory by territory."""
    for territory in territories():
        quality.measure(territory.id)
