"""Which documents are meant (ETSI GS CIM 009, clauses 4.9 to 4.19): text to trees, trees to yes or no."""
