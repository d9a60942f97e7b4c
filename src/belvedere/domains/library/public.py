"""THE DOOR of the library: published measures and what they really cost, for other territories.

Words: card (a published measure, frozen as everyone may read it), unit cost, basis (what a cost rests on).
Verbs: share_measure, withdraw for who may publish the measure; import_library for administrators;
start_from makes a draft of a card through plans. Reads are in `queries`; the file stands in `exchange`.
Not for: anything that is not public (plans).
"""

from belvedere.domains.library import exchange, facts, policies, queries
from belvedere.domains.library.actions import Taken, import_library, share_measure, withdraw
from belvedere.domains.library.starting import Start, estimate, source_of, start_from

__all__ = [
    "Start",
    "Taken",
    "estimate",
    "exchange",
    "facts",
    "import_library",
    "policies",
    "queries",
    "share_measure",
    "source_of",
    "start_from",
    "withdraw",
]
