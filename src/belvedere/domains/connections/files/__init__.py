"""Files of readings that somebody brings: kept, mapped like the list of a source, taken by the intake."""
