"""What the tables of packs hold about people; read once, by `apps`."""

from __future__ import annotations

from belvedere.duties.privacy.public import NOT_PERSONAL, declare_table


def declare() -> None:
    """Declare every table of packs. The contact of a notice is an office, not a person."""
    for table in ("Switched", "Made", "Notice"):
        declare_table(f"packs.{table}", NOT_PERSONAL)
