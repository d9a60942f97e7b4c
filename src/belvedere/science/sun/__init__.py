"""Where the sun stands: when it rises and sets at a place on a day."""
