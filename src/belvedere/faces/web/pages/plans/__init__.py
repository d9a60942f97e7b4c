"""Pages of plans and measures: the cockpit's first view and its public twin."""
