"""Pages of scenes, of what overrides them, and of the ledger of energy and savings."""
