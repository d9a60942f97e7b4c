"""The verbs of access. Each checks the right, locks, changes, journals, and tells after commit."""
