"""THE DOOR of the journal: who did what, when, why; append-only, chained, provable.

Words: entry (an act), chain, head (the newest hash). A verb calls `record` last, in its own transaction;
an import calls `record_many`. `before` and `after` hold what changed and no contact data.
Not for: logs of the machine, values of sensors, messages to people.
"""

from belvedere.duties.journal.chain import Broken, Verification, verify
from belvedere.duties.journal.entries import Entry, Recorded, signed
from belvedere.duties.journal.queries import (
    Filters,
    actors_in,
    acts_of,
    entries_in,
    entries_of,
    entry_of,
    verbs_in,
)
from belvedere.duties.journal.recording import forget_name, record, record_many

__all__ = [
    "Broken",
    "Entry",
    "Filters",
    "Recorded",
    "Verification",
    "actors_in",
    "acts_of",
    "entries_in",
    "entries_of",
    "entry_of",
    "forget_name",
    "record",
    "record_many",
    "signed",
    "verbs_in",
    "verify",
]
