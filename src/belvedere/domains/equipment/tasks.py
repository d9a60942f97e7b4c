"""Jobs of equipment: every night, spreadsheets that were brought a week ago are forgotten."""

from __future__ import annotations

from procrastinate.contrib.django import app

from belvedere.domains.equipment.sheets.actions import forget_sheets
from belvedere.kernel.clock import now


@app.periodic(cron="40 3 * * *")
@app.task(name="equipment.forget_sheets", queue="equipment", queueing_lock="equipment.forget_sheets")
def forget_sheets_later(timestamp: int) -> None:
    """Delete old files; `timestamp` is procrastinate's."""
    forget_sheets(now())
