"""What a suggestion is about, and where it stands."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from belvedere.kernel.errors import N_


class Part(StrEnum):
    """What of a measure a suggestion is about. What is not in `WRITTEN` is told in words only."""

    TITLE = "title"
    DESCRIPTION = "description"
    JUSTIFICATION = "justification"
    WORKS_START = "works_start"
    WORKS_END = "works_end"
    PLACE = "place"
    OTHER = "other"


PART_NAMES: Final = {
    Part.TITLE: N_("The title"),
    Part.DESCRIPTION: N_("What and why"),
    Part.JUSTIFICATION: N_("Why it is needed"),
    Part.WORKS_START: N_("The start of the works"),
    Part.WORKS_END: N_("The end of the works"),
    Part.PLACE: N_("The place on the map"),
    Part.OTHER: N_("Something else"),
}
TEXTS: Final = frozenset({Part.TITLE, Part.DESCRIPTION, Part.JUSTIFICATION})
DAYS: Final = frozenset({Part.WORKS_START, Part.WORKS_END})
WRITTEN: Final = TEXTS | DAYS
"""Parts whose suggested value can be written into the measure as it is."""


class SuggestionState(StrEnum):
    WAITING = "waiting"  # for the address to be confirmed
    OPEN = "open"
    TAKEN = "taken"
    REFUSED = "refused"
    ANSWERED = "answered"


STATE_NAMES: Final = {
    SuggestionState.WAITING: N_("address to be confirmed"),
    SuggestionState.OPEN: N_("waits for an answer"),
    SuggestionState.TAKEN: N_("taken over"),
    SuggestionState.REFUSED: N_("not taken over"),
    SuggestionState.ANSWERED: N_("answered"),
}
DECIDED: Final = frozenset({SuggestionState.TAKEN, SuggestionState.REFUSED, SuggestionState.ANSWERED})
