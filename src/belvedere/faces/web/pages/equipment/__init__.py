"""Pages of the equipment register."""
