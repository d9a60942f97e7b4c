"""What the tables of context hold about people; read once, by `apps`.

Values of things of the territory, and vocabularies. Who put a vocabulary here stands in the journal.
"""

from __future__ import annotations

from belvedere.duties.privacy.public import NOT_PERSONAL, declare_table


def declare() -> None:
    """Declare every table of context."""
    for table in ("Deletion", "HostedContext", "InstanceDetail", "Past"):
        declare_table(f"context.{table}", NOT_PERSONAL)
