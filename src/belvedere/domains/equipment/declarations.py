"""What the tables of equipment hold about people; read once, by `apps`.

Equipment and the organisations that own and maintain it. Notes and documents may name a person who looks
after something, as an office file does: they are shown only to who reads the equipment, and go with it.
"""

from __future__ import annotations

from belvedere.duties.privacy.public import NOT_PERSONAL, declare_table


def declare() -> None:
    """Declare every table of equipment."""
    for table in (
        "Content",
        "Contract",
        "Document",
        "Equipment",
        "Maintenance",
        "ResponseTime",
        "SheetFile",
    ):
        declare_table(f"equipment.{table}", NOT_PERSONAL)
