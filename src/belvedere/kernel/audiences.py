"""Who may see what belongs to somebody: a value made once, so that no question needs a query.

What is `own` is seen by its owner and the bodies it belongs to, what is `shared` by whoever holds a role in
the territory, what is `public` by everyone.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

SHARED, PUBLIC = "shared", "public"


@dataclass(frozen=True, slots=True)
class Audience:
    """Those who see the same. `owners`: organisations of which they see what is not shared either."""

    everything: bool = False
    shared: bool = False
    owners: frozenset[UUID] = frozenset()

    def sees(self, owner_id: UUID | None, visibility: str) -> bool:
        """Whether they may know of a thing."""
        if self.everything or visibility == PUBLIC:
            return True
        return (owner_id is not None and owner_id in self.owners) or (self.shared and visibility == SHARED)


EVERYONE = Audience()
