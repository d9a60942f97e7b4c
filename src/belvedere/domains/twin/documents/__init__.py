"""Things as documents of NGSI-LD over the rows of the twin: read, written and found without ORM objects."""
