"""The tables of coordination."""
