"""Things that appear or go: the rules look for them soon, where there are any rules."""

from __future__ import annotations

import time

from belvedere.domains.automation.models import Rule
from belvedere.domains.automation.rule_actions import rules_changed
from belvedere.domains.twin.events import EntitiesCreated, EntityRemoved, FeedsChanged

#: Not more often than that in one process: what comes in between is found when they look once more.
PAUSE_S = 2.0
_told: dict[str, float] = {}


def noticed(_event: EntitiesCreated | EntityRemoved | FeedsChanged) -> None:
    """Have the rules look again. After commit: nobody waits for it who makes things."""
    at = time.monotonic()
    if at - _told.get("at", -PAUSE_S) < PAUSE_S:
        return
    _told["at"] = at
    if Rule.objects.filter(is_on=True).exists():
        rules_changed()
