"""The order of a day's visits. Not for the collection of waste: many vehicles, loads and times of the day."""
