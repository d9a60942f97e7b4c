"""THE DOOR of the log book: what happened at the desk, and how shifts hand over.

Words: entry (a line, never changed), strike (a correction that leaves both to be read), shift, hand-over.
Events: none; it hears of AlarmsChanged, InterventionMoved and CommandsMoved; crises tell it themselves.
Not for: who did what in the platform (duties.journal), who is on duty (duty).
"""

from belvedere.domains.logbook.actions import (
    hand_over,
    note_crisis,
    strike_entry,
    take_over,
    write_entry,
)
from belvedere.domains.logbook.policies import may_write
from belvedere.domains.logbook.queries import entries, entry, shift
from belvedere.domains.logbook.states import BY_HAND, CATEGORY_NAMES, COMES, LEAVES, Category
from belvedere.domains.logbook.views import EntryDraft, EntryView, HandOverView, Shift, Wanted

__all__ = [
    "BY_HAND",
    "CATEGORY_NAMES",
    "COMES",
    "LEAVES",
    "Category",
    "EntryDraft",
    "EntryView",
    "HandOverView",
    "Shift",
    "Wanted",
    "entries",
    "entry",
    "hand_over",
    "may_write",
    "note_crisis",
    "shift",
    "strike_entry",
    "take_over",
    "write_entry",
]
