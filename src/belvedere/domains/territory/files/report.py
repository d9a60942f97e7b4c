"""What an import of places did or would do, to show and to keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class RowNote:
    """Something about one row: why, and what to do. `message` is a msgid, `data` fills it."""

    row: int
    name: str
    message: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Report:
    """Counts of what changed, and the rows that were repaired or refused."""

    read: int = 0
    places_created: int = 0
    places_changed: int = 0
    boundaries_set: int = 0
    links_made: int = 0
    links_ended: int = 0
    populations_recorded: int = 0
    unchanged: int = 0
    dry_run: bool = False
    repaired: list[RowNote] = field(default_factory=list)
    refused: list[RowNote] = field(default_factory=list)

    @property
    def changes(self) -> int:
        """How many things are not as they were; 0 when the same file comes again."""
        return (
            self.places_created
            + self.places_changed
            + self.boundaries_set
            + self.links_made
            + self.links_ended
            + self.populations_recorded
        )

    def counts(self) -> dict[str, int]:
        return {
            "read": self.read,
            "places_created": self.places_created,
            "places_changed": self.places_changed,
            "boundaries_set": self.boundaries_set,
            "links_made": self.links_made,
            "links_ended": self.links_ended,
            "populations_recorded": self.populations_recorded,
            "unchanged": self.unchanged,
            "repaired": len(self.repaired),
            "refused": len(self.refused),
        }


@dataclass(slots=True)
class NetworkReport:
    """What an import of a network did or would do to its lines, and the rows repaired or refused."""

    read: int = 0
    lines_added: int = 0
    lines_changed: int = 0
    lines_removed: int = 0
    unchanged: int = 0
    dry_run: bool = False
    repaired: list[RowNote] = field(default_factory=list)
    refused: list[RowNote] = field(default_factory=list)

    @property
    def changes(self) -> int:
        """How many lines are not as they were; 0 when the same file comes again."""
        return self.lines_added + self.lines_changed + self.lines_removed

    def counts(self) -> dict[str, int]:
        return {
            "read": self.read,
            "lines_added": self.lines_added,
            "lines_changed": self.lines_changed,
            "lines_removed": self.lines_removed,
            "unchanged": self.unchanged,
            "repaired": len(self.repaired),
            "refused": len(self.refused),
        }
