"""What the tables of observations hold about people; read once, by `apps`."""

from __future__ import annotations

from belvedere.duties.privacy.public import NOT_PERSONAL, declare_table


def declare() -> None:
    """Declare every table. Readings are of things; nothing here says whose they are."""
    for table in (
        "reading",
        "late",
        "settled",
        "lakefile",
        "lakesums",
        "load",
        "rule",
        "forgotten",
        "measured",
        "finding",
    ):
        declare_table(f"observations.{table}", NOT_PERSONAL)
