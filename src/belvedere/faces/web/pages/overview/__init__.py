"""The first page of a territory's cockpit: what to decide, what changed, the money, where."""
