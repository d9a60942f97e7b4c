"""What the tables of the library hold about people: nothing. Who shared stands in the journal."""

from __future__ import annotations

from belvedere.duties.privacy.public import NOT_PERSONAL, declare_table


def declare() -> None:
    """Declare every table of the library."""
    for table in ("SharedMeasure", "SharedQuantity"):
        declare_table(f"library.{table}", NOT_PERSONAL)
