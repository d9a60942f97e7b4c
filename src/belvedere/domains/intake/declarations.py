"""What the tables of intake hold about people; read once, by `apps`.

Messages are those of equipment. What a refused one holds is not known; it is seen by administrators of the
territory alone, and forgotten after ninety days. The last message of each device is seen by those who manage
it, and forgotten ninety days after the device fell silent.
"""

from __future__ import annotations

from belvedere.duties.privacy.public import NOT_PERSONAL, declare_table


def declare() -> None:
    """Declare every table of intake."""
    for table in ("Progress", "Received", "Ledger", "Pace", "Last", "Frame", "DeadLetter"):
        declare_table(f"intake.{table}", NOT_PERSONAL)
