"""What the tables of the twin hold about people; read once, by `apps`.

Things of the territory and the equipment on them. Names of things are not names of people; a meter of a
household is an entity whose owner is the organisation that reads it, seen by that organisation alone.
"""

from __future__ import annotations

from belvedere.duties.privacy.public import NOT_PERSONAL, declare_table


def declare() -> None:
    """Declare every table of the twin."""
    for table in ("Attribute", "Device", "Entity", "FeedsVersion", "Heard", "Passage", "Strictness"):
        declare_table(f"twin.{table}", NOT_PERSONAL)
