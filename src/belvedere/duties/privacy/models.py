"""No table of its own yet: the declarations live in code, beside the tables they speak of."""
