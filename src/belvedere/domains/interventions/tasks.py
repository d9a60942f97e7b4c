"""The clock of interventions: maintenance that comes back is planned in time."""

from __future__ import annotations

from procrastinate.contrib.django import app

from belvedere.domains.interventions import needs, preventive


@app.periodic(cron="10 3 * * *")
@app.task(name="interventions.preventive", queue="interventions", queueing_lock="interventions.preventive")
def make_preventive(timestamp: int) -> None:
    """Plan what is due soon; `timestamp` is procrastinate's."""
    preventive.make_due()


@app.periodic(cron="*/10 * * * *")
@app.task(name="interventions.needed", queue="interventions", queueing_lock="interventions.needed")
def make_needed(timestamp: int) -> None:
    """Plan what counters and rules ask for; `timestamp` is procrastinate's."""
    needs.make_needed()
