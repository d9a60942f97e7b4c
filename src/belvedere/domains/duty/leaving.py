"""What people are told of alarms leaves in letters that are written down first."""

from __future__ import annotations

from typing import Final

from belvedere.domains.duty.models import Call
from belvedere.engines.letters import Letters

#: Calls whose alarm is over are not told any more.
LETTERS: Final[Letters[Call]] = Letters(
    Call,
    "duty",
    beside="climb",
    order=("-climb__severity", "pk"),
    is_over=lambda one: one.climb.ended_at is not None,
)
