"""THE DOOR of observations: the history of every series, hot in PostgreSQL, settled in the lake, read as one.

Words: reading (a value of a series at an instant), hot day, settled day, late reading.
Not for: what is true now (twin), messages and their counts (intake).
"""

from belvedere.domains.observations.storing import store
from belvedere.domains.observations.values import Points, Reading, Stored

__all__ = ["Points", "Reading", "Stored", "store"]
