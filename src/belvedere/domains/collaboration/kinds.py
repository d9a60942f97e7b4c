"""The kinds of notices of work on plans. A reporting round tells with `DATA_CALL` too."""

from __future__ import annotations

from typing import Final

from belvedere.duties.notifications.public import Rhythm, declare_kind
from belvedere.kernel.errors import N_

MENTION: Final = "mention"
ANSWER: Final = "answer"
ASSIGNMENT: Final = "assignment"
CHANGE: Final = "change"
DEADLINE: Final = "deadline"
DATA_CALL: Final = "data_call"
SUGGESTION: Final = "suggestion"


def declare_kinds() -> None:
    """Make every kind known, in the order in which a person chooses."""
    declare_kind(MENTION, N_("Someone mentions me"))
    declare_kind(ANSWER, N_("Someone answers my comment"))
    declare_kind(ASSIGNMENT, N_("I am given a part in a measure, or a role"))
    # The round writes to its contacts itself, with the link that needs no password.
    declare_kind(DATA_CALL, N_("A reporting round waits for my answer"), Rhythm.NEVER, choice=False)
    declare_kind(DEADLINE, N_("A deadline of a measure I follow comes near"), Rhythm.DAILY)
    declare_kind(CHANGE, N_("A measure I follow is changed or commented"), Rhythm.DAILY)
    declare_kind(SUGGESTION, N_("A suggestion arrives or is answered"))
