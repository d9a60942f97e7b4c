"""What the tables of connections hold about people: nothing. Read once, by `apps`."""

from __future__ import annotations

from belvedere.duties.privacy.public import NOT_PERSONAL, declare_table


def declare() -> None:
    """Declare every table of connections. The user at a broker is a system's, not a person's."""
    for table in ("Connection", "Source", "Announced", "Script", "Reader"):
        declare_table(f"connections.{table}", NOT_PERSONAL)
