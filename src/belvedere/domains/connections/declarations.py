"""What the tables of connections hold about people: nothing. Read once, by `apps`.

A file of readings is of equipment; it is seen by those who manage its devices, and its content is forgotten
once it was taken, or after a week.
"""

from __future__ import annotations

from belvedere.duties.privacy.public import NOT_PERSONAL, declare_table


def declare() -> None:
    """Declare every table of connections. The user at a broker is a system's, not a person's."""
    tables = ("Connection", "Source", "Announced", "ReadingsFile", "Script", "Reader", "Route", "PassedOn")
    for table in tables:
        declare_table(f"connections.{table}", NOT_PERSONAL)
