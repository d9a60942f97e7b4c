"""Measures in and out of spreadsheets: reading, mapping, verdicts, drafts, taking, undoing, writing."""
