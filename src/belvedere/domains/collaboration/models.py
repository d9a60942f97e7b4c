"""The tables of collaboration."""
