"""What the tables of reporting hold about people; read once, by `apps`."""

from __future__ import annotations

from belvedere.duties.privacy.public import NOT_PERSONAL, declare_table

# Owners answer as organisations. Who acted stands in the journal, which declares itself; whom to write to is
# read from the roles when a message leaves, and kept nowhere.
TABLES = (
    "Reminder",
    "ReportingRound",
    "RoundLine",
    "RoundPlan",
    "RoundSnapshot",
    "RoundSnapshotLine",
    "RoundTask",
)


def declare() -> None:
    """Declare every table of reporting."""
    for table in TABLES:
        declare_table(f"reporting.{table}", NOT_PERSONAL)
