"""Money over years: who pays what, when, at which prices, and what a scenario changes, and why.

Values in, values out, exact to the cent. Rooms: `funding` (rules resolved in order), `prices` (index, VAT),
`packing` and `book` (measures as bytes, then as arrays), `moving`, `resolving`, `pricing` (the steps) and
`outlook` (their result), `ceilings`, `explain`, `cents` (exact arithmetic on int64).
"""
